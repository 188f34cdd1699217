"""Who and what there is: queues, agents, management units, schedules, calendars, with ids that follow from names."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox import names
from sandbox.scenario import CalendarEntry, CalendarHoliday, GroupEntry, QueueEntry, Scenario, ScheduleEntry
from sandbox.script import Holiday

_NAMESPACE = uuid.UUID("6f1d5a0e-3c0b-5d3f-9a51-0f2f6f0c7c11")


def make_id(kind: str, name: str) -> str:
    """The id of the thing of that kind and name, the same in every sandbox: a version 5 UUID of ``kind:name``."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}:{name}"))


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue; ``threshold_ms`` and ``target`` are its service level objective."""

    id: str
    name: str
    group: str
    media: tuple[str, ...]
    threshold_ms: int
    target: float
    division: str
    entry: QueueEntry | None = None


@dataclass(frozen=True, slots=True)
class Agent:
    """A user who serves queues; ``queue_ids`` in the order of the group's queues."""

    id: str
    name: str
    group: str
    queue_ids: tuple[str, ...]
    division: str

    @property
    def email(self) -> str:
        """An address under a domain that cannot exist."""
        return f"agent.{self.id[:8]}@sandbox.invalid"


@dataclass(frozen=True, slots=True)
class Group:
    """Queues and the people who serve them; what trouble is scripted for. ``entry`` is None for replayed history."""

    key: str
    title: str
    zone: ZoneInfo
    queues: tuple[Queue, ...]
    agents: tuple[Agent, ...]
    division: str
    unit_id: str | None
    report_id: str
    entry: GroupEntry | None = None


@dataclass(frozen=True, slots=True)
class ScheduleGroup:
    """An Architect schedule group with its schedules by kind (open, closed, holidays)."""

    id: str
    name: str
    zone: str
    schedules: dict[str, list[tuple[str, ScheduleEntry]]]


@dataclass(slots=True)
class Organisation:
    """Everything that can be looked up. ``owners`` says to which group an id or a queue's name belongs."""

    id: str
    name: str
    groups: dict[str, Group] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    agents: dict[str, Agent] = field(default_factory=dict)
    units: dict[str, Group] = field(default_factory=dict)
    reports: dict[str, list[Group]] = field(default_factory=dict)
    schedule_groups: dict[str, ScheduleGroup] = field(default_factory=dict)
    calendars: dict[str, CalendarEntry] = field(default_factory=dict)
    owners: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, group: Group) -> None:
        """Take a group with all its things in; ValueError if one of its queues is there already."""
        for queue in group.queues:
            if queue.id in self.queues:
                raise ValueError(f"queue {queue.name!r} is there already, in group {self.queues[queue.id].group!r}")
            self.queues[queue.id] = queue
        self.groups[group.key] = group
        self.agents |= {agent.id: agent for agent in group.agents}
        self.reports.setdefault(group.report_id, []).append(group)
        if group.unit_id:
            self.units[group.unit_id] = group
        things = [text for queue in group.queues for text in (queue.id, queue.name)]
        self.own(group.key, *things, *(agent.id for agent in group.agents), group.unit_id or "", group.report_id)

    def own(self, group: str | None, *texts: str) -> None:
        """A request in which one of the texts stands is about the group (None: about none)."""
        if group is not None:
            self.owners |= {text: (*self.owners.get(text, ()), group) for text in texts}

    def owning(self, texts: Iterable[str], export_name: str = "") -> tuple[str, ...]:
        """The groups that ids or queue names among the texts belong to, and those whose key an export's name holds."""
        found = {key: None for text in texts for key in self.owners.get(text, ()) if text}
        found |= {key: None for key in self.groups if _holds(export_name, key)}
        return tuple(found)

    def keep_holiday(self, group: Group, holiday: Holiday) -> None:
        """Put a scripted holiday into the group's schedule group and calendar, which are made if they are missing."""
        name, day = f"{group.title} Holidays", holiday.date
        begin = datetime.combine(day, time())
        entry = ScheduleEntry(name=holiday.name, start=begin, end=begin + timedelta(days=1))
        known = self.schedule_groups.get(make_id("schedulegroup", name))
        if known is None:
            known = _schedule_group(name, str(group.zone), {"open": [], "closed": [], "holidays": []})
            self.add_schedule_group(known, group.key)
        schedule_id = make_id("schedule", f"{name}:{day}:{holiday.name}")
        if schedule_id not in self.owners:
            known.schedules["holidays"].append((schedule_id, entry))
            self.own(group.key, schedule_id)
            self._keep_in_calendar(group, holiday)

    def _keep_in_calendar(self, group: Group, holiday: Holiday) -> None:
        key = f"{group.key}-holidays"
        old = self.calendars.get(key)
        days = (*(old.holidays if old else ()), CalendarHoliday(date=holiday.date, name=holiday.name))
        name = f"{group.title} Holidays"
        self.calendars[key] = CalendarEntry(id=key, name=name, zone=str(group.zone), holidays=days)
        self.own(group.key, key)

    def add_schedule_group(self, entry: ScheduleGroup, group: str | None) -> None:
        """Take a schedule group in, which may belong to a group."""
        self.schedule_groups[entry.id] = entry
        ids = (schedule_id for schedules in entry.schedules.values() for schedule_id, _ in schedules)
        self.own(group, entry.id, entry.name, *ids)


def _holds(text: str, key: str) -> bool:
    at = text.find(key)
    around = text[max(0, at - 1) : max(0, at)] + text[at + len(key) : at + len(key) + 1]
    return at >= 0 and not any(c.isalnum() for c in around)


def build(scenario: Scenario) -> Organisation:
    """The organisation that the scenario describes."""
    made = Organisation(make_id("organization", scenario.name), scenario.name)
    for key, entry in scenario.groups.items():
        made.add(_group(key, entry, scenario.seed))
    for listed in scenario.schedule_groups:
        kinds = {"open": listed.open, "closed": listed.closed, "holidays": listed.holidays}
        schedules = {
            kind: [(make_id("schedule", f"{listed.name}:{kind}:{n}:{one.name}"), one) for n, one in enumerate(entries)]
            for kind, entries in kinds.items()
        }
        made.add_schedule_group(_schedule_group(listed.name, listed.zone, schedules), listed.group)
    for calendar in scenario.calendars:
        made.calendars[calendar.id] = calendar
        made.own(calendar.group, calendar.id)
    for key, entry in scenario.groups.items():
        for trouble in entry.trouble:
            if isinstance(trouble, Holiday):
                made.keep_holiday(made.groups[key], trouble)
    return made


def _schedule_group(name: str, zone: str, schedules: dict[str, list[tuple[str, ScheduleEntry]]]) -> ScheduleGroup:
    return ScheduleGroup(make_id("schedulegroup", name), name, zone, schedules)


def _group(key: str, entry: GroupEntry, seed: int) -> Group:
    queues = tuple(_queue(key, queue, entry.division) for queue in entry.queues)
    title = entry.title or key
    unit = make_id("managementunit", key) if entry.wfm else None
    agents = tuple(_agents(key, entry, queues, seed))
    return Group(key, title, ZoneInfo(entry.zone), queues, agents, entry.division, unit, entry.report_id or key, entry)


def _queue(group: str, entry: QueueEntry, division: str) -> Queue:
    threshold = round(entry.service_level_seconds * 1000)
    return Queue(make_id("queue", entry.name), entry.name, group, entry.media, threshold, entry.target, division, entry)


def _agents(key: str, entry: GroupEntry, queues: tuple[Queue, ...], seed: int) -> Iterator[Agent]:
    """Everybody serves the first queue; the others are served by some, and by two at least."""
    people = names.people(f"{seed}/{key}", entry.agents) if isinstance(entry.agents, int) else entry.agents
    chance = random.Random(f"{seed}/{key}/skills")  # noqa: S311 - repeatable on purpose
    for n, name in enumerate(people):
        skills = [queue.id for m, queue in enumerate(queues) if m == 0 or n < 2 or chance.random() < 0.65]
        yield Agent(make_id("user", f"{key}:{name}"), name, key, tuple(skills), entry.division)
