"""Users, divisions and management units."""

from __future__ import annotations

from typing import Any

from sandbox.organisation.model import Agent, Group, make_id
from sandbox.scenario.troubles import MovedUnit
from sandbox.site import Site
from sandbox.wire.errors import not_found
from sandbox.wire.messages import ApiRequest, ApiResponse, Endpoint, page

_UNIT_USERS = ("wfm:agent:view", "wfm:historicalAdherence:view", "wfm:schedule:view", "wfm:publishedSchedule:view")
_AGENT_UNIT = ("wfm:agent:view", "wfm:publishedSchedule:view", "wfm:schedule:view")
_UNITS = "/api/v2/workforcemanagement/managementunits"


def division_json(name: str) -> dict[str, Any]:
    """Return a reference to a division."""
    division_id = make_id("division", name)
    return {"id": division_id, "name": name, "selfUri": f"/api/v2/authorization/divisions/{division_id}"}


def division_reference(name: str) -> dict[str, Any]:
    """Return a reference to a division without its name, as the workforce management writes it."""
    return {key: value for key, value in division_json(name).items() if key != "name"}


def user_json(agent: Agent) -> dict[str, Any]:
    """Return a user."""
    return {
        "id": agent.id,
        "name": agent.name,
        "division": division_json(agent.division),
        "department": "Service",
        "email": agent.email,
        "state": "active",
        "title": "Agent",
        "username": agent.email,
        "selfUri": f"/api/v2/users/{agent.id}",
    }


def users(site: Site, request: ApiRequest) -> ApiResponse:
    """List users by ``id`` (repeated, or with commas between) and ``state``."""
    ids, state = request.parameters("id"), request.parameter("state", "active")
    agents = [agent for agent in site.organisation.agents.values() if not ids or agent.id in ids]
    if state not in ("active", "any"):
        agents = []
    return ApiResponse(page(request, [user_json(agent) for agent in sorted(agents, key=lambda agent: agent.name)]))


def user(site: Site, request: ApiRequest) -> ApiResponse:
    """Return one user."""
    return ApiResponse(user_json(_agent(site, request.params["user_id"])))


def divisions(site: Site, request: ApiRequest) -> ApiResponse:
    """List all divisions. The first is the home division."""
    names = dict.fromkeys(["Home", *(group.division for group in site.organisation.groups.values())])
    entities = [{**division_json(name), "description": name, "homeDivision": name == "Home"} for name in names]
    return ApiResponse(page(request, entities))


def units(site: Site, request: ApiRequest) -> ApiResponse:
    """List the management units in the client's divisions."""
    visible_groups = (group for group in site.organisation.units.values() if request.client.sees(group.division))
    entities = [_unit_json(site, group) for group in visible_groups]
    return ApiResponse({"entities": entities, "pageNumber": 1, "pageSize": len(entities), "total": len(entities)})


def unit(site: Site, request: ApiRequest) -> ApiResponse:
    """Return one management unit."""
    return ApiResponse(_unit_json(site, _group_of_unit(site, request.params["unit_id"])))


def unit_users(site: Site, request: ApiRequest) -> ApiResponse:
    """List references to the users of a management unit."""
    group = _group_of_unit(site, request.params["unit_id"])
    return ApiResponse({"entities": [user_reference(agent) for agent in group.agents]})


def unit_of_agent(site: Site, request: ApiRequest) -> ApiResponse:
    """Return the management unit of a user."""
    agent = _agent(site, request.params["agent_id"])
    group = site.organisation.groups[agent.group]
    if group.unit_id is None:
        raise not_found("management unit of the agent", agent.id)
    return ApiResponse(
        {
            "user": user_reference(agent),
            "managementUnit": {"id": group.unit_id, "selfUri": f"{_UNITS}/{group.unit_id}"},
            "businessUnit": business_unit_reference(make_id("businessunit", group.business_unit)),
        }
    )


def _agent(site: Site, user_id: str) -> Agent:
    if user_id not in site.organisation.agents:
        raise not_found("user", user_id)
    return site.organisation.agents[user_id]


def _group_of_unit(site: Site, unit_id: str) -> Group:
    if unit_id not in site.organisation.units:
        raise not_found("management unit", unit_id)
    return site.organisation.units[unit_id]


def _unit_json(site: Site, group: Group) -> dict[str, Any]:
    trouble = site.troubles.find(MovedUnit, (group.key,))
    business_unit = trouble.business_unit if trouble else group.business_unit
    return {
        "id": group.unit_id,
        "name": group.title,
        "businessUnit": business_unit_reference(make_id("businessunit", business_unit)),
        "startDayOfWeek": "Monday",
        "timeZone": str(group.zone),
        "division": division_reference(group.division),
        "selfUri": f"{_UNITS}/{group.unit_id}",
    }


def business_unit_reference(unit_id: str) -> dict[str, str]:
    """Return a reference to a business unit."""
    return {"id": unit_id, "selfUri": f"/api/v2/workforcemanagement/businessunits/{unit_id}"}


def user_reference(agent: Agent) -> dict[str, str]:
    """Return a reference to a user."""
    return {"id": agent.id, "selfUri": f"/api/v2/users/{agent.id}"}


ENDPOINTS = (
    Endpoint("GET", "/api/v2/users", users),
    Endpoint("GET", "/api/v2/users/{user_id}", user),
    Endpoint("GET", "/api/v2/authorization/divisions", divisions),
    Endpoint("GET", _UNITS, units),
    Endpoint("GET", f"{_UNITS}/{{unit_id}}", unit),
    Endpoint("GET", f"{_UNITS}/{{unit_id}}/users", unit_users, _UNIT_USERS, any_of=True),
    Endpoint(
        "GET", "/api/v2/workforcemanagement/agents/{agent_id}/managementunit", unit_of_agent, _AGENT_UNIT, any_of=True
    ),
)
