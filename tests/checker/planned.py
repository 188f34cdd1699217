"""Days with a plan of the day after: agents missing or not, no schedule, no forecast, few agents, several media."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.checker.awkward import BERLIN, DAY, _calls, _history
from tests.checker.awkward import _case as _case_of
from tests.checker.case import Case
from worker.domain.groups import Language
from worker.domain.rows import Gap
from worker.domain.today.plan import (
    MediumPlan,
    Movable,
    NotKnown,
    Person,
    PlannedActivity,
    PlannedInterval,
    TodayPlan,
)

TODAY = DAY + timedelta(days=1)
REQUIRED = (21, 21, 26, 34, 41, 51, 71, 80, 81, 71, 62, 52, 49, 48, 53, 60, 63, 62, 52, 41, 33, 27, 24, 21, 19, 19, 19)
MISSING = (-1, -1, 0, 0, 0, 0, 6, 8, 7, 4, 3, 0, -1, 0, 0, 0, 2, 2, 0, 0, -1, -1, -2, -2, -2, -2, -2)
"""Agents required by half-hour from seven o'clock, and how many of them are not scheduled."""


def cases(language: Language) -> Iterator[Case]:
    """All of them in one language."""
    for name, make in DAYS.items():
        case = make()
        group = case.group.model_copy(update={"language": language})
        yield replace(case, name=f"{name} {language}", group=group)


def _case(plan: TodayPlan, weeks: Sequence[int] = (520, 500, 480, 540), **changes: Any) -> Case:
    """A day of 400 calls with a quarter late between eleven and one, and the plan of the day after."""
    calls = [*_calls(300, "08:00", spread=90), *_calls(100, "11:00", wait=60, spread=60)]
    # the day after is a Thursday: the days before the reporting day are 6, 13, 20 and 27 days days_back
    offered = [
        weeks[days_back // 7] if days_back % 7 == 5 and days_back // 7 < len(weeks) else 400 for days_back in range(28)
    ]
    return replace(_case_of(calls, history=_history(DAY, offered), **changes), today=plan)


def _start(number: int, first: time = time(7)) -> datetime:
    """The start of a half-hour, counted from the first."""
    start = datetime.combine(TODAY, first, ZoneInfo(BERLIN))
    return (start.astimezone(UTC) + timedelta(minutes=30) * number).astimezone(start.tzinfo)


def _medium(
    required: Sequence[float | None] = REQUIRED,
    short_agents: Sequence[float] | None = MISSING,
    medium: str = "voice",
    level: bool = True,
    contacts: float | None = 0.46,
) -> MediumPlan:
    """A medium with so many contacts for each agent required. ``short_agents`` is None where no one is scheduled."""
    intervals = []
    for number, agents in enumerate(required):
        short = short_agents[number % len(short_agents)] if short_agents else 0
        intervals.append(
            PlannedInterval(
                start=_start(number),
                offered=None if contacts is None or agents is None else round(agents * contacts, 1),
                handle_seconds=330,
                required=agents,
                scheduled=None if short_agents is None or agents is None else agents - short,
                service_level=min(max(0.82 - 0.02 * short, 0.05), 0.99) if level and short_agents else None,
            )
        )
    return MediumPlan(medium, tuple(intervals))


ABSENT = tuple(
    Person(f"a{number}", name)
    for number, name in enumerate(("Marta Ruiz", "Jean-Baptiste Lefèvre-Desrosiers", "Amara Okafor", "Łukasz Wójcik"))
)
LATER = tuple(
    Person(f"l{number}", name, _start(5 + 2 * number))
    for number, name in enumerate(("Owen Blake", "Priya Raman", "Thị Hương Nguyễn"))
)


def _shortage() -> Case:
    return _case(TodayPlan(TODAY, (_medium(),), ABSENT, LATER))


def _one_half_hour_short() -> Case:
    short_agents = [0] * 9 + [3] + [-1] * 20
    return _case(TodayPlan(TODAY, (_medium(short_agents=short_agents),), start_later=LATER[:1]))


def _none_short() -> Case:
    return _case(TodayPlan(TODAY, (_medium(short_agents=(-3, -2, -1, -4)),), ABSENT[:1]))


def _just_enough() -> Case:
    return _case(TodayPlan(TODAY, (_medium(short_agents=(-1, 0)),)))


def _no_schedule() -> Case:
    no_schedule = NotKnown.NO_SCHEDULE
    return _case(TodayPlan(TODAY, (_medium(short_agents=None, level=False),), people_not_known=no_schedule))


def _no_forecast() -> Case:
    return _case(TodayPlan(TODAY, absent=ABSENT, start_later=LATER, not_known=NotKnown.NO_FORECAST))


def _no_licence() -> Case:
    return _case(TodayPlan(TODAY, not_known=NotKnown.NO_LICENCE, people_not_known=NotKnown.NO_LICENCE))


def _late_answer() -> Case:
    late = NotKnown.NOT_IN_TIME
    return _case(TodayPlan(TODAY, not_known=late, people_not_known=late), weeks=(520, 500, 0, 540))


def _no_permission() -> Case:
    return _case(TodayPlan(TODAY, (_medium(),), people_not_known=NotKnown.NO_PERMISSION))


def _small_group() -> Case:
    required = [1, 2, 2, 1, 1, 2, 1, 1]
    return _case(TodayPlan(TODAY, (_medium(required, [0, 1, 0, 0], contacts=2),), ABSENT[:2]), weeks=(20, 25, 30, 24))


def _many_people() -> Case:
    absent = tuple(Person(f"x{number}", f"Agent Name {chr(65 + number)}") for number in range(13))
    starting = tuple(Person(f"y{number}", f"Late Name {chr(65 + number)}", _start(5 + number)) for number in range(7))
    return _case(TodayPlan(TODAY, (_medium(),), absent, starting))


def _several_media() -> Case:
    chat = _medium([4, 5, 6, 8, 9, 9, 8, 6], [0, 0, 1, 2, 1, 0, 0, 0], "chat")
    return _case(TodayPlan(TODAY, (chat, _medium()), ABSENT, LATER), media=("voice", "chat"))


def _required_not_known() -> Case:
    """The plan has a forecast and scheduled agents: how many are required is calculated."""
    plan = _medium([agents / 10 for agents in REQUIRED], [0, 0, 0, 0, 0, 0, 1, 2, 1, 0], level=False, contacts=4.6)
    intervals = tuple(replace(interval, required=None) for interval in plan.intervals)
    return _case(TodayPlan(TODAY, (replace(plan, intervals=intervals),), ABSENT))


def _other_queues() -> Case:
    queues = ("Complaints", "Retention <b>", "Fraud", "Partner Desk")
    return _case(TodayPlan(TODAY, (_medium(),), foreign_queues=queues, uncovered_queues=("Sales",)))


def _large_team() -> Case:
    """Hundreds of agents, and a risk at the end of the day."""
    required = [number * 10.4 for number in REQUIRED]
    return _case(
        TodayPlan(TODAY, (_medium(required, [-20] * 24 + [111.2, 120.6, 118.4], contacts=0.4),), ABSENT, LATER)
    )


def _huge_team() -> Case:
    """Tens of thousands of agents and contacts in each half-hour."""
    required = [number * 1234.0 for number in REQUIRED]
    return _case(TodayPlan(TODAY, (_medium(required, [-20] * 12 + [11_222, 12_026, 11_804], contacts=1.2),)))


def _incomplete_day() -> Case:
    case = _shortage()
    return replace(case, rows=replace(case.rows, gaps=(Gap("partial", "Calls after 16:30 have not arrived."),)))


def _forecast_too_high() -> Case:
    """The day had a forecast too, which was too high and too early."""
    forecast = {f"{hour:02d}:{minute:02d}": 22.5 + hour for hour in range(7, 16) for minute in (0, 30)}
    return replace(_shortage(), forecast={"voice": forecast})


def _forecast_too_low() -> Case:
    return replace(_shortage(), forecast={"voice": {f"{hour:02d}:00": 21.25 for hour in range(8, 18)}})


def _forecasts_of_two_media() -> Case:
    """Contacts in two media, each with a forecast."""
    case = _several_media()
    rows = tuple(replace(row, media_type="chat", offered=7) for row in case.rows.intervals if row.offered)
    case = replace(case, rows=replace(case.rows, intervals=(*case.rows.intervals, *rows)))
    forecasts = {medium: {f"{hour:02d}:00": 30.0 for hour in range(8, 16)} for medium in ("voice", "chat")}
    return replace(case, forecast=forecasts)


def _short_all_day() -> Case:
    """Every half-hour lacks someone. Most agents are missing early, most contacts are lost at noon."""
    medium = _medium(short_agents=[4, 4, 2, 2, 2, 2, 2, 3, 4, 4, 3, 1, 1, 1, 2, 2])
    levels = [0.2 if f"{interval.start:%H:%M}" in ("11:00", "11:30") else 0.7 for interval in medium.intervals]
    intervals = tuple(
        replace(interval, service_level=level) for interval, level in zip(medium.intervals, levels, strict=True)
    )
    return _case(TodayPlan(TODAY, (replace(medium, intervals=intervals, activities=ACTIVITIES),)))


ACTIVITIES = tuple(
    PlannedActivity(kind, _start(first), _start(last), agents)
    for kind, first, last, agents in (
        (Movable.TRAINING, 6, 10, 6),
        (Movable.MEETING, 7, 8, 2),
        (Movable.MEETING, 8, 9, 3),
        (Movable.MEAL, 9, 10, 5),
        (Movable.MEAL, 12, 13, 9),
    )
)
"""From ten o'clock to noon 6 agents are in training, at most 3 in meetings at the same time, and 5 at a meal."""


def _mostly_short() -> Case:
    """All half-hours but two lack someone, the early ones the most."""
    return _case(TodayPlan(TODAY, (_medium([20] * 20, [5, 5, 5, 4, *[2] * 14, 0, 0]),)))


def _short_alike() -> Case:
    return _case(TodayPlan(TODAY, (_medium([20] * 20, [2]),)))


def _about_short_alike() -> Case:
    """The same forecast and the same agents in each half-hour: how many are required is calculated."""
    plan = _medium([6] * 20, [3], level=False, contacts=3)
    return _case(
        TodayPlan(TODAY, (replace(plan, intervals=tuple(replace(part, required=None) for part in plan.intervals)),))
    )


def _afternoon_not_known() -> Case:
    """The plan says nothing of the afternoon but who is scheduled."""
    plan = _medium([20] * 20, [2])
    afternoon = (replace(part, offered=None, required=None, service_level=None) for part in plan.intervals[10:])
    return _case(TodayPlan(TODAY, (replace(plan, intervals=(*plan.intervals[:10], *afternoon)),)))


def _nothing_forecast() -> Case:
    plan = _medium([1] * 20, [0], contacts=0)
    return _case(
        TodayPlan(TODAY, (replace(plan, intervals=tuple(replace(part, required=0.0) for part in plan.intervals)),))
    )


def _something_to_move() -> Case:
    """Four half-hours are short. From one o'clock two are over, and from half past two only one."""
    short_agents = [0] * 6 + [5, 6, 6, 5, 0, 0] + [-2, -3, -2] + [-1] * 20
    return _case(TodayPlan(TODAY, (replace(_medium(short_agents=short_agents), activities=ACTIVITIES),), ABSENT))


def _nowhere_to_move() -> Case:
    short_agents = [-4] * 6 + [5, 6, 6, 5, 0, 0] + [-1] * 20
    return _case(TodayPlan(TODAY, (replace(_medium(short_agents=short_agents), activities=ACTIVITIES),)))


def _night_of_clock_change(first: int) -> Case:
    """The night in which the clock shows two o'clock twice, two half-hours of it short."""
    night = date(2026, 10, 25)
    midnight = datetime.combine(night, time(), ZoneInfo(BERLIN)).astimezone(UTC)
    medium = _medium([20] * 16, [6 if first <= number < first + 2 else 0 for number in range(16)])
    intervals = tuple(
        replace(interval, start=(midnight + timedelta(minutes=30) * number).astimezone(ZoneInfo(BERLIN)))
        for number, interval in enumerate(medium.intervals)
    )
    return _case(TodayPlan(night, (replace(medium, intervals=intervals),)), standup_at=time(1))


def _first_of_two_hours() -> Case:
    return _night_of_clock_change(4)


def _across_two_hours() -> Case:
    return _night_of_clock_change(5)


def _second_of_two_hours() -> Case:
    return _night_of_clock_change(6)


def _nobody_required() -> Case:
    """E-mails are forecast, and the plan requires no one for them."""
    plan = _medium([6] * 12, [0] * 12, "email", contacts=3)
    intervals = tuple(replace(interval, required=0.0) for interval in plan.intervals)
    return _case(TodayPlan(TODAY, (replace(plan, intervals=intervals),)), media=("email",))


def _required_from_nothing() -> Case:
    """Calls are forecast and the plan requires no one: how many are required is calculated."""
    case = _required_not_known()
    assert case.today
    [medium] = case.today.media
    intervals = tuple(replace(interval, required=0.0) for interval in medium.intervals)
    return replace(case, today=replace(case.today, media=(replace(medium, intervals=intervals),)))


def _expected_just_below_the_goal() -> Case:
    """79.7 % is predicted wherever someone is missing, and 79.97 % elsewhere. The goal is 80 %."""
    medium = _medium()
    intervals = tuple(
        replace(part, service_level=0.797 if (part.required or 0) > (part.scheduled or 0) else 0.7997)
        for part in medium.intervals
    )
    return _case(TodayPlan(TODAY, (replace(medium, intervals=intervals),)))


DAYS: Mapping[str, Callable[[], Case]] = {
    "shortage": _shortage,
    "one half-hour short": _one_half_hour_short,
    "none short": _none_short,
    "just enough": _just_enough,
    "no schedule": _no_schedule,
    "no forecast": _no_forecast,
    "no licence": _no_licence,
    "late answer": _late_answer,
    "no permission": _no_permission,
    "small group": _small_group,
    "many people": _many_people,
    "several media planned": _several_media,
    "required not known": _required_not_known,
    "other queues": _other_queues,
    "large team": _large_team,
    "huge team": _huge_team,
    "incomplete day with a plan": _incomplete_day,
    "forecast too high": _forecast_too_high,
    "forecast too low": _forecast_too_low,
    "forecasts of two media": _forecasts_of_two_media,
    "short all day": _short_all_day,
    "mostly short": _mostly_short,
    "short alike": _short_alike,
    "about short alike": _about_short_alike,
    "afternoon not known": _afternoon_not_known,
    "nothing forecast": _nothing_forecast,
    "something to move": _something_to_move,
    "nowhere to move": _nowhere_to_move,
    "first of two hours": _first_of_two_hours,
    "across two hours": _across_two_hours,
    "nobody required": _nobody_required,
    "required from nothing": _required_from_nothing,
    "second of two hours": _second_of_two_hours,
    "expected just below the goal": _expected_just_below_the_goal,
}
