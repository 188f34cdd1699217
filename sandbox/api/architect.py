"""Schedule groups and schedules."""

from __future__ import annotations

from typing import Any

from sandbox.api.people import division
from sandbox.errors import not_found
from sandbox.organisation import ScheduleGroup
from sandbox.scenario import ScheduleEntry
from sandbox.site import Site
from sandbox.wire import Answer, Asked, Endpoint, page

_GROUPS, _SCHEDULES = "/api/v2/architect/schedulegroups", "/api/v2/architect/schedules"


def groups(site: Site, asked: Asked) -> Answer:
    """Schedule groups, by ``name`` (case matters not; ``*`` at the end stands for anything)."""
    found = [_group(one) for one in site.organisation.schedule_groups.values() if _named(one.name, asked)]
    return Answer(page(asked, sorted(found, key=lambda one: str(one["name"]))))


def group(site: Site, asked: Asked) -> Answer:
    """One schedule group."""
    found = site.organisation.schedule_groups.get(asked.params["group_id"])
    if found is None:
        raise not_found("schedule group", asked.params["group_id"])
    return Answer(_group(found))


def schedules(site: Site, asked: Asked) -> Answer:
    """Schedules, by ``name``."""
    found = [_schedule(key, one) for key, one in _all(site).items() if _named(one.name, asked)]
    return Answer(page(asked, sorted(found, key=lambda one: str(one["name"]))))


def schedule(site: Site, asked: Asked) -> Answer:
    """One schedule."""
    key = asked.params["schedule_id"]
    found = _all(site).get(key)
    if found is None:
        raise not_found("schedule", key)
    return Answer(_schedule(key, found))


def _all(site: Site) -> dict[str, ScheduleEntry]:
    return {
        key: entry
        for one in site.organisation.schedule_groups.values()
        for entries in one.schedules.values()
        for key, entry in entries
    }


def _named(name: str, asked: Asked) -> bool:
    wanted = asked.one("name").casefold()
    return not wanted or name.casefold() == wanted or (wanted[-1] == "*" and name.casefold().startswith(wanted[:-1]))


def _group(found: ScheduleGroup) -> dict[str, Any]:
    def references(kind: str) -> list[dict[str, str]]:
        return [
            {"id": key, "name": entry.name, "selfUri": f"{_SCHEDULES}/{key}"} for key, entry in found.schedules[kind]
        ]

    return {
        "id": found.id,
        "name": found.name,
        "division": division("Home"),
        "version": 1,
        "state": "active",
        "timeZone": found.zone,
        "openSchedules": references("open"),
        "closedSchedules": references("closed"),
        "holidaySchedules": references("holidays"),
        "selfUri": f"{_GROUPS}/{found.id}",
    }


def _schedule(key: str, entry: ScheduleEntry) -> dict[str, Any]:
    recurs = {"rrule": entry.rrule} if entry.rrule else {}
    return {
        "id": key,
        "name": entry.name,
        "division": division("Home"),
        "version": 1,
        "state": entry.state,
        "start": entry.start.isoformat(timespec="milliseconds"),
        "end": entry.end.isoformat(timespec="milliseconds"),
        **recurs,
        "selfUri": f"{_SCHEDULES}/{key}",
    }


ENDPOINTS = (
    Endpoint("GET", _GROUPS, groups, ("routing:scheduleGroup:view",)),
    Endpoint("GET", f"{_GROUPS}/{{group_id}}", group, ("routing:scheduleGroup:view",)),
    Endpoint("GET", _SCHEDULES, schedules, ("routing:schedule:view",)),
    Endpoint("GET", f"{_SCHEDULES}/{{schedule_id}}", schedule, ("routing:schedule:view",)),
)
