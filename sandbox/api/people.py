"""Users, divisions and management units."""

from __future__ import annotations

from typing import Any

from sandbox.errors import not_found
from sandbox.organisation import Agent, Group, make_id
from sandbox.site import Site
from sandbox.wire import Answer, Asked, Endpoint, page

_UNIT_USERS = ("wfm:agent:view", "wfm:historicalAdherence:view", "wfm:schedule:view", "wfm:publishedSchedule:view")
_AGENT_UNIT = ("wfm:agent:view", "wfm:publishedSchedule:view", "wfm:schedule:view")
_UNITS = "/api/v2/workforcemanagement/managementunits"


def division(name: str) -> dict[str, Any]:
    """A division as other things refer to it."""
    found = make_id("division", name)
    return {"id": found, "name": name, "selfUri": f"/api/v2/authorization/divisions/{found}"}


def user(agent: Agent) -> dict[str, Any]:
    """A user."""
    return {
        "id": agent.id,
        "name": agent.name,
        "division": division(agent.division),
        "department": "Service",
        "email": agent.email,
        "state": "active",
        "title": "Agent",
        "username": agent.email,
        "selfUri": f"/api/v2/users/{agent.id}",
    }


def users(site: Site, asked: Asked) -> Answer:
    """Users, by ``id`` (repeated, or with commas) and ``state``."""
    ids, state = asked.many("id"), asked.one("state", "active")
    found = [agent for agent in site.organisation.agents.values() if not ids or agent.id in ids]
    if state not in ("active", "any"):
        found = []
    return Answer(page(asked, [user(agent) for agent in sorted(found, key=lambda agent: agent.name)]))


def one_user(site: Site, asked: Asked) -> Answer:
    """One user."""
    return Answer(user(_agent(site, asked.params["user_id"])))


def divisions(site: Site, asked: Asked) -> Answer:
    """All divisions; the first is the home division."""
    names = dict.fromkeys(["Home", *(group.division for group in site.organisation.groups.values())])
    entities = [{**division(name), "description": name, "homeDivision": name == "Home"} for name in names]
    return Answer(page(asked, entities))


def units(site: Site, asked: Asked) -> Answer:
    """All management units."""
    entities = [_unit(group) for group in site.organisation.units.values()]
    return Answer({"entities": entities, "pageNumber": 1, "pageSize": len(entities), "total": len(entities)})


def unit(site: Site, asked: Asked) -> Answer:
    """One management unit."""
    return Answer(_unit(_unit_group(site, asked.params["unit_id"])))


def unit_users(site: Site, asked: Asked) -> Answer:
    """References to the users of a management unit."""
    group = _unit_group(site, asked.params["unit_id"])
    return Answer({"entities": [_reference(agent) for agent in group.agents]})


def unit_of_agent(site: Site, asked: Asked) -> Answer:
    """The management unit of a user."""
    agent = _agent(site, asked.params["agent_id"])
    group = site.organisation.groups[agent.group]
    if group.unit_id is None:
        raise not_found("management unit of the agent", agent.id)
    return Answer(
        {
            "user": _reference(agent),
            "managementUnit": {"id": group.unit_id, "selfUri": f"{_UNITS}/{group.unit_id}"},
            "businessUnit": _business_unit(),
        }
    )


def _agent(site: Site, user_id: str) -> Agent:
    if user_id not in site.organisation.agents:
        raise not_found("user", user_id)
    return site.organisation.agents[user_id]


def _unit_group(site: Site, unit_id: str) -> Group:
    if unit_id not in site.organisation.units:
        raise not_found("management unit", unit_id)
    return site.organisation.units[unit_id]


def _unit(group: Group) -> dict[str, Any]:
    return {
        "id": group.unit_id,
        "name": group.title,
        "businessUnit": _business_unit(),
        "startDayOfWeek": "Monday",
        "timeZone": str(group.zone),
        "division": {key: value for key, value in division(group.division).items() if key != "name"},
        "selfUri": f"{_UNITS}/{group.unit_id}",
    }


def _business_unit() -> dict[str, str]:
    found = make_id("businessunit", "all")
    return {"id": found, "selfUri": f"/api/v2/workforcemanagement/businessunits/{found}"}


def _reference(agent: Agent) -> dict[str, str]:
    return {"id": agent.id, "selfUri": f"/api/v2/users/{agent.id}"}


ENDPOINTS = (
    Endpoint("GET", "/api/v2/users", users),
    Endpoint("GET", "/api/v2/users/{user_id}", one_user),
    Endpoint("GET", "/api/v2/authorization/divisions", divisions),
    Endpoint("GET", _UNITS, units),
    Endpoint("GET", f"{_UNITS}/{{unit_id}}", unit),
    Endpoint("GET", f"{_UNITS}/{{unit_id}}/users", unit_users, _UNIT_USERS, any_of=True),
    Endpoint(
        "GET", "/api/v2/workforcemanagement/agents/{agent_id}/managementunit", unit_of_agent, _AGENT_UNIT, any_of=True
    ),
)
