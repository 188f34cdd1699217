"""Make the outlook on today from the plan and the group's history."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from worker.domain.briefing.comparison import pick_medium
from worker.domain.briefing.history import History
from worker.domain.calendar import business_day
from worker.domain.groups import Group
from worker.domain.rounding import half_up
from worker.domain.staffing.day_model import Waiting
from worker.domain.staffing.risks import required
from worker.domain.today import expected, risks
from worker.domain.today.moving import movable_agents
from worker.domain.today.outlook import MediumToday, Outlook, PersonToday, RiskWindow, StaffedHalfHour
from worker.domain.today.plan import MediumPlan, NotKnown, Person, PlannedInterval, TodayPlan

_ESTIMATED_MEDIA = ("voice", "callback")
"""Erlang A is about agents who serve one contact at a time, and contacts who hang up."""


@dataclass(frozen=True, slots=True)
class LookingAhead:
    """What an outlook is made from, beside the plan.

    ``medium``: the medium with the most contacts of the reporting day. ``goal_of``: the service level goal of a medium,
    None if it has none. ``within_seconds``: how soon an answer is in time, None if that is not known.
    """

    group: Group
    history: History
    medium: str | None
    goal_of: Callable[[str], float | None]
    within_seconds: float | None


def outlook_of(plan: TodayPlan, looking: LookingAhead) -> Outlook:
    """Return the outlook on the day of the plan."""
    media = sorted(_media(plan, looking), key=_rank)
    medium = media[0].medium if media else looking.medium or "voice"
    pick = pick_medium(medium, is_only_medium=len(looking.group.media) == 1)
    fewest = looking.group.insights.fewest_contacts
    forecast = media[0].forecast if media else None
    has_same_queues = not plan.foreign_queues and not plan.uncovered_queues
    return Outlook(
        day=plan.day,
        media=tuple(media),
        goal=looking.goal_of(medium),
        growth=expected.growth(forecast, plan.day, pick, looking.history, fewest)
        if forecast is not None and has_same_queues
        else None,
        expected=None if forecast is not None else expected.expected_contacts(plan.day, pick, looking.history, fewest),
        absent=_people(plan, plan.absent),
        start_later=_people(plan, plan.start_later),
        reasons=_reasons(plan, media),
        are_people_known=plan.people_not_known is None,
        foreign_queues=plan.foreign_queues,
        uncovered_queues=plan.uncovered_queues,
    )


def _media(plan: TodayPlan, looking: LookingAhead) -> Iterable[MediumToday]:
    """Yield the media of the plan that the group asks for and that have a figure."""
    for medium in plan.media:
        if medium.medium in looking.group.media and any(map(_has_figures, medium.intervals)):
            yield _medium(medium, looking, plan.day)


def _has_figures(interval: PlannedInterval) -> bool:
    return any(figure is not None for figure in (interval.offered, interval.required, interval.scheduled))


def _medium(plan: MediumPlan, looking: LookingAhead, day: date) -> MediumToday:
    intervals = _without_empty_requirement(plan.intervals)
    is_estimated = all(interval.required is None for interval in intervals)
    waiting = _waiting(plan.medium, looking, day) if is_estimated else None
    goal = looking.goal_of(plan.medium)
    half_hours = tuple(_half_hour(interval, waiting, goal) for interval in intervals)
    offered = [half_hour.offered for half_hour in half_hours]
    medium = MediumToday(
        medium=plan.medium,
        half_hours=half_hours,
        forecast=sum(count for count in offered if count is not None) if None not in offered else None,
        is_staffing_known=_is_staffing_known(half_hours),
        is_estimated=is_estimated and waiting is not None,
        is_small=all((half_hour.required or 0) <= risks.SMALL_TEAM for half_hour in half_hours),
    )
    if not medium.is_staffing_known or medium.is_small:
        return medium
    standup_at = business_day.instant(day, looking.group.standup_at, looking.group.tz)
    medium = _with_risks(medium, goal, standup_at)
    if medium.window is None or medium.window.extent.is_alike:
        return medium
    movable = movable_agents(plan.activities, medium.window)
    return replace(medium, movable=movable, room=risks.room_after(half_hours, medium.window))


def _with_risks(medium: MediumToday, goal: float | None, standup_at: datetime) -> MediumToday:
    """Return the medium with the riskiest half-hours that are not over at the stand-up, and how they are to be named.

    A team cannot do anything any more about a half-hour that is over when it meets.
    """
    remaining = risks.not_over(medium.half_hours, standup_at)
    window, riskiest = risks.window(remaining, goal), risks.riskiest(remaining, goal)
    window_of_day, riskiest_of_day = risks.window(medium.half_hours, goal), risks.riskiest(medium.half_hours, goal)
    past_half_hours = [half_hour for half_hour in medium.half_hours if half_hour not in remaining]
    earlier_window = None if window else risks.window(past_half_hours, goal)
    medium = replace(medium, window=window, riskiest=riskiest, earlier_window=earlier_window)
    if _what_is_named(window, riskiest) == _what_is_named(window_of_day, riskiest_of_day):
        return medium
    return replace(medium, first_start=next((half.start for half in remaining if risks.is_open(half)), None))


def _what_is_named(window: RiskWindow | None, riskiest: tuple[StaffedHalfHour, ...]) -> tuple[object, ...]:
    """Return what texts say of half-hours. Where all that are short are alike, none of them is named."""
    return (window.extent, window.short) if window and window.extent.is_alike else (window, riskiest)


def _without_empty_requirement(intervals: tuple[PlannedInterval, ...]) -> tuple[PlannedInterval, ...]:
    """Return half-hours with unknown required agents if the plan requires none all day although contacts are forecast.

    A schedule that was made without staffing requirements has zeros.
    """
    if any(interval.required for interval in intervals) or not any(interval.offered for interval in intervals):
        return intervals
    return tuple(replace(interval, required=None) for interval in intervals)


def _waiting(medium: str, looking: LookingAhead, day: date) -> Waiting | None:
    """Return how the contacts of a medium wait, None if agents cannot be calculated from it."""
    if medium not in _ESTIMATED_MEDIA or looking.within_seconds is None or looking.goal_of(medium) is None:
        return None
    pick = pick_medium(medium, is_only_medium=len(looking.group.media) == 1)
    days = (past_day for past_day in looking.history if past_day < day)
    patience = expected.seconds_until_abandoning(days, pick, looking.history)
    return Waiting(patience, looking.within_seconds) if patience else None


def _half_hour(interval: PlannedInterval, waiting: Waiting | None, goal: float | None) -> StaffedHalfHour:
    agents = _whole(interval.required)
    if agents is None and waiting and goal and interval.offered is not None and interval.handle_seconds:
        agents = required(interval.offered, interval.handle_seconds, waiting, goal) if interval.offered else 0
    return StaffedHalfHour(
        interval.start,
        interval.offered,
        interval.handle_seconds,
        agents,
        _whole(interval.scheduled),
        interval.service_level,
    )


def _whole(agents: float | None) -> int | None:
    return None if agents is None else int(half_up(agents))


def _is_staffing_known(half_hours: Iterable[StaffedHalfHour]) -> bool:
    """Return whether both numbers are known wherever contacts are expected, and somewhere."""
    busy = list(filter(_may_be_busy, half_hours))
    return bool(busy) and all(half_hour.short is not None for half_hour in busy)


def _may_be_busy(half_hour: StaffedHalfHour) -> bool:
    """Return whether contacts are expected, or agents are scheduled and nothing says for how many contacts."""
    is_unknown = half_hour.offered is None and half_hour.required is None
    return bool(half_hour.offered or half_hour.required or (is_unknown and half_hour.scheduled))


def _rank(medium: MediumToday) -> tuple[int, float]:
    """Rank the medium with the most agents missing first, then the one with the most contacts."""
    return -(medium.window.short if medium.window else 0), -(medium.forecast or 0)


def _reasons(plan: TodayPlan, media: list[MediumToday]) -> tuple[NotKnown, ...]:
    """Return why something is not known, each once."""
    reasons = [reason for reason in (plan.not_known, plan.people_not_known) if reason]
    if media and not reasons and (reason := _missing_agents(media[0])):
        reasons.append(reason)
    if not media and not reasons:
        reasons.append(NotKnown.NO_FORECAST)
    return tuple(dict.fromkeys(reasons))


def _missing_agents(medium: MediumToday) -> NotKnown | None:
    """Return why required and scheduled agents cannot be compared: without scheduled ones there is no schedule.

    Where no one is scheduled and nothing says for how many contacts, there is nothing to compare.
    """
    busy = list(filter(_may_be_busy, medium.half_hours))
    if medium.is_staffing_known:
        return None
    if not busy:
        return NotKnown.NO_FORECAST if medium.forecast is None else None
    is_scheduled = all(half_hour.scheduled is not None for half_hour in busy)
    return NotKnown.NO_REQUIREMENT if is_scheduled else NotKnown.NO_SCHEDULE


def _people(plan: TodayPlan, people: Iterable[Person]) -> tuple[PersonToday, ...]:
    """Return people by their start, in an order that says nothing of their names.

    A masked list in alphabetical order would be its own key.
    """

    def order(person: Person) -> tuple[float, str]:
        lot = hashlib.sha256(f"{plan.day} {person.agent_id}".encode()).hexdigest()
        return person.start.timestamp() if person.start else 0.0, lot

    return tuple(PersonToday(person.name, person.start) for person in sorted(people, key=order))
