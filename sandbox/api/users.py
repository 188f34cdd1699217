"""`POST /api/v2/analytics/users/aggregates/query`: routing status and presence times."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sandbox.api.filters import Facts, read, values
from sandbox.errors import invalid
from sandbox.instants import bounds, read_interval, read_zone, utc_text
from sandbox.organisation import Agent, make_id
from sandbox.site import Site
from sandbox.spans import Span
from sandbox.statuses import PRESENCES, presences, routing
from sandbox.wire import Answer, Asked, Endpoint

METRICS = ("tAgentRoutingStatus", "tOrganizationPresence", "tSystemPresence")
MAX_USERS = 100
"""User predicates in one query."""

Sums = dict[str, dict[str, dict[str, int]]]
"""Milliseconds by agent, metric and qualifier."""


def query(site: Site, asked: Asked) -> Answer:
    """The times of every user who has any, in buckets."""
    body = asked.require("interval", "metrics")
    metrics = _metrics(body)
    grouped = _grouped(body)
    agents = _agents(site, asked, body)
    marks = bounds(read_interval(body["interval"]), body.get("granularity"), read_zone(body.get("timeZone") or "UTC"))
    data: dict[str, list[dict[str, Any]]] = {}
    for span in pairwise(marks):
        for user, found in _states(_sums(site, agents, span), metrics, grouped).items():
            data.setdefault(user, []).append({"interval": f"{utc_text(span[0])}/{utc_text(span[1])}", "metrics": found})
    results = [{"group": {"userId": user} if grouped else {}, "data": rows} for user, rows in sorted(data.items())]
    mappings = {presence: [make_id("presence", presence)] for presence in sorted(PRESENCES.values())}
    return Answer({"systemToOrganizationMappings": mappings, **({"results": results} if results else {})})


def _metrics(body: dict[str, Any]) -> list[str]:
    for one in body["metrics"]:
        if one not in METRICS:
            raise invalid("metrics", f"expected some of {', '.join(METRICS)}; found {one}")
    return list(body["metrics"])


def _grouped(body: dict[str, Any]) -> bool:
    if any(one != "userId" for one in body.get("groupBy") or ()):
        raise invalid("groupBy", "users can be grouped by userId only")
    return bool(body.get("groupBy"))


def _agents(site: Site, asked: Asked, body: dict[str, Any]) -> list[Agent]:
    """Who passes the filter, in divisions that the client may see."""
    if (count := len(values(body.get("filter"), "userId"))) > MAX_USERS:
        raise invalid("filter", f"a query takes at most {MAX_USERS} userId predicates; found {count}")
    passes = read(body.get("filter"), ("userId",))
    return [
        agent
        for agent in site.organisation.agents.values()
        if passes(Facts(None, None, agent.id)) and {"*", agent.division} & set(asked.client.divisions)
    ]


def _sums(site: Site, agents: list[Agent], span: Span) -> Sums:
    wanted = {agent.id for agent in agents}
    sums: Sums = {}
    for key in dict.fromkeys(agent.group for agent in agents):
        days = list(site.days(site.organisation.groups[key], span))
        statuses = routing((stretch for day in days for stretch in day.stretches), span)
        present = presences((shift for day in days for shift in day.shifts), span)
        for metric, found in (("tAgentRoutingStatus", statuses), ("tSystemPresence", present)):
            for user in wanted & found.keys():
                sums.setdefault(user, {})[metric] = found[user]
    return sums


def _states(sums: Sums, metrics: list[str], grouped: bool) -> dict[str, list[dict[str, Any]]]:
    if not grouped:
        sums = {"": _together(sums)} if sums else {}
    stated = {user: _stated(of_user, metrics) for user, of_user in sums.items()}
    return {user: found for user, found in stated.items() if found}


def _together(sums: Sums) -> dict[str, dict[str, int]]:
    whole: dict[str, dict[str, int]] = {}
    for of_user in sums.values():
        for metric, qualifiers in of_user.items():
            target = whole.setdefault(metric, {})
            for qualifier, lasted in qualifiers.items():
                target[qualifier] = target.get(qualifier, 0) + lasted
    return whole


def _stated(of_user: dict[str, dict[str, int]], metrics: list[str]) -> list[dict[str, Any]]:
    present = of_user.get("tSystemPresence", {})
    custom = {make_id("presence", qualifier): lasted for qualifier, lasted in present.items()}
    known = {**of_user, "tOrganizationPresence": custom}
    return [
        {"metric": metric, "qualifier": qualifier, "stats": {"sum": lasted}}
        for metric in sorted(set(metrics))
        for qualifier, lasted in sorted(known.get(metric, {}).items())
    ]


ENDPOINTS = (Endpoint("POST", "/api/v2/analytics/users/aggregates/query", query, ("analytics:userAggregate:view",)),)
