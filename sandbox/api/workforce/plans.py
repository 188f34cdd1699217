"""Planning groups, published schedules and the three files of a schedule: required agents, prediction, forecast."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, time
from typing import Any

from sandbox.api.workforce.units import PATH, unit_of
from sandbox.figures import planning
from sandbox.figures.planning import PlanningGroup, Week
from sandbox.organisation.model import BusinessUnit, make_id
from sandbox.scenario.troubles import Calculating, NoForecast, NoSchedule, Shortage, TimeOff
from sandbox.site import Site
from sandbox.wire.errors import invalid, not_found
from sandbox.wire.jobs import File
from sandbox.wire.messages import ApiRequest, ApiResponse, Endpoint
from sandbox.wire.times import utc_text

SCHEDULE_READERS = ("wfm:publishedSchedule:view", "wfm:schedule:view")
LARGEST_RESULT = 100_000
"""Bytes. A larger result is a file behind ``downloadUrl``."""

_UNIT = f"{PATH}/{{business_unit_id}}"
_SCHEDULE = f"{_UNIT}/weeks/{{week}}/schedules/{{schedule_id}}"


def planning_groups(site: Site, request: ApiRequest) -> ApiResponse:
    """List the planning groups of a date. Without schedule or forecast, the list is empty and has the reason."""
    unit = unit_of(site, request)
    _date(request.parameter("date"), "date")
    if reason := _no_data_reason(site, unit):
        return ApiResponse({"entities": [], "noDataReason": reason})
    return ApiResponse({"entities": [_planning_group_json(group) for group in planning.planning_groups(unit)]})


def schedules(site: Site, request: ApiRequest) -> ApiResponse:
    """List the schedule of a week. A date that is no first day of a week gets 404."""
    unit, week = unit_of(site, request), _week(site, request)
    if site.troubles.find(NoSchedule, _keys(unit)):
        return ApiResponse({"entities": []})
    schedule_id = _schedule_id(unit, week)
    entity: dict[str, Any] = {
        "id": schedule_id,
        "weekDate": week.isoformat(),
        "weekCount": 1,
        "description": f"Week of {week}",
        "published": True,
        "metadata": {"version": 1, "dateModified": utc_text(planning.week_span(unit, week)[0])},
        "selfUri": f"{PATH}/{unit.id}/weeks/{week}/schedules/{schedule_id}",
    }
    if not site.troubles.find(NoForecast, _keys(unit)):
        forecast_id = _forecast_id(unit, week)
        entity["shortTermForecast"] = {
            "id": forecast_id,
            "weekDate": week.isoformat(),
            "description": f"Forecast of {week}",
            "selfUri": f"{PATH}/{unit.id}/weeks/{week}/shorttermforecasts/{forecast_id}",
        }
    return ApiResponse({"entities": [entity]})


def headcount(site: Site, request: ApiRequest) -> ApiResponse:
    """Return how many agents each planning group needs, by quarter of an hour of the week."""
    unit, week = unit_of(site, request), _schedule_week(site, request)
    plan = _plan(site, unit, week)
    entities = [
        {
            "planningGroup": {"id": group_id},
            "requiredPerInterval": _rounded(agents * planning.SHRINKAGE for agents in group.required),
            "requiredWithoutShrinkagePerInterval": _rounded(group.required),
        }
        for group_id, group in plan.groups.items()
    ]
    result = {"referenceStartDate": utc_text(plan.span[0]), "entities": entities}
    return ApiResponse(_result_or_link(site, request, result))


def prediction(site: Site, request: ApiRequest) -> ApiResponse:
    """Return the link to the predicted service level, or the state of its calculation."""
    unit, week = unit_of(site, request), _schedule_week(site, request)
    schedule_id = request.params["schedule_id"]
    body = {
        "id": make_id("prediction", schedule_id),
        "weekDate": week.isoformat(),
        "scheduleId": schedule_id,
    }
    if trouble := site.troubles.strike(Calculating, _keys(unit), request.path):
        return ApiResponse({**body, "state": trouble.state}, 202)
    plan = _plan(site, unit, week)
    levels = _rounded(planning.service_level(staffing) for staffing in plan.staffing)
    groups = [
        {
            "planningGroupId": group_id,
            "serviceLevelPerInterval": levels,
            "occupancyPerInterval": [round(min(100.0, 86.0 / max(staffing, 0.1)), 1) for staffing in plan.staffing],
            "averageSpeedOfAnswerSecondsPerInterval": [round(200 - 2 * level, 1) for level in levels],
            "abandonRatePerInterval": [round((100 - level) / 5, 1) for level in levels],
        }
        for group_id in plan.groups
    ]
    outputs = {
        "calculationStartDate": utc_text(plan.span[0]),
        "calculationIntervalLengthMinutes": 15,
        "planningGroupResults": groups,
    }
    return ApiResponse({**body, "state": "Complete", "downloadUrl": link(site, request, outputs)})


def forecast(site: Site, request: ApiRequest) -> ApiResponse:
    """Return the forecast contacts and handle times, by quarter of an hour of the week."""
    unit, week = unit_of(site, request), _week(site, request)
    if request.params["forecast_id"] != _forecast_id(unit, week):
        raise not_found("forecast", request.params["forecast_id"])
    if request.parameter("weekNumber", "1") != "1":
        raise invalid("weekNumber", "the forecast has one week")
    plan = _plan(site, unit, week)
    groups = [
        {
            "planningGroupId": group_id,
            "offeredPerInterval": _rounded(group.offered),
            "averageHandleTimeSecondsPerInterval": _rounded(
                work / offered if offered else 0.0 for work, offered in zip(group.work, group.offered, strict=True)
            ),
        }
        for group_id, group in plan.groups.items()
    ]
    start = utc_text(plan.span[0])
    result = {"referenceStartDate": start, "weekNumber": 1, "weekCount": 1, "planningGroups": groups}
    return ApiResponse(_result_or_link(site, request, result))


def link(site: Site, request: ApiRequest, content: dict[str, Any]) -> str:
    """Return the signed address of a JSON file with this content."""
    file = File("workforce.json", "application/json", json.dumps(content).encode())
    return f"{request.base}/_files/{site.jobs.publish(file)}"


def schedule_reference(unit: BusinessUnit, day: date) -> dict[str, Any]:
    """Return a reference to the schedule that covers a day of the unit's zone."""
    week = planning.first_day(unit, day)
    schedule_id = _schedule_id(unit, week)
    path = f"{PATH}/{unit.id}/weeks/{week}/schedules/{schedule_id}"
    return {"id": schedule_id, "weekDate": week.isoformat(), "selfUri": path}


def absent_agents(site: Site, unit: BusinessUnit) -> dict[str, int]:
    """Return how many agents have time off, by group."""
    troubles = ((group.key, site.troubles.find(TimeOff, (group.key,))) for group in unit.groups)
    return {key: trouble.agents for key, trouble in troubles if trouble}


def _plan(site: Site, unit: BusinessUnit, week: date) -> Week:
    troubles = ((group.key, site.troubles.find(Shortage, (group.key,))) for group in unit.groups)
    shortages = {
        key: planning.Shortage(time.fromisoformat(trouble.time), trouble.agents) for key, trouble in troubles if trouble
    }
    return site.plans.week(site.scenario.seed, unit, week, shortages, absent_agents(site, unit))


def _no_data_reason(site: Site, unit: BusinessUnit) -> str | None:
    if site.troubles.find(NoSchedule, _keys(unit)):
        return "NoPublishedSchedule"
    return "NoSourceForecast" if site.troubles.find(NoForecast, _keys(unit)) else None


def _planning_group_json(group: PlanningGroup) -> dict[str, Any]:
    paths = [
        {"queue": {"id": queue.id, "selfUri": f"/api/v2/routing/queues/{queue.id}"}, "mediaType": group.media.title()}
        for queue in group.queues
    ]
    objective = group.queues[0].objective_for(group.media)
    goal = {"percent": round(100 * objective.target), "seconds": round(objective.threshold_ms / 1000)}
    return {
        "id": group.id,
        "name": group.name,
        "routePaths": paths,
        "serviceGoalTemplate": {"serviceLevel": goal, "averageSpeedOfAnswer": {"seconds": 25}},
    }


def _keys(unit: BusinessUnit) -> tuple[str, ...]:
    return tuple(group.key for group in unit.groups)


def _result_or_link(site: Site, request: ApiRequest, result: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(result)) <= LARGEST_RESULT:
        return {"result": result}
    return {"downloadUrl": link(site, request, result)}


def _date(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise invalid(field, f"Invalid date: {text}", code="invalid.date") from None


def _week(site: Site, request: ApiRequest) -> date:
    unit, week = unit_of(site, request), _date(request.params["week"], "weekId")
    if planning.first_day(unit, week) != week:
        raise not_found("week", request.params["week"])
    return week


def _schedule_week(site: Site, request: ApiRequest) -> date:
    unit, week = unit_of(site, request), _week(site, request)
    is_published = not site.troubles.find(NoSchedule, _keys(unit))
    if not is_published or request.params["schedule_id"] != _schedule_id(unit, week):
        raise not_found("schedule", request.params["schedule_id"])
    return week


def _schedule_id(unit: BusinessUnit, week: date) -> str:
    return make_id("schedule", f"{unit.name}:{week}")


def _forecast_id(unit: BusinessUnit, week: date) -> str:
    return make_id("forecast", f"{unit.name}:{week}")


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(value, 2) for value in values]


ENDPOINTS = (
    Endpoint("GET", f"{_UNIT}/intraday/planninggroups", planning_groups, ("wfm:intraday:view",), any_of=True),
    Endpoint("GET", f"{_UNIT}/weeks/{{week}}/schedules", schedules, SCHEDULE_READERS, any_of=True),
    Endpoint("GET", f"{_SCHEDULE}/headcountforecast", headcount, SCHEDULE_READERS, any_of=True),
    Endpoint("GET", f"{_SCHEDULE}/performancepredictions", prediction, SCHEDULE_READERS, any_of=True),
    Endpoint(
        "GET",
        f"{_UNIT}/weeks/{{week}}/shorttermforecasts/{{forecast_id}}/data",
        forecast,
        ("wfm:shortTermForecast:view",),
        any_of=True,
    ),
)
