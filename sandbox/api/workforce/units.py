"""Business units, and the activity codes of their schedules."""

from __future__ import annotations

from typing import Any

from sandbox.api.people import business_unit_reference, division_reference
from sandbox.organisation.model import BusinessUnit
from sandbox.site import Site
from sandbox.wire.errors import invalid, not_found
from sandbox.wire.messages import ApiRequest, ApiResponse, Endpoint

PATH = "/api/v2/workforcemanagement/businessunits"
_READERS = (
    *("wfm:publishedSchedule:view", "wfm:schedule:view", "wfm:intraday:view", "wfm:shortTermForecast:view"),
    *("wfm:historicalAdherence:view", "wfm:agent:view", "wfm:businessUnit:view", "wfm:activityCode:view"),
)

CODES = {
    "OnQueueWork": "0",
    "Break": "1",
    "Meal": "2",
    "Meeting": "3",
    "OffQueueWork": "4",
    "TimeOff": "5",
    "Training": "6",
    "Unavailable": "7",
}
"""Ids of the default activity codes by category."""


_METADATA = {"metadata": {"version": 1}}


def units(site: Site, request: ApiRequest) -> ApiResponse:
    """List the business units in the client's divisions. The parameter ``feature`` changes nothing here."""
    entities = [
        {
            **business_unit_reference(unit.id),
            "name": unit.name,
            "authorized": True,
            "division": division_reference(unit.groups[0].division),
        }
        for unit in site.organisation.business_units.values()
        if request.client.sees(unit.groups[0].division)
    ]
    return ApiResponse({"entities": entities})


def unit(site: Site, request: ApiRequest) -> ApiResponse:
    """Return one business unit, with those settings that ``expand`` asks for."""
    business_unit = unit_of(site, request)
    body: dict[str, Any] = {
        **business_unit_reference(business_unit.id),
        "name": business_unit.name,
        "division": division_reference(business_unit.groups[0].division),
    }
    settings = {"startDayOfWeek": business_unit.start_day_of_week, "timeZone": str(business_unit.zone)}
    expands = [name for text in request.parameters("expand") for name in text.split(",")]
    asked_names = {name for name in settings if {"settings", f"settings.{name}"} & set(expands)}
    for name in expands:
        if name not in ("settings", *(f"settings.{setting}" for setting in settings)):
            raise invalid("expand", f"{name} is not served by the sandbox")
    if asked_names:
        body["settings"] = {name: settings[name] for name in settings if name in asked_names} | _METADATA
    return ApiResponse(body)


def activity_codes(site: Site, request: ApiRequest) -> ApiResponse:
    """List the default activity codes, whose names are empty."""
    path = f"{PATH}/{unit_of(site, request).id}/activitycodes"
    entities = [
        {
            "id": code,
            "name": "",
            "active": True,
            "defaultCode": True,
            "category": category,
            "lengthInMinutes": 60,
            "countsAsPaidTime": category != "Meal",
            "countsAsWorkTime": category != "TimeOff",
            "agentTimeOffSelectable": category == "TimeOff",
            "countsTowardShrinkage": category != "OnQueueWork",
            "metadata": {"version": 1},
            "selfUri": f"{path}/{code}",
        }
        for category, code in CODES.items()
    ]
    return ApiResponse({"entities": entities})


def unit_of(site: Site, request: ApiRequest) -> BusinessUnit:
    """Return the business unit in the path. Refuse an unknown one with a 404."""
    unit_id = request.params["business_unit_id"]
    business_unit = site.organisation.business_units.get(unit_id)
    if business_unit is None:
        raise not_found("business unit", unit_id)
    return business_unit


ENDPOINTS = (
    Endpoint("GET", PATH, units),
    Endpoint("GET", f"{PATH}/{{business_unit_id}}", unit, _READERS, any_of=True),
    Endpoint("GET", f"{PATH}/{{business_unit_id}}/activitycodes", activity_codes, _READERS, any_of=True),
)
