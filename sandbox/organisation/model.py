"""Queues, agents, groups, schedule groups and calendars. Their ids follow from their names."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sandbox.scenario.file import (
    ONE_FOR_ALL,
    BusinessUnitEntry,
    CalendarEntry,
    CalendarHoliday,
    GroupEntry,
    QueueEntry,
    ScheduleEntry,
)
from sandbox.scenario.troubles import Holiday

_NAMESPACE = uuid.UUID("6f1d5a0e-3c0b-5d3f-9a51-0f2f6f0c7c11")


def make_id(kind: str, name: str) -> str:
    """Return the id of the thing of that kind and name: a version 5 UUID, the same in every sandbox."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}:{name}"))


class Objective(NamedTuple):
    """A service level objective: the share ``target`` of contacts is answered within ``threshold_ms``."""

    threshold_ms: int
    target: float


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue. Its settings hide the objective of a media type whose entry in ``media_objectives`` is None."""

    id: str
    name: str
    group: str
    media: tuple[str, ...]
    objective: Objective
    division: str
    entry: QueueEntry | None = None
    media_objectives: Mapping[str, Objective | None] = field(default_factory=dict)

    def objective_for(self, media: str) -> Objective:
        """Return the service level objective of a media type."""
        return self.media_objectives.get(media) or self.objective

    def target_for(self, media: Iterable[str]) -> float | None:
        """Return the target that all these media types share, None if they differ."""
        targets = {self.objective_for(kind).target for kind in media}
        return targets.pop() if len(targets) == 1 else None


@dataclass(frozen=True, slots=True)
class Agent:
    """A user who serves queues. ``queue_ids`` are in the order of the group's queues."""

    id: str
    name: str
    group: str
    queue_ids: tuple[str, ...]
    division: str

    @property
    def email(self) -> str:
        """An address in a domain that cannot exist."""
        return f"agent.{self.id[:8]}@sandbox.invalid"


@dataclass(frozen=True, slots=True)
class Group:
    """Queues and the agents who serve them. A scenario sets trouble per group. A replayed group has no ``entry``."""

    key: str
    title: str
    zone: ZoneInfo
    queues: tuple[Queue, ...]
    agents: tuple[Agent, ...]
    division: str
    unit_id: str | None
    report_id: str
    entry: GroupEntry | None = None

    @property
    def business_unit(self) -> str:
        """The name of the business unit."""
        return self.entry.business_unit if self.entry else ONE_FOR_ALL


@dataclass(frozen=True, slots=True)
class BusinessUnit:
    """A business unit of the workforce management, with the groups whose management units it has."""

    id: str
    name: str
    zone: ZoneInfo
    start_day_of_week: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class ScheduleGroup:
    """An Architect schedule group with its schedules by kind: open, closed, holidays."""

    id: str
    name: str
    zone: str
    schedules: dict[str, list[tuple[str, ScheduleEntry]]]


@dataclass(slots=True)
class Organisation:
    """Everything that can be looked up. ``owners`` maps an id or a queue's name to the keys of its groups."""

    id: str
    name: str
    groups: dict[str, Group] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    agents: dict[str, Agent] = field(default_factory=dict)
    units: dict[str, Group] = field(default_factory=dict)
    business_units: dict[str, BusinessUnit] = field(default_factory=dict)
    reports: dict[str, list[Group]] = field(default_factory=dict)
    schedule_groups: dict[str, ScheduleGroup] = field(default_factory=dict)
    calendars: dict[str, CalendarEntry] = field(default_factory=dict)
    owners: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, group: Group) -> None:
        """Add a group with its queues and agents. Raise ValueError if one of its queues exists already."""
        for queue in group.queues:
            if queue.id in self.queues:
                raise ValueError(f"queue {queue.name!r} exists already, in group {self.queues[queue.id].group!r}")
            self.queues[queue.id] = queue
        self.groups[group.key] = group
        self.agents |= {agent.id: agent for agent in group.agents}
        self.reports.setdefault(group.report_id, []).append(group)
        if group.unit_id:
            self.units[group.unit_id] = group
        queue_texts = [text for queue in group.queues for text in (queue.id, queue.name)]
        agent_ids = (agent.id for agent in group.agents)
        self.assign(group.key, *queue_texts, *agent_ids, group.unit_id or "", group.report_id)

    def add_business_unit(self, name: str, entry: BusinessUnitEntry) -> None:
        """Add a business unit after its groups. Requests for one with a name of its own are about its groups."""
        groups = tuple(group for group in self.units.values() if group.business_unit == name)
        if not groups:
            return
        unit_id = make_id("businessunit", name)
        zone = ZoneInfo(entry.zone) if entry.zone else groups[0].zone
        self.business_units[unit_id] = BusinessUnit(unit_id, name, zone, entry.start_day_of_week, groups)
        if name != ONE_FOR_ALL:
            for group in groups:
                self.assign(group.key, unit_id)

    def assign(self, group: str | None, *texts: str) -> None:
        """Treat requests that contain one of the texts as requests about the group. None assigns nothing."""
        if group is not None:
            self.owners |= {text: (*self.owners.get(text, ()), group) for text in texts}

    def owning(self, texts: Iterable[str], export_name: str = "") -> tuple[str, ...]:
        """Return the groups that own ids or queue names among the texts, and those whose key is in an export's name."""
        keys = {key: None for text in texts for key in self.owners.get(text, ()) if text}
        keys |= {key: None for key in self.groups if _contains_word(export_name, key)}
        return tuple(keys)

    def add_holiday(self, group: Group, holiday: Holiday) -> None:
        """Put a scenario's holiday into the group's schedule group and calendar. Create both if they are missing."""
        name, day = f"{group.title} Holidays", holiday.date
        begin = datetime.combine(day, time())
        entry = ScheduleEntry(name=holiday.name, start=begin, end=begin + timedelta(days=1))
        schedule_group = self.schedule_groups.get(make_id("schedulegroup", name))
        if schedule_group is None:
            schedules: dict[str, list[tuple[str, ScheduleEntry]]] = {"open": [], "closed": [], "holidays": []}
            schedule_group = ScheduleGroup(make_id("schedulegroup", name), name, str(group.zone), schedules)
            self.add_schedule_group(schedule_group, group.key)
        schedule_id = make_id("schedule", f"{name}:{day}:{holiday.name}")
        if schedule_id not in self.owners:
            schedule_group.schedules["holidays"].append((schedule_id, entry))
            self.assign(group.key, schedule_id)
            self._add_to_calendar(group, holiday)

    def _add_to_calendar(self, group: Group, holiday: Holiday) -> None:
        key = f"{group.key}-holidays"
        old = self.calendars.get(key)
        days = (*(old.holidays if old else ()), CalendarHoliday(date=holiday.date, name=holiday.name))
        name = f"{group.title} Holidays"
        self.calendars[key] = CalendarEntry(id=key, name=name, zone=str(group.zone), holidays=days)
        self.assign(group.key, key)

    def add_schedule_group(self, schedule_group: ScheduleGroup, group: str | None) -> None:
        """Add a schedule group, which may belong to a group."""
        self.schedule_groups[schedule_group.id] = schedule_group
        ids = (schedule_id for schedules in schedule_group.schedules.values() for schedule_id, _ in schedules)
        self.assign(group, schedule_group.id, schedule_group.name, *ids)


def _contains_word(text: str, word: str) -> bool:
    start = text.find(word)
    end = start + len(word)
    neighbours = text[max(0, start - 1) : max(0, start)] + text[end : end + 1]
    return start >= 0 and not any(character.isalnum() for character in neighbours)
