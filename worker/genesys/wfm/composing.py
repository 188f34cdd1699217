"""From the parts of a plan to the plan itself. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from worker.domain.rows import Window
from worker.domain.today.plan import MediumPlan, NotKnown, Person, PlannedInterval, TodayPlan
from worker.genesys.lookups.queues import ID_PREFIX
from worker.genesys.wfm.half_hours import GroupFiles, activities, all_media, half_hours
from worker.genesys.wfm.shifts import AgentDay

FIRST_HOUR = timedelta(hours=1)

MOST_FOREIGN_QUEUES = 8
"""Queues outside the group that are named. The name of each takes a request, unless it is stored."""


@dataclass(frozen=True, slots=True)
class GroupQueues:
    """The group's queues: names by id, and their members' names by id of queue and of user."""

    names: Mapping[str, str]
    members: Mapping[str, Mapping[str, str]]

    def name_of(self, user: str) -> str:
        """Return a member's name, empty if it is hidden."""
        return next((names[user] for names in self.members.values() if names.get(user)), "")


@dataclass(frozen=True, slots=True)
class PlannedGroup:
    """A planning group of one medium, which plans some of the group's queues and perhaps others."""

    medium: str
    queue_ids: frozenset[str]
    files: GroupFiles


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """The planning groups of a business unit that plan queues of the group."""

    groups: tuple[PlannedGroup, ...]
    forecast_not_known: NotKnown | None = None
    prediction_not_known: NotKnown | None = None


@dataclass(frozen=True, slots=True)
class AgentNames:
    """Names of users and of queues outside the group, by id."""

    users: Mapping[str, str]
    foreign_queues: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DayParts:
    """What the workforce management says of a day, or why it does not."""

    window: Window
    zone: ZoneInfo
    media: tuple[str, ...]
    queues: GroupQueues
    planned: Sequence[PlannedUnit] | NotKnown
    agents: Mapping[str, AgentDay] | NotKnown
    names: AgentNames

    @property
    def groups(self) -> list[PlannedGroup]:
        """The planning groups of the group's media."""
        units = () if isinstance(self.planned, NotKnown) else self.planned
        return [group for unit in units for group in unit.groups if group.medium in self.media]

    def agents_of(self, queue_ids: Iterable[str]) -> list[AgentDay] | None:
        """Return the agents of these queues, each once. None if the schedules are not known."""
        if isinstance(self.agents, NotKnown):
            return None
        users = {user for queue_id in queue_ids for user in self.queues.members.get(queue_id, ())}
        return [self.agents[user] for user in sorted(users) if user in self.agents]


def compose(parts: DayParts) -> TodayPlan:
    """Return the plan. Staffing and people are known or not known by themselves."""
    media = [medium_plan for medium in parts.media if (medium_plan := _medium_plan(parts, medium)).intervals]
    plan = TodayPlan(
        day=parts.window.start.astimezone(parts.zone).date(),
        media=tuple(media),
        all_media=_all_media(parts, media) if len(media) > 1 else (),
        not_known=None if media else _staffing_not_known(parts),
        people_not_known=parts.agents if isinstance(parts.agents, NotKnown) else None,
        forecast_not_known=_first_reason(parts, "forecast_not_known"),
        prediction_not_known=_first_reason(parts, "prediction_not_known"),
        foreign_queues=_foreign_queues(parts),
        uncovered_queues=_uncovered_queues(parts) if parts.groups else (),
    )
    return plan if isinstance(parts.agents, NotKnown) else _with_people(plan, parts, parts.agents)


def foreign_queue_ids(units: Iterable[PlannedUnit], media: Sequence[str], queues: GroupQueues) -> list[str]:
    """Return the queues outside the group that its planning groups plan too, not all of them if there are many."""
    groups = (group for unit in units for group in unit.groups if group.medium in media)
    return sorted({queue for group in groups for queue in group.queue_ids} - queues.names.keys())[:MOST_FOREIGN_QUEUES]


def _medium_plan(parts: DayParts, medium: str) -> MediumPlan:
    groups = [group for group in parts.groups if group.medium == medium]
    if not groups:
        return MediumPlan(medium, ())
    agents = parts.agents_of(_own_queue_ids(parts, groups))
    intervals = half_hours(parts.window, parts.zone, [group.files for group in groups], agents)
    return MediumPlan(medium, intervals, activities(agents or (), parts.zone))


def _all_media(parts: DayParts, media: Sequence[MediumPlan]) -> tuple[PlannedInterval, ...]:
    return all_media((plan.intervals for plan in media), parts.agents_of(_own_queue_ids(parts, parts.groups)))


def _own_queue_ids(parts: DayParts, groups: Iterable[PlannedGroup]) -> set[str]:
    return {queue for group in groups for queue in group.queue_ids} & parts.queues.names.keys()


def _staffing_not_known(parts: DayParts) -> NotKnown:
    """Return why there is no half-hour. A day for which nothing is planned has no forecast."""
    if isinstance(parts.planned, NotKnown):
        return parts.planned
    if not parts.groups:
        return NotKnown.NO_PLANNING_GROUP
    return _first_reason(parts, "forecast_not_known") or NotKnown.NO_FORECAST


def _first_reason(parts: DayParts, name: str) -> NotKnown | None:
    units = () if isinstance(parts.planned, NotKnown) else parts.planned
    return next((reason for unit in units if (reason := getattr(unit, name)) is not None), None)


def _foreign_queues(parts: DayParts) -> tuple[str, ...]:
    units = () if isinstance(parts.planned, NotKnown) else parts.planned
    ids = foreign_queue_ids(units, parts.media, parts.queues)
    return tuple(sorted(parts.names.foreign_queues.get(queue, f"{ID_PREFIX}{queue}") for queue in ids))


def _uncovered_queues(parts: DayParts) -> tuple[str, ...]:
    covered_ids = _own_queue_ids(parts, parts.groups)
    return tuple(name for queue, name in parts.queues.names.items() if queue not in covered_ids)


def _with_people(plan: TodayPlan, parts: DayParts, agents: Mapping[str, AgentDay]) -> TodayPlan:
    """Add who has time off, and whose start is after the first hour of the agents who start first."""
    people = [(_person(parts, user, day), day) for user, day in agents.items()]
    starts = [person.start for person, _ in people if person.start]
    late = min(starts).astimezone(UTC) + FIRST_HOUR if starts else None
    start_later = [person for person, _ in people if person.start and late and person.start.astimezone(UTC) >= late]
    return replace(
        plan,
        absent=tuple(sorted((person for person, day in people if day.absent), key=_by_name)),
        start_later=tuple(sorted(start_later, key=_by_start)),
    )


def _person(parts: DayParts, user: str, day: AgentDay) -> Person:
    name = parts.queues.name_of(user) or parts.names.users.get(user) or user
    start = None if day.start is None else datetime.fromtimestamp(day.start, parts.zone)
    return Person(user, name, start)


def _by_name(person: Person) -> tuple[str, str]:
    return person.name.casefold(), person.agent_id


def _by_start(person: Person) -> tuple[float, str, str]:
    return person.start.timestamp() if person.start else 0.0, *_by_name(person)
