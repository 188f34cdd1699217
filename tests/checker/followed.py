"""Days whose briefing says what became of the talking points of the day before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.checker.awkward import BERLIN, DAY, _agent, _calls, _history, _with_agents
from tests.checker.awkward import _case as _case_of
from tests.checker.calls import Call
from tests.checker.case import Case
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.groups import Language
from worker.domain.rows import Gap, Rows


def cases(language: Language) -> Iterator[Case]:
    """All of them in one language."""
    for name, make in DAYS.items():
        case = make()
        group = case.group.model_copy(update={"language": language})
        yield replace(case, name=f"{name} {language}", group=group)


CALLS = (*_calls(300, "08:00", spread=90), *_calls(100, "11:00", wait=60, spread=60))
"""400 calls, of which 100 from eleven o'clock on are late."""


def _case(*points: TalkingPoint, calls: Sequence[Call] = CALLS, late_share: float = 0.1, **changes: Any) -> Case:
    history = _history(DAY, [400] * 28, late_share)
    return replace(_case_of(calls, history=history, **changes), earlier_points=points)


def _windows() -> Case:
    """Eleven o'clock again, three o'clock no longer, and no contact at nine in the evening."""
    return _case(
        TalkingPoint("worst_run", 0.523, start="11:00", end="12:30"),
        TalkingPoint("worst_run", 0.61, start="14:00", end="15:00"),
        TalkingPoint("worst_run", 0.5, start="21:00", end="21:30"),
    )


def _targets() -> Case:
    """The service level misses its target again, abandonment does not."""
    return _case(
        TalkingPoint("target_missed", 0.712, "service_level"),
        TalkingPoint("target_missed", 0.071, "abandonment"),
        TalkingPoint("target_missed", 0.88, "adherence"),
        TalkingPoint("service_level_change", 0.712, "service_level"),
    )


def _back_in_range() -> Case:
    """75 % still misses the target, and is inside what is usual here. Before it was 50 %."""
    return _case(
        TalkingPoint("target_missed", 0.5, "service_level", was_unusual=True),
        TalkingPoint("service_level_change", 0.5, "service_level"),
        TalkingPoint("volume_high", 900),
        late_share=0.22,
    )


def _queues() -> Case:
    """Billing is under its target again, Sales is not, and a third one is gone from the rows."""
    calls = (*CALLS, *_calls(60, "09:00", queue="Sales"))
    return _case(
        TalkingPoint("costly_queues", 0.613, queue_id="billing"),
        TalkingPoint("costly_queues", 0.7, queue_id="sales"),
        TalkingPoint("costly_queues", 0.7, queue_id="fraud"),
        calls=calls,
    )


def _agents() -> Case:
    """Two agents are under the floor, and the others are busy enough."""
    agents = [_agent("Ada", off_schedule=9_000), _agent("Ben", off_schedule=7_800), _agent("Cem", idle=4_000_000)]
    return _case(
        TalkingPoint("agents_under_floor", 5, floor=0.85),
        TalkingPoint("occupancy_low", 0.61, "occupancy"),
        TalkingPoint("occupancy_high", 0.97, "occupancy"),
        change=_with_agents(*agents),
    )


def _all_agents_kept_to_plan() -> Case:
    return _case(
        TalkingPoint("agents_under_floor", 2, floor=0.85),
        TalkingPoint("occupancy_high", 0.97, "occupancy"),
        change=_with_agents(_agent("Ada"), _agent("Ben", idle=4_000_000)),
    )


def _one_agent_is_left() -> Case:
    """One agent is under the floor, and nothing is said about a single person."""
    agents = [_agent("Ada", off_schedule=9_000), _agent("Ben"), _agent("Cem", idle=4_000_000)]
    return _case(TalkingPoint("agents_under_floor", 3, floor=0.85), change=_with_agents(*agents))


def _media() -> Case:
    """Voice again, chat no longer, and no e-mail came."""
    chats = _calls(60, "10:00", medium="chat")
    return _case(
        TalkingPoint("worst_run", 0.4, medium="voice", start="11:00", end="12:00"),
        TalkingPoint("target_missed", 0.6, "service_level", "chat"),
        TalkingPoint("target_missed", 0.6, "service_level", "email"),
        calls=(*CALLS, *chats),
        media=("voice", "chat", "email"),
    )


_POINTS_OF_CONTACTS = (
    TalkingPoint("target_missed", 0.62, "service_level"),
    TalkingPoint("worst_run", 0.4, start="10:00", end="11:30"),
    TalkingPoint("costly_queues", 0.613, queue_id="billing"),
    TalkingPoint("service_level_change", 0.62, "service_level"),
    TalkingPoint("volume_high", 612),
)


def _another_medium() -> Case:
    """Only calls came yesterday, and only chats today, most of them late."""
    chats = (*_calls(200, "10:00", medium="chat"), *_calls(60, "11:00", wait=60, medium="chat"))
    return _case(*_POINTS_OF_CONTACTS, calls=chats, media=("voice", "chat"))


def _one_of_several_media() -> Case:
    """Voice and chat came yesterday, and only chats today."""
    points = (replace(point, medium="voice") for point in _POINTS_OF_CONTACTS)
    return _case(*points, calls=_calls(200, "10:00", medium="chat"), media=("voice", "chat"))


def _another_medium_leads() -> Case:
    """Only calls came yesterday. Today most contacts are chats in time, and half of the calls are late."""
    calls = (*_calls(60, "10:00"), *_calls(60, "10:30", wait=60), *_calls(500, "08:00", medium="chat"))
    return _case(*_POINTS_OF_CONTACTS, calls=calls, media=("voice", "chat"))


def _another_goal() -> Case:
    """75 % of the calls were in time, as yesterday. The goals were lower then, or higher."""
    return _case(
        TalkingPoint("target_missed", 0.74, "service_level", goal=0.75),
        TalkingPoint("worst_run", 0.4, start="11:00", end="12:30", goal=0.9),
        TalkingPoint("costly_queues", 0.613, queue_id="billing", goal=0.9),
        TalkingPoint("occupancy_high", 0.97, "occupancy", goal=(0.7, 0.9)),
        TalkingPoint("target_missed", 0.08, "abandonment", goal=0.05),
        change=_with_agents(_agent("Ada"), _agent("Ben", idle=4_000_000)),
    )


def _beside_the_goal() -> Case:
    """79.97 % of 5,438 calls were in time, after 79.96 %."""
    case = _case(TalkingPoint("target_missed", 0.7996, "service_level", goal=0.8), calls=_calls(1))
    interval = replace(
        case.rows.intervals[0],
        offered=5_438,
        answered=5_438,
        answered_late=1_089,
        handled=5_438,
        service_level_numerator=4_349,
        service_level_denominator=5_438,
    )
    return replace(case, rows=replace(case.rows, intervals=(interval,)))


def day_with(point: TalkingPoint, calls: int) -> Case:
    """A day of so many calls, after a day with one point."""
    return _case(point, calls=_calls(calls, "08:00", spread=60))


def _outside_the_range() -> Case:
    return day_with(TalkingPoint("figure_unusual", 612, "offered", place="unusually_high"), 450)


def _unusual_figures() -> Case:
    """So many calls are unusual again, answers are as slow as usual, and no usual range is known of the agents."""
    return _case(
        TalkingPoint("figure_unusual", 612, "offered", place="unusually_high", was_unusual=True),
        TalkingPoint("figure_unusual", 93.4, "speed_of_answer", place="unusually_high", was_unusual=True),
        TalkingPoint("figure_unusual", 31.2, "handle_time", place="unusually_low", was_unusual=True),
        TalkingPoint("figure_unusual", 0.31, "occupancy", place="unusually_low", was_unusual=True),
        calls=[*CALLS, *_calls(250, "14:00", spread=60)],
    )


def _unusual_queues() -> Case:
    """Billing has few calls in time again, as many as usual, and a third queue is gone from the rows."""
    return _case(
        TalkingPoint("queue_unusual", 0.52, "service_level", queue_id="billing", place="unusually_low"),
        TalkingPoint("queue_unusual", 611, "offered", queue_id="billing", place="unusually_high"),
        TalkingPoint("queue_unusual", 281.5, "handle_time", queue_id="billing", place="unusually_high"),
        TalkingPoint("queue_unusual", 12, "offered", queue_id="fraud", place="unusually_low"),
    )


def _with_past_half_hours(*points: TalkingPoint, calls: Sequence[Call] = CALLS) -> Case:
    """A day after days with as many contacts in each half-hour from eight to four."""
    case = _case(*points, calls=calls)
    return replace(case, history={day: _in_half_hours(rows, day) for day, rows in case.history.items()})


def _in_half_hours(rows: Rows, day: date) -> Rows:
    first = datetime.combine(day, time(8), ZoneInfo(BERLIN))
    counts = {"offered": 25, "answered": 24, "answered_late": 2, "abandoned": 1, "handled": 24}
    counts |= {"handle_ms": 4_800_000, "answer_ms": 216_000}
    starts = [first + timedelta(minutes=30) * number for number in range(16)]
    return replace(rows, intervals=tuple(replace(rows.intervals[0], start=start, **counts) for start in starts))


def _silence() -> Case:
    """At eleven contacts come again, and at nine in the evening no one knows."""
    return _with_past_half_hours(
        TalkingPoint("silent_hours", 0, start="10:00", end="12:30"),
        TalkingPoint("silent_hours", 0, start="21:00", end="23:00"),
    )


def _silence_again() -> Case:
    """No contact from ten to one, in which many usually come."""
    return _with_past_half_hours(
        TalkingPoint("silent_hours", 0, start="10:00", end="12:30"),
        calls=[*_calls(100, "08:00", spread=50), *_calls(200, "13:00", spread=90)],
    )


def _windows_to_midnight() -> Case:
    """The last contacts of both days came late, and none after eleven."""
    return _with_past_half_hours(
        TalkingPoint("worst_run", 0.5, start="22:30", end="00:00"),
        TalkingPoint("silent_hours", 0, start="22:30", end="00:00"),
        calls=[*_calls(100, "08:00", spread=50), *_calls(30, "22:30", wait=60)],
    )


def _incomplete_day() -> Case:
    case = _windows()
    return replace(case, rows=replace(case.rows, gaps=(Gap("partial", "Calls after 16:30 have not arrived."),)))


def _nothing_known() -> Case:
    """The day before had no briefing."""
    return replace(_windows(), earlier_points=None)


DAYS: Mapping[str, Callable[[], Case]] = {
    "windows of yesterday": _windows,
    "targets of yesterday": _targets,
    "back in range": _back_in_range,
    "queues of yesterday": _queues,
    "agents of yesterday": _agents,
    "all agents kept to plan": _all_agents_kept_to_plan,
    "one agent is left": _one_agent_is_left,
    "media of yesterday": _media,
    "another goal": _another_goal,
    "beside the goal": _beside_the_goal,
    "another medium": _another_medium,
    "one of several media": _one_of_several_media,
    "another medium leads": _another_medium_leads,
    "unusual figures of yesterday": _unusual_figures,
    "outside the range": _outside_the_range,
    "unusual queues of yesterday": _unusual_queues,
    "silence of yesterday": _silence,
    "silence again": _silence_again,
    "windows to midnight": _windows_to_midnight,
    "incomplete day after": _incomplete_day,
    "no briefing before": _nothing_known,
}
