"""The days of a file of calls as cases: each business day with the days before it as its past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.checker.calls import Call, days_of, read_calls, rows_of
from tests.checker.case import Case
from worker.domain.groups import Deliver, Group, Language
from worker.domain.rows import Window

BUSY_SHARE = 0.3
"""A weekday whose days have less than this part of the calls of an average day is no working day."""


def cases(path: Path, zone: str, language: Language) -> Iterator[Case]:
    """A case for each working day with calls."""
    local = ZoneInfo(zone)
    calls = read_calls(path, local)
    days = days_of(calls, local)
    queues = tuple(sorted({call.queue for call in calls}))
    group = _group(zone, language, queues, _workdays(calls, local, days))
    by_day = {day: rows_of(_near(calls, day, local), _window(day, local), queues) for day in days}
    working = tuple(day for day in days if day.strftime("%a").lower() in group.workdays)
    days_with_calls = [day for day in working if by_day[day].intervals]
    for day in days_with_calls:
        history = {earlier: by_day[earlier] for earlier in days_with_calls if earlier < day}
        yield Case(f"{day} {language}", group, day, by_day[day], history, working)


def _group(zone: str, language: Language, queues: tuple[str, ...], workdays: tuple[str, ...]) -> Group:
    return Group.model_validate(
        {
            "key": "centre",
            "title": "Contact centre",
            "zone": zone,
            "standup_at": time(8),
            "catch_up_until": time(12),
            "queues": queues,
            "workdays": workdays,
            "language": language,
            "deliver": Deliver(),
        }
    )


def _workdays(calls: list[Call], zone: ZoneInfo, days: list[date]) -> tuple[str, ...]:
    """The weekdays on which the centre is busy."""
    names = [call.offered.astimezone(zone).strftime("%a").lower() for call in calls]
    average = len(calls) / len(days)
    number = {name: sum(day.strftime("%a").lower() == name for day in days) for name in set(names)}
    return tuple(name for name in number if names.count(name) / number[name] >= BUSY_SHARE * average)


def _window(day: date, zone: ZoneInfo) -> Window:
    start = datetime.combine(day, time(), zone)
    return Window(start, datetime.combine(day + timedelta(days=1), time(), zone))


def _near(calls: list[Call], day: date, zone: ZoneInfo) -> list[Call]:
    """The calls with an event that may lie on the day."""
    window = _window(day, zone)
    return [call for call in calls if call.offered < window.end and _last(call) >= window.start]


def _last(call: Call) -> datetime:
    return max(instant for instant in (call.offered, call.answered, call.ended, call.abandoned) if instant)
