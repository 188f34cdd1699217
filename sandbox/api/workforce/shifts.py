"""The search for agents' published schedules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sandbox.api.people import user_reference
from sandbox.api.workforce.plans import SCHEDULE_READERS, absent_agents, link, schedule_reference
from sandbox.api.workforce.units import CODES, PATH, unit_of
from sandbox.figures import planning
from sandbox.organisation.model import BusinessUnit, Group, make_id
from sandbox.records.generate.day import planned
from sandbox.records.instants import Span, dates_touching, moment, overlap
from sandbox.records.model import Shift
from sandbox.scenario.troubles import Calculating, NoSchedule
from sandbox.site import Site
from sandbox.wire.errors import invalid
from sandbox.wire.messages import ApiRequest, ApiResponse, Endpoint
from sandbox.wire.times import read_instant, utc_text

_DAY_MS = 86_400_000
_LONGEST_DAYS = 7


def search(site: Site, request: ApiRequest) -> ApiResponse:
    """Return the shifts and the time off that overlap a span, of those users who are in the business unit."""
    unit, body = unit_of(site, request), request.require("startDate", "endDate")
    span = read_instant(body["startDate"], "startDate"), read_instant(body["endDate"], "endDate")
    if not 0 < span[1] - span[0] <= _LONGEST_DAYS * _DAY_MS:
        raise invalid("endDate", f"the range must not be empty and must last at most {_LONGEST_DAYS} days")
    keys = tuple(group.key for group in unit.groups)
    operation = make_id("operation", f"{unit.id}:{span}")
    if trouble := site.troubles.strike(Calculating, keys, request.path):
        return ApiResponse({"status": trouble.state, "operationId": operation, "progress": 10}, 202)
    is_published = not site.troubles.find(NoSchedule, keys)
    result = _result(site, unit, span, set(body.get("userIds") or ()), is_published)
    answer: dict[str, Any] = {"status": "Complete", "operationId": operation, "progress": 100}
    if request.parameter("forceDownloadService") == "true":
        return ApiResponse({**answer, "downloadUrl": link(site, request, result)})
    return ApiResponse({**answer, "result": result})


def _result(site: Site, unit: BusinessUnit, span: Span, users: set[str], is_published: bool) -> dict[str, Any]:
    schedules = {
        reference["id"]: {**reference, "weekCount": 1}
        for day in dates_touching(span, unit.zone)[1:]
        for reference in (schedule_reference(unit, day),)
    }
    absent_by_group = absent_agents(site, unit)
    agent_schedules = [
        schedule
        for group in unit.groups
        if users.intersection(agent.id for agent in group.agents)
        for schedule in _of_group(site, unit, group, span, users, absent_by_group.get(group.key, 0))
    ]
    return {
        "businessUnitTimeZone": str(unit.zone),
        "publishedSchedules": list(schedules.values()) if is_published else [],
        "agentSchedules": agent_schedules if is_published else [],
    }


def _of_group(
    site: Site, unit: BusinessUnit, group: Group, span: Span, users: set[str], absent_count: int
) -> Iterator[dict[str, Any]]:
    shifts: dict[str, list[dict[str, Any]]] = {agent.id: [] for agent in group.agents if agent.id in users}
    for day in dates_touching(span, group.zone):
        plan = planned(site.scenario.seed, group, day)
        for shift in planning.shifts_of(group, plan, absent_count) if plan else ():
            begin, end = shift.planned[0].start, shift.planned[-1].end
            if shift.agent_id in shifts and overlap(span, (begin, end)):
                shifts[shift.agent_id].append(_shift_json(unit, shift, day))
    for agent in (agent for agent in group.agents if agent.id in shifts):
        is_off = agent in group.agents[len(group.agents) - absent_count :]
        markers = [_marker(day) for day in dates_touching(span, unit.zone)[1:]] if is_off else []
        yield {"user": user_reference(agent), "shifts": shifts[agent.id], "fullDayTimeOffMarkers": markers}


def _shift_json(unit: BusinessUnit, shift: Shift, day: date) -> dict[str, Any]:
    begin, end = shift.planned[0].start, shift.planned[-1].end
    return {
        "id": make_id("shift", f"{shift.agent_id}:{day}"),
        "startDate": utc_text(begin),
        "lengthMinutes": (end - begin) // 60_000,
        "schedule": schedule_reference(unit, moment(begin, unit.zone).date()),
        "activities": [
            {
                "startDate": utc_text(activity.start),
                "lengthMinutes": (activity.end - activity.start) // 60_000,
                "activityCodeId": CODES[activity.category],
                "description": "",
                "paid": activity.category != "Meal",
            }
            for activity in shift.planned
        ],
    }


def _marker(day: date) -> dict[str, Any]:
    return {
        "businessUnitDate": day.isoformat(),
        "lengthMinutes": 480,
        "description": "Annual leave",
        "activityCodeId": CODES["TimeOff"],
        "paid": True,
        "payableMinutes": 480,
        "timeOffRequestId": make_id("timeoff", day.isoformat()),
    }


ENDPOINTS = (
    Endpoint("POST", f"{PATH}/{{business_unit_id}}/agentschedules/search", search, SCHEDULE_READERS, any_of=True),
)
