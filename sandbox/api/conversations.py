"""`POST /api/v2/analytics/conversations/aggregates/query`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sandbox.api.filters import ANY_USER, DIMENSIONS, Facts, Test, read
from sandbox.figures.conversations import SERVICE_LEVEL_PARTS, Tallies, Tally, events, metrics_json
from sandbox.organisation.model import Queue
from sandbox.records.instants import Span
from sandbox.records.model import Call
from sandbox.site import Site
from sandbox.wire.errors import invalid
from sandbox.wire.messages import ApiRequest, ApiResponse, Endpoint
from sandbox.wire.times import bucket_edges, bucket_index, interval_text, read_interval, read_zone

_METRIC_NAMES = """
    nAgentDeclined nAlertExpired nBlindTransferred nBotInteractions nCallbackAttempts nCallbackOverSla
    nCallbackScheduled nCfcOffered nCobrowseSessions nConnected nConsult nConsultTransferred nConversations
    nError nOffered nOutbound nOutboundAbandoned nOutboundAttempted nOutboundConnected nOverSla
    nStateTransitionError nTakeover nTransferred oAudioMessageCount oCallbackServiceLevel
    oExternalAudioMessageCount oExternalMediaCount oMediaCount oMessageCount oMessageSegmentCount oMessageTurn
    oServiceLevel oServiceTarget oSkillExpressionApplications tAbandon tAcd tActiveCallback
    tActiveCallbackComplete tAcw tAgentResponseTime tAgentVideoConnected tAlert tAnswered
    tAverageAgentResponseTime tAverageCustomerResponseTime tBarging tCallbackAbandon tCallbackConnect
    tCallbackNotReached tCallbackVirtualWait tCfcAbandon tCfcAcd tCfcAnswered tCfcFlowOut tCoaching
    tCoachingComplete tConnected tContacting tDialing tFirstConnect tFirstDial tFirstEngagement tFirstResponse
    tFlowOut tHandle tHeld tHeldComplete tIvr tMonitoring tMonitoringComplete tNotResponding tPark tParkComplete
    tScreenMonitoring tShortAbandon tSnippetRecord tTalk tTalkComplete tTransmitting tUserResponseTime
    tVoicemail tWait
"""
METRICS = frozenset(_METRIC_NAMES.split())
"""The platform's metrics of conversations. The sandbox has figures of some of them."""
GROUP_BY = tuple(dimension for dimension in DIMENSIONS if dimension != "direction")

GroupKey = tuple[str | None, ...]
"""The values of the dimensions in ``groupBy``."""


class _Query(NamedTuple):
    span: Span
    edges: list[int]
    group_by: list[str]
    metrics: list[str]
    passes: Test


class _Sums(NamedTuple):
    """The sums of a query: tallies by group and bucket, and the service level targets of each group."""

    tallies: dict[GroupKey, dict[int, Tallies]]
    targets: dict[GroupKey, set[float]]


def run(site: Site, request: ApiRequest) -> ApiResponse:
    """Answer a query: the metrics of every group that has any, in buckets. ``{}`` if there are none."""
    query = _read(request)
    sums = _Sums({}, {})
    queues = list(_queues(site, request, query.passes))
    for group in site.groups_of(queues):
        own_queues = [queue for queue in queues if queue.group == group.key]
        _count(site.calls(group, query.span), own_queues, query, sums)
    results = [
        {"group": dict(zip(query.group_by, key, strict=True)), "data": _data(query, buckets, sums.targets[key])}
        for key, buckets in sorted(sums.tallies.items(), key=lambda item: str(item[0]))
    ]
    filled = [result for result in results if result["data"]]
    return ApiResponse({"results": filled} if filled else {})


def _read(request: ApiRequest) -> _Query:
    body = request.require("interval", "metrics")
    for option in ("views", "queryType", "sortMetric", "limit", "alternateTimeDimension"):
        if body.get(option) not in (None, [], "groupBy"):
            raise invalid(option, f"{option} is not served by the sandbox")
    span = read_interval(body["interval"])
    edges = bucket_edges(span, body.get("granularity"), read_zone(body.get("timeZone") or "UTC"))
    return _Query(span, edges, _group_by(body), _metrics(body), read(body.get("filter")))


def _group_by(body: dict[str, Any]) -> list[str]:
    group_by = list(body.get("groupBy") or ())
    for dimension in group_by:
        if dimension not in GROUP_BY:
            raise invalid("groupBy", f"expected some of {', '.join(GROUP_BY)}; found {dimension}")
    return group_by


def _metrics(body: dict[str, Any]) -> list[str]:
    for metric in body["metrics"]:
        if metric not in METRICS:
            raise invalid("metrics", f"Invalid metric: {metric}")
    return list(body["metrics"])


def _queues(site: Site, request: ApiRequest, passes: Test) -> Iterator[Queue]:
    """Yield the queues that the filter can match, in the divisions that the client may see."""
    for queue in site.organisation.queues.values():
        facts_by_media = (Facts(queue.id, media, ANY_USER, queue.division) for media in queue.media)
        if request.client.sees(queue.division) and any(passes(facts) for facts in facts_by_media):
            yield queue


def _count(calls: Iterable[Call], queues: Sequence[Queue], query: _Query, sums: _Sums) -> None:
    """Add the events of the queues' calls to the sums of their groups and buckets."""
    queues_by_id = {queue.id: queue for queue in queues}
    metrics = {*query.metrics, *SERVICE_LEVEL_PARTS}
    key_of = _key_function(queues_by_id, query)
    for call in calls:
        if call.queue_id not in queues_by_id:
            continue
        objective = queues_by_id[call.queue_id].objective_for(call.media_type)
        for event in events(call, objective.threshold_ms):
            if event.metric not in metrics or (index := bucket_index(query.edges, event.instant)) is None:
                continue
            if (key := key_of(call, event.is_agents)) is not None:
                tallies = sums.tallies.setdefault(key, {}).setdefault(index, {})
                tallies.setdefault(event.metric, Tally()).add(event.duration)
                sums.targets.setdefault(key, set()).add(objective.target)


def _key_function(queues: Mapping[str, Queue], query: _Query) -> Callable[[Call, bool], GroupKey | None]:
    """Return a function that finds the group of a call's event.

    It returns None if the filter drops the event, or if the query groups by user and the event has none.
    """
    cache: dict[tuple[str, str, str | None], GroupKey | None] = {}

    def key_of(call: Call, is_agents: bool) -> GroupKey | None:
        identity = (call.queue_id, call.media_type, call.agent_id if is_agents else None)
        if identity not in cache:
            facts = Facts(*identity, queues[call.queue_id].division)
            key = tuple(getattr(facts, dimension) for dimension in query.group_by)
            cache[identity] = key if query.passes(facts) and None not in key else None
        return cache[identity]

    return key_of


def _data(query: _Query, buckets: dict[int, Tallies], targets: set[float]) -> list[dict[str, Any]]:
    rows = (
        {
            "interval": interval_text((query.edges[index], query.edges[index + 1])),
            "metrics": metrics_json(tallies, query.metrics, targets),
        }
        for index, tallies in sorted(buckets.items())
    )
    return [row for row in rows if row["metrics"]]


ENDPOINTS = (
    Endpoint(
        "POST", "/api/v2/analytics/conversations/aggregates/query", run, ("analytics:conversationAggregate:view",)
    ),
)
