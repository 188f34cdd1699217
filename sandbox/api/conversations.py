"""`POST /api/v2/analytics/conversations/aggregates/query`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sandbox.api.filters import ANYBODY, DIMENSIONS, Facts, Test, read
from sandbox.errors import invalid
from sandbox.figures import NEEDED, Tallies, Tally, events, states
from sandbox.instants import bounds, bucket, read_interval, read_zone, utc_text
from sandbox.organisation import Queue
from sandbox.records import Call
from sandbox.site import Site
from sandbox.spans import Span
from sandbox.wire import Answer, Asked, Endpoint

_METRIC = re.compile(r"[nto][A-Z]\w*")
GROUP_BY = tuple(one for one in DIMENSIONS if one != "direction")

Place = tuple[str | None, ...]


class _Query(NamedTuple):
    span: Span
    marks: list[int]
    group_by: list[str]
    metrics: list[str]
    passes: Test


def query(site: Site, asked: Asked) -> Answer:
    """The metrics of every group that has any, in buckets; ``{}`` when there is nothing."""
    wanted = _read(asked)
    sums: dict[Place, dict[int, Tallies]] = {}
    covered: dict[Place, dict[str, Queue]] = {}
    queues = list(_queues(site, asked, wanted.passes))
    for group in site.groups_of(queues):
        _count(
            site.calls(group, wanted.span),
            [queue for queue in queues if queue.group == group.key],
            wanted,
            sums,
            covered,
        )
    results = [
        {"group": dict(zip(wanted.group_by, place, strict=True)), "data": _data(wanted, buckets, covered[place])}
        for place, buckets in sorted(sums.items(), key=lambda item: str(item[0]))
    ]
    found = [result for result in results if result["data"]]
    return Answer({"results": found} if found else {})


def _read(asked: Asked) -> _Query:
    body = asked.require("interval", "metrics")
    for refused in ("views", "queryType", "sortMetric", "limit", "alternateTimeDimension"):
        if body.get(refused) not in (None, [], "groupBy"):
            raise invalid(refused, f"{refused} is not served by the sandbox")
    span = read_interval(body["interval"])
    marks = bounds(span, body.get("granularity"), read_zone(body.get("timeZone") or "UTC"))
    return _Query(span, marks, _group_by(body), _metrics(body), read(body.get("filter")))


def _group_by(body: dict[str, Any]) -> list[str]:
    group_by = list(body.get("groupBy") or ())
    for one in group_by:
        if one not in GROUP_BY:
            raise invalid("groupBy", f"expected some of {', '.join(GROUP_BY)}; found {one}")
    return group_by


def _metrics(body: dict[str, Any]) -> list[str]:
    for one in body["metrics"]:
        if not isinstance(one, str) or not _METRIC.fullmatch(one):
            raise invalid("metrics", f"Invalid metric: {one}")
    return list(body["metrics"])


def _queues(site: Site, asked: Asked, passes: Test) -> Iterator[Queue]:
    """The queues that can matter and lie in a division that the client may see."""
    for queue in site.organisation.queues.values():
        seen = {"*", queue.division} & set(asked.client.divisions)
        facts = (Facts(queue.id, media, ANYBODY, queue.division) for media in queue.media)
        if seen and any(passes(one) for one in facts):
            yield queue


def _count(
    calls: Iterable[Call],
    queues: Sequence[Queue],
    wanted: _Query,
    sums: dict[Place, dict[int, Tallies]],
    covered: dict[Place, dict[str, Queue]],
) -> None:
    """Add the events of the queues' calls to the sums of the groups and buckets that they belong to."""
    by_id = {queue.id: queue for queue in queues}
    needed = {*wanted.metrics, *NEEDED}
    place_of = _places(by_id, wanted)
    for call in calls:
        if call.queue_id not in by_id:
            continue
        queue = by_id[call.queue_id]
        for event in events(call, queue.threshold_ms):
            if event.metric not in needed or (at := bucket(wanted.marks, event.at)) is None:
                continue
            if (place := place_of(call, event.of_agent)) is not None:
                tallies = sums.setdefault(place, {}).setdefault(at, {})
                tallies.setdefault(event.metric, Tally()).add(event.lasted)
                covered.setdefault(place, {})[queue.id] = queue


def _places(queues: Mapping[str, Queue], wanted: _Query) -> Callable[[Call, bool], Place | None]:
    """To which group an event of a call belongs; None if the filter drops it, or it has no user and users are asked."""
    known: dict[tuple[str, str, str | None], Place | None] = {}

    def place_of(call: Call, of_agent: bool) -> Place | None:
        key = (call.queue_id, call.media_type, call.agent_id if of_agent else None)
        if key not in known:
            facts = Facts(*key, queues[call.queue_id].division)
            place = tuple(getattr(facts, one) for one in wanted.group_by)
            known[key] = place if wanted.passes(facts) and None not in place else None
        return known[key]

    return place_of


def _data(wanted: _Query, buckets: dict[int, Tallies], queues: dict[str, Queue]) -> list[dict[str, Any]]:
    found = []
    for at, sums in sorted(buckets.items()):
        metrics = states(sums, wanted.metrics, queues.values())
        if metrics:
            interval = f"{utc_text(wanted.marks[at])}/{utc_text(wanted.marks[at + 1])}"
            found.append({"interval": interval, "metrics": metrics})
    return found


ENDPOINTS = (
    Endpoint(
        "POST", "/api/v2/analytics/conversations/aggregates/query", query, ("analytics:conversationAggregate:view",)
    ),
)
