"""Schedule groups and schedules."""

from __future__ import annotations

from typing import Any

from sandbox.api.people import division_json
from sandbox.organisation.model import ScheduleGroup
from sandbox.scenario.file import ScheduleEntry
from sandbox.site import Site
from sandbox.wire.errors import not_found
from sandbox.wire.messages import ApiRequest, ApiResponse, Endpoint, page

_GROUPS, _SCHEDULES = "/api/v2/architect/schedulegroups", "/api/v2/architect/schedules"


def groups(site: Site, request: ApiRequest) -> ApiResponse:
    """List schedule groups by ``name``. Case does not matter, and ``*`` at the end matches any text."""
    matches = (group for group in site.organisation.schedule_groups.values() if _has_name(group.name, request))
    return ApiResponse(page(request, [_group_json(group) for group in sorted(matches, key=lambda group: group.name)]))


def group(site: Site, request: ApiRequest) -> ApiResponse:
    """Return one schedule group."""
    schedule_group = site.organisation.schedule_groups.get(request.params["group_id"])
    if schedule_group is None:
        raise not_found("schedule group", request.params["group_id"])
    return ApiResponse(_group_json(schedule_group))


def schedules(site: Site, request: ApiRequest) -> ApiResponse:
    """List schedules by ``name``."""
    matches = [(key, entry) for key, entry in _schedules(site).items() if _has_name(entry.name, request)]
    matches.sort(key=lambda match: match[1].name)
    return ApiResponse(page(request, [_schedule_json(key, entry) for key, entry in matches]))


def schedule(site: Site, request: ApiRequest) -> ApiResponse:
    """Return one schedule."""
    key = request.params["schedule_id"]
    entry = _schedules(site).get(key)
    if entry is None:
        raise not_found("schedule", key)
    return ApiResponse(_schedule_json(key, entry))


def _schedules(site: Site) -> dict[str, ScheduleEntry]:
    return {
        key: entry
        for schedule_group in site.organisation.schedule_groups.values()
        for entries in schedule_group.schedules.values()
        for key, entry in entries
    }


def _has_name(name: str, request: ApiRequest) -> bool:
    pattern = request.parameter("name").casefold()
    if not pattern or name.casefold() == pattern:
        return True
    return pattern[-1] == "*" and name.casefold().startswith(pattern[:-1])


def _group_json(schedule_group: ScheduleGroup) -> dict[str, Any]:
    def references(kind: str) -> list[dict[str, str]]:
        return [
            {"id": key, "name": entry.name, "selfUri": f"{_SCHEDULES}/{key}"}
            for key, entry in schedule_group.schedules[kind]
        ]

    return {
        "id": schedule_group.id,
        "name": schedule_group.name,
        "division": division_json("Home"),
        "version": 1,
        "state": "active",
        "timeZone": schedule_group.zone,
        "openSchedules": references("open"),
        "closedSchedules": references("closed"),
        "holidaySchedules": references("holidays"),
        "selfUri": f"{_GROUPS}/{schedule_group.id}",
    }


def _schedule_json(key: str, entry: ScheduleEntry) -> dict[str, Any]:
    recurrence = {"rrule": entry.rrule} if entry.rrule else {}
    return {
        "id": key,
        "name": entry.name,
        "division": division_json("Home"),
        "version": 1,
        "state": entry.state,
        "start": entry.start.isoformat(timespec="milliseconds"),
        "end": entry.end.isoformat(timespec="milliseconds"),
        **recurrence,
        "selfUri": f"{_SCHEDULES}/{key}",
    }


ENDPOINTS = (
    Endpoint("GET", _GROUPS, groups, ("routing:scheduleGroup:view",)),
    Endpoint("GET", f"{_GROUPS}/{{group_id}}", group, ("routing:scheduleGroup:view",)),
    Endpoint("GET", _SCHEDULES, schedules, ("routing:schedule:view",)),
    Endpoint("GET", f"{_SCHEDULES}/{{schedule_id}}", schedule, ("routing:schedule:view",)),
)
