"""What the workforce management plans: planning groups, and a week of them in quarters of an hour.

The roster gives the scheduled shifts, the generator's own means the forecast. So the records of a past day differ from
its plan by chance alone.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sandbox.organisation.model import BusinessUnit, Group, Queue, make_id
from sandbox.records.generate.day import PlannedDay, planned
from sandbox.records.instants import Span, dates_touching, milliseconds, moment, overlap
from sandbox.records.model import Shift

STEP_MS = 900_000
OCCUPANCY = 0.86
"""How busy the requirement keeps agents."""

SHRINKAGE = 1.2
"""How many agents must be scheduled for each one on queue."""


class Shortage(NamedTuple):
    """In the half-hour from ``time`` (local) a group's first queue needs so many agents more than are scheduled."""

    time: time
    agents: int


@dataclass(frozen=True, slots=True)
class PlanningGroup:
    """Queues that are planned together, for one media type."""

    id: str
    name: str
    media: str
    queues: tuple[Queue, ...]


def planning_groups(unit: BusinessUnit) -> list[PlanningGroup]:
    """Return the planning groups of a business unit: one for each queue and media type, or those of the scenario."""
    queues: dict[tuple[str, str], list[Queue]] = {}
    for queue in (queue for group in unit.groups for queue in group.queues):
        label = (queue.entry.planning_group if queue.entry else None) or queue.name
        for media in queue.media:
            queues.setdefault((label, media), []).append(queue)
    return [
        PlanningGroup(
            make_id("planninggroup", f"{unit.name}:{label}:{media}"), f"{label} {media}", media, tuple(members)
        )
        for (label, media), members in queues.items()
    ]


def first_day(unit: BusinessUnit, day: date) -> date:
    """Return the first day of the schedule week that a day is in."""
    first = 6 if unit.start_day_of_week == "Sunday" else 0
    return day - timedelta(days=(day.weekday() - first) % 7)


def week_span(unit: BusinessUnit, week: date) -> Span:
    """Return when a schedule week begins and ends."""
    begin, end = (datetime.combine(day, time(), unit.zone) for day in (week, week + timedelta(days=7)))
    return milliseconds(begin), milliseconds(end)


@dataclass(slots=True)
class GroupWeek:
    """A planning group's week in quarters of an hour: contacts, seconds of work, and agents that are required."""

    offered: list[float]
    work: list[float]
    required: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Week:
    """A business unit's week. ``staffing`` is how many are scheduled for each one required, by quarter of an hour."""

    span: Span
    groups: dict[str, GroupWeek]
    staffing: list[float]


def plan_week(
    seed: int, unit: BusinessUnit, week: date, shortages: Mapping[str, Shortage], absent_agents: Mapping[str, int]
) -> Week:
    """Return the plan of a week. ``shortages``, and how many agents have time off, are by group."""
    builder = _WeekBuilder(unit, week)
    for group in unit.groups:
        for day in dates_touching(builder.span, group.zone):
            plan = planned(seed, group, day)
            if plan:
                builder.add(group, day, plan, absent_agents.get(group.key, 0), shortages.get(group.key))
    return builder.week()


class _WeekBuilder:
    """Adds up the days of a business unit's groups."""

    def __init__(self, unit: BusinessUnit, week: date) -> None:
        self.span = week_span(unit, week)
        self._steps = (self.span[1] - self.span[0]) // STEP_MS
        groups = planning_groups(unit)
        self._weeks = {group.id: GroupWeek([0.0] * self._steps, [0.0] * self._steps) for group in groups}
        self._by_queue = {(queue.id, group.media): self._weeks[group.id] for group in groups for queue in group.queues}
        self._scheduled = [0.0] * self._steps
        self._shortages: list[tuple[GroupWeek, int, float]] = []

    def add(self, group: Group, day: date, plan: PlannedDay, absent_agents: int, shortage: Shortage | None) -> None:
        """Add a group's day."""
        heads = _heads(shifts_of(group, plan, absent_agents), self.span)
        for step, number in heads.items():
            self._scheduled[step] += number
        self._add_contacts(group, plan)
        if shortage:
            first_queue = group.queues[0]
            first = self._by_queue[first_queue.id, first_queue.media[0]]
            steps = _steps(shortage, group, day, self.span)
            self._shortages += ((first, step, heads.get(step, 0.0) + shortage.agents) for step in steps)

    def week(self) -> Week:
        """Return the sums, with what they require."""
        for group in self._weeks.values():
            group.required = [work / 900 / OCCUPANCY for work in group.work]
        for group, step, agents in self._shortages:
            group.required[step] = agents
        required = [sum(group.required[step] for group in self._weeks.values()) for step in range(self._steps)]
        pairs = zip(self._scheduled, required, strict=True)
        return Week(self.span, self._weeks, [number / agents if agents else 1.0 for number, agents in pairs])

    def _add_contacts(self, group: Group, plan: PlannedDay) -> None:
        """Spread the day's contacts over its quarters of an hour."""
        length, total = plan.seconds * 1000 / len(plan.weights), sum(plan.weights)
        for n, weight in enumerate(plan.weights):
            step = (plan.opens + round((n + 0.5) * length) - self.span[0]) // STEP_MS
            if 0 <= step < self._steps:
                self._add_step(group, plan, step, weight / total)

    def _add_step(self, group: Group, plan: PlannedDay, step: int, share_of_day: float) -> None:
        for queue, calls, handle in zip(group.queues, plan.calls, plan.handle, strict=True):
            for media, share in _media_shares(queue.media):
                week = self._by_queue[queue.id, media]
                week.offered[step] += calls * share * share_of_day
                week.work[step] += calls * share * share_of_day * handle


class Plans:
    """The weeks that were asked for, so that the files of a schedule are made from one plan. Thread-safe."""

    def __init__(self) -> None:
        self._weeks: dict[tuple[str, date, str], Week] = {}
        self._lock = threading.Lock()

    def week(
        self,
        seed: int,
        unit: BusinessUnit,
        week: date,
        shortages: Mapping[str, Shortage],
        absent_agents: Mapping[str, int],
    ) -> Week:
        """Return the plan of a week, see `plan_week`."""
        key = unit.id, week, f"{sorted(shortages.items())} {sorted(absent_agents.items())}"
        with self._lock:
            if key not in self._weeks:
                self._weeks[key] = plan_week(seed, unit, week, shortages, absent_agents)
            return self._weeks[key]


def shifts_of(group: Group, plan: PlannedDay, absent_agents: int) -> tuple[Shift, ...]:
    """Return the shifts of those who work: the last ``absent_agents`` have time off."""
    absent_ids = {agent.id for agent in group.agents[len(group.agents) - absent_agents :]}
    return tuple(shift for shift in plan.shifts if shift.agent_id not in absent_ids)


def service_level(staffing: float) -> float:
    """Return the percentage in time that is predicted with so many scheduled for each one required."""
    return 100 * (1 - math.exp(-1.6 * staffing * staffing))


def _media_shares(media: Sequence[str]) -> Iterator[tuple[str, float]]:
    yield media[0], 0.75 if len(media) > 1 else 1.0
    yield from ((medium, 0.25 / (len(media) - 1)) for medium in media[1:])


def _heads(shifts: Iterable[Shift], span: Span) -> dict[int, float]:
    """Return how many agents are on queue, by quarter of an hour of the span."""
    heads: dict[int, float] = {}
    for activity in (activity for shift in shifts for activity in shift.planned if activity.category == "OnQueueWork"):
        for step in range((activity.start - span[0]) // STEP_MS, -(-(activity.end - span[0]) // STEP_MS)):
            begin = span[0] + step * STEP_MS
            if span[0] <= begin < span[1]:
                covered = overlap((activity.start, activity.end), (begin, begin + STEP_MS))
                heads[step] = heads.get(step, 0.0) + covered / STEP_MS
    return heads


def _steps(shortage: Shortage, group: Group, day: date, span: Span) -> Iterator[int]:
    begin = milliseconds(datetime.combine(day, shortage.time, group.zone))
    for instant in (begin, begin + STEP_MS):
        if span[0] <= instant < span[1] and moment(instant, group.zone).date() == day:
            yield (instant - span[0]) // STEP_MS
