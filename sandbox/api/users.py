"""`POST /api/v2/analytics/users/aggregates/query`: routing status and presence times."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sandbox.api.filters import Facts, read, values
from sandbox.figures.statuses import PRESENCES, presence_times, routing_times
from sandbox.organisation.model import Agent, make_id
from sandbox.records.instants import Span
from sandbox.site import Site
from sandbox.wire.errors import invalid
from sandbox.wire.messages import ApiRequest, ApiResponse, Endpoint
from sandbox.wire.times import bucket_edges, interval_text, read_interval, read_zone

METRICS = ("tAgentRoutingStatus", "tOrganizationPresence", "tSystemPresence")
MAX_USERS = 100
"""User predicates in one query."""

UserTimes = dict[str, dict[str, int]]
"""Milliseconds by metric and qualifier."""


def run(site: Site, request: ApiRequest) -> ApiResponse:
    """Answer a query: the times of every user who has any, in buckets."""
    body = request.require("interval", "metrics")
    metrics, by_user, agents = _metrics(body), _is_by_user(body), _agents(site, request, body)
    span, zone = read_interval(body["interval"]), read_zone(body.get("timeZone") or "UTC")
    data: dict[str, list[dict[str, Any]]] = {}
    for bucket in pairwise(bucket_edges(span, body.get("granularity"), zone)):
        times = _times(site, agents, bucket)
        for user, user_times in (times if by_user else _total(times)).items():
            if metrics_json := _metrics_json(user_times, metrics):
                data.setdefault(user, []).append({"interval": interval_text(bucket), "metrics": metrics_json})
    results = [{"group": {"userId": user} if by_user else {}, "data": rows} for user, rows in sorted(data.items())]
    mappings = {presence: [make_id("presence", presence)] for presence in sorted(PRESENCES.values())}
    return ApiResponse({"systemToOrganizationMappings": mappings, **({"results": results} if results else {})})


def _metrics(body: dict[str, Any]) -> list[str]:
    for metric in body["metrics"]:
        if metric not in METRICS:
            raise invalid("metrics", f"expected some of {', '.join(METRICS)}; found {metric}")
    return list(body["metrics"])


def _is_by_user(body: dict[str, Any]) -> bool:
    if any(dimension != "userId" for dimension in body.get("groupBy") or ()):
        raise invalid("groupBy", "users can be grouped by userId only")
    return bool(body.get("groupBy"))


def _agents(site: Site, request: ApiRequest, body: dict[str, Any]) -> list[Agent]:
    """Return the agents who pass the filter, in the divisions that the client may see."""
    if (count := len(values(body.get("filter"), "userId"))) > MAX_USERS:
        raise invalid("filter", f"a query takes at most {MAX_USERS} userId predicates; found {count}")
    passes = read(body.get("filter"), ("userId",))
    return [
        agent
        for agent in site.organisation.agents.values()
        if passes(Facts(None, None, agent.id)) and request.client.sees(agent.division)
    ]


def _times(site: Site, agents: list[Agent], span: Span) -> dict[str, UserTimes]:
    """Return the times of each agent in the span, by user id."""
    ids = {agent.id for agent in agents}
    times: dict[str, UserTimes] = {}
    for key in dict.fromkeys(agent.group for agent in agents):
        days = list(site.days(site.organisation.groups[key], span))
        statuses = routing_times((period for day in days for period in day.status_periods), span)
        presences = presence_times((shift for day in days for shift in day.shifts), span)
        for metric, by_user in (("tAgentRoutingStatus", statuses), ("tSystemPresence", presences)):
            for user in ids & by_user.keys():
                times.setdefault(user, {})[metric] = by_user[user]
    return times


def _total(times: dict[str, UserTimes]) -> dict[str, UserTimes]:
    """Return the sums of all users under an empty id."""
    total: UserTimes = {}
    for user_times in times.values():
        for metric, qualifiers in user_times.items():
            sums = total.setdefault(metric, {})
            for qualifier, duration in qualifiers.items():
                sums[qualifier] = sums.get(qualifier, 0) + duration
    return {"": total} if times else {}


def _metrics_json(times: UserTimes, metrics: list[str]) -> list[dict[str, Any]]:
    presences = times.get("tSystemPresence", {})
    own_presences = {make_id("presence", qualifier): duration for qualifier, duration in presences.items()}
    all_times = {**times, "tOrganizationPresence": own_presences}
    return [
        {"metric": metric, "qualifier": qualifier, "stats": {"sum": duration}}
        for metric in sorted(set(metrics))
        for qualifier, duration in sorted(all_times.get(metric, {}).items())
    ]


ENDPOINTS = (Endpoint("POST", "/api/v2/analytics/users/aggregates/query", run, ("analytics:userAggregate:view",)),)
