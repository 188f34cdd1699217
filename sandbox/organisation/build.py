"""The organisation that a scenario describes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sandbox.organisation import people_names
from sandbox.organisation.model import Agent, Group, Objective, Organisation, Queue, ScheduleGroup, make_id
from sandbox.scenario.file import BusinessUnitEntry, GroupEntry, QueueEntry, Scenario, ScheduleGroupEntry
from sandbox.scenario.troubles import Holiday


def build(scenario: Scenario) -> Organisation:
    """Return the organisation with all groups, schedule groups, calendars and holidays of the scenario."""
    organisation = Organisation(make_id("organization", scenario.name), scenario.name)
    for key, entry in scenario.groups.items():
        organisation.add(_group(key, entry, scenario.seed))
    for name in dict.fromkeys(entry.business_unit for entry in scenario.groups.values()):
        organisation.add_business_unit(name, scenario.business_units.get(name, BusinessUnitEntry()))
    for schedule_group in scenario.schedule_groups:
        organisation.add_schedule_group(_schedule_group(schedule_group), schedule_group.group)
    for calendar in scenario.calendars:
        organisation.calendars[calendar.id] = calendar
        organisation.assign(calendar.group, calendar.id)
    for key, entry in scenario.groups.items():
        for trouble in entry.trouble:
            if isinstance(trouble, Holiday):
                organisation.add_holiday(organisation.groups[key], trouble)
    return organisation


def _schedule_group(entry: ScheduleGroupEntry) -> ScheduleGroup:
    kinds = {"open": entry.open, "closed": entry.closed, "holidays": entry.holidays}
    schedules = {
        kind: [
            (make_id("schedule", f"{entry.name}:{kind}:{n}:{schedule.name}"), schedule)
            for n, schedule in enumerate(schedules)
        ]
        for kind, schedules in kinds.items()
    }
    return ScheduleGroup(make_id("schedulegroup", entry.name), entry.name, entry.zone, schedules)


def _group(key: str, entry: GroupEntry, seed: int) -> Group:
    queues = tuple(_queue(key, queue, entry.division) for queue in entry.queues)
    title = entry.title or key
    unit = make_id("managementunit", key) if entry.wfm else None
    agents = tuple(_agents(key, entry, queues, seed))
    return Group(key, title, ZoneInfo(entry.zone), queues, agents, entry.division, unit, entry.report_id or key, entry)


def _queue(group: str, entry: QueueEntry, division: str) -> Queue:
    objectives: dict[str, Objective | None] = {
        media: None if target == "none" else _objective(target.service_level_seconds, target.target)
        for media, target in entry.media_targets.items()
    }
    objective = _objective(entry.service_level_seconds, entry.target)
    queue_id = make_id("queue", entry.name)
    return Queue(queue_id, entry.name, group, entry.media, objective, division, entry, objectives)


def _objective(seconds: float, target: float) -> Objective:
    return Objective(round(seconds * 1000), target)


def _agents(key: str, entry: GroupEntry, queues: tuple[Queue, ...], seed: int) -> Iterator[Agent]:
    """Yield the agents. All serve the first queue. Each other queue has some of them, two at least."""
    people = people_names.draw(f"{seed}/{key}", entry.agents) if isinstance(entry.agents, int) else entry.agents
    chance = random.Random(f"{seed}/{key}/skills")  # noqa: S311 - repeatable on purpose
    for n, name in enumerate(people):
        skills = [queue.id for m, queue in enumerate(queues) if m == 0 or n < 2 or chance.random() < 0.65]
        yield Agent(make_id("user", f"{key}:{name}"), name, key, tuple(skills), entry.division)
