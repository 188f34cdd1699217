"""Days of a group that misses its targets every day, and days with hours without a contact."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from tests.checker.case import Case
from tests.queue_days import Cause, Centre, group_of, rows_of_day, workdays
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.groups import Language
from worker.domain.rows import Queue, Rows

_SHARES = (0.6, 0.4)
_SEED = 11
_WELL_STAFFED = Cause(staffing=1.4)
_SILENT = range(10, 13)
"""The hours without a contact."""


def cases(language: Language) -> Iterator[Case]:
    """All of them in one language."""
    for name, make in DAYS.items():
        case = make()
        group = case.group.model_copy(update={"language": language})
        yield replace(case, name=f"{name} {language}", group=group)


def _case(always: Cause, today: Cause, past_days: int = 26, contacts: float = 1200) -> Case:
    """A day after past days that all had the same cause."""
    centre, chance = Centre(contacts, queue_shares=_SHARES), random.Random(_SEED)
    *earlier, day = workdays(date(2026, 8, 3), past_days + 1)
    history = {past_day: rows_of_day(centre, past_day, chance, always) for past_day in earlier}
    group = group_of(centre)
    targets = group.targets.model_copy(update={"occupancy": (0.3, 0.95)})
    group = group.model_copy(update={"targets": targets})
    return Case("", group, day, rows_of_day(centre, day, chance, today), history, (*earlier, day))


def _silent(staffing: float, medium: str = "") -> Case:
    """No contact came from 10:00 to 13:00. Another medium has contacts all day."""
    case = _case(Cause(staffing=staffing), Cause(staffing=staffing))
    rows = replace(
        case.rows,
        intervals=tuple(
            interval for interval in case.rows.intervals if interval.start is None or interval.start.hour not in _SILENT
        ),
    )
    if not medium:
        return replace(case, rows=rows)
    small, chance = Centre(200, queue_shares=(1,)), random.Random(_SEED)
    days = {day: _joined(earlier, rows_of_day(small, day, chance), medium) for day, earlier in case.history.items()}
    rows = _joined(rows, rows_of_day(small, case.day, chance), medium)
    group = case.group.model_copy(update={"queues": (*case.group.queues, "Mail")})
    return replace(case, group=group, rows=rows, history=days)


def _silent_day() -> Case:
    """No contact came in voice all day. Chat has contacts, all in time, as on the days before."""
    case = _with_chat(_case(_WELL_STAFFED, _WELL_STAFFED, contacts=400))
    return replace(case, rows=_without_voice(case.rows))


def _closed_line() -> Case:
    """No contact came in voice, as on each Tuesday."""
    case = _silent_day()
    history = {
        day: rows if day.weekday() != case.day.weekday() else _without_voice(rows) for day, rows in case.history.items()
    }
    return replace(case, history=history)


def _without_voice(rows: Rows) -> Rows:
    return replace(rows, intervals=tuple(interval for interval in rows.intervals if interval.media_type == "chat"))


def _silent_again() -> Case:
    """The same on the day before, which talked about it."""
    return _after_silence(_silent_day(), TalkingPoint("silent_hours", 0, medium="voice", start="08:00", end="20:00"))


def _media_are_back() -> Case:
    """Contacts came in voice, and in chat too at the hours that had none."""
    return _after_silence(
        _with_chat(_case(_WELL_STAFFED, _WELL_STAFFED, contacts=400)),
        TalkingPoint("silent_hours", 0, medium="voice", start="08:00", end="20:00"),
        TalkingPoint("silent_hours", 0, medium="chat", start="10:00", end="13:00"),
    )


def _after_silence(case: Case, *points: TalkingPoint) -> Case:
    day_before = max(case.history)
    history = {**case.history, day_before: _without_voice(case.history[day_before])}
    return replace(case, earlier_points=points, history=history)


def _with_chat(case: Case) -> Case:
    """The same with 150 chats a day."""
    small, chance = Centre(150, queue_shares=(1,)), random.Random(_SEED)
    days = {
        day: _joined(earlier, rows_of_day(small, day, chance, _WELL_STAFFED), "chat")
        for day, earlier in case.history.items()
    }
    rows = _joined(case.rows, rows_of_day(small, case.day, chance, _WELL_STAFFED), "chat")
    group = case.group.model_copy(update={"queues": (*case.group.queues, "Mail"), "media": ("voice", "chat")})
    return replace(case, group=group, rows=rows, history=days)


def _joined(rows: Rows, rows_of_medium: Rows, medium: str) -> Rows:
    """Add the contacts of another medium, which have a queue of their own."""
    intervals = (replace(interval, queue_id="mail", media_type=medium) for interval in rows_of_medium.intervals)
    return replace(rows, queues=(*rows.queues, Queue("mail", "Mail")), intervals=(*rows.intervals, *intervals))


DAYS: Mapping[str, Callable[[], Case]] = {
    "always far below": lambda: _case(Cause(staffing=0.75), Cause(staffing=0.75)),
    "always far below for six days": lambda: _case(Cause(staffing=0.75), Cause(staffing=0.75), past_days=6),
    "lower than always": lambda: _case(Cause(staffing=0.85), Cause(staffing=0.65)),
    "better than always": lambda: _case(Cause(staffing=0.75), Cause(staffing=0.85)),
    "silent hours": lambda: _silent(1.4),
    "silent hours below target": lambda: _silent(0.85),
    "silent hours of one medium": lambda: _silent(1.4, "email"),
    "silent day of one medium": _silent_day,
    "silent day of one medium again": _silent_again,
    "both media are back": _media_are_back,
    "closed as on each Tuesday": _closed_line,
}
