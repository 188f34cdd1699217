"""The bodies of analytics aggregates queries, and rows from their answers. Pure.

An event that did not happen has no metric, and a queue without events has no group. So in a group that is present an
absent count is 0, while an absent ratio stays unknown. Formulas: docs/genesys-cloud.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from worker.domain.metrics import Metric
from worker.domain.rows import QueueInterval, Window
from worker.errors import MalformedAnswer
from worker.genesys.api.instants import interval_start, interval_text
from worker.genesys.api.shapes import Aggregates, Bucket, Stats

QUEUE_METRICS = (
    "nOffered",
    "nOverSla",
    "oServiceLevel",
    "tAnswered",
    "tAbandon",
    "tShortAbandon",
    "tFlowOut",
    "tHandle",
)
OCCUPANCY_STATES = ("INTERACTING", "COMMUNICATING", "IDLE")
HALF_HOUR = "PT30M"


def queue_query(window: Window, zone: str, queue_ids: Iterable[str], media: Iterable[str]) -> dict[str, object]:
    """Return the query for half-hours of queues by media type. The interval is in UTC, ``zone`` shapes the buckets."""
    return {
        "interval": interval_text(window),
        "granularity": HALF_HOUR,
        "timeZone": zone,
        "groupBy": ["queueId", "mediaType"],
        "metrics": list(QUEUE_METRICS),
        "filter": {"type": "and", "clauses": [_any_of("queueId", queue_ids), _any_of("mediaType", media)]},
    }


def user_query(window: Window, zone: str, user_ids: Iterable[str]) -> dict[str, object]:
    """Return the query for the time in each routing status by user (100 at most), one bucket for the window."""
    return {
        "interval": interval_text(window),
        "timeZone": zone,
        "groupBy": ["userId"],
        "metrics": ["tAgentRoutingStatus"],
        "filter": _any_of("userId", user_ids),
    }


def _any_of(dimension: str, values: Iterable[str]) -> dict[str, object]:
    predicates = [
        {"type": "dimension", "dimension": dimension, "operator": "matches", "value": value} for value in values
    ]
    return {"type": "or", "predicates": predicates}


def queue_intervals(
    answer: Aggregates, window: Window, queue_ids: Collection[str], media: Collection[str], label: str
) -> Iterator[QueueInterval]:
    """Yield rows of the queues and media that were asked for. Other rows are not for this group.

    Raises `MalformedAnswer` if a bucket is outside the window or occurs twice, because sums would be wrong.
    """
    keys: set[object] = set()
    for group in answer.results or ():
        queue_id, media_type = group.group.get("queueId"), group.group.get("mediaType")
        if queue_id not in queue_ids or media_type not in media or queue_id is None or media_type is None:
            continue
        for bucket in group.data:
            row = _queue_interval(queue_id, media_type, bucket, window, label)
            key = (queue_id, media_type, row.start)
            if key in keys:
                raise MalformedAnswer(f"{label}: queue {queue_id} has the half-hour {bucket.interval} twice.")
            keys.add(key)
            yield row


def _queue_interval(queue_id: str, media_type: str, bucket: Bucket, window: Window, label: str) -> QueueInterval:
    stats = {metric.metric: metric.stats for metric in bucket.metrics}
    level = stats.get("oServiceLevel", Stats())
    whole = level.numerator is not None and level.denominator is not None
    if (level.numerator or 0) > (level.denominator or 0) and whole:
        raise MalformedAnswer(
            f"{label}: queue {queue_id} has {level.numerator:g} of {level.denominator:g} contacts in time "
            f"in the half-hour {bucket.interval}."
        )
    return QueueInterval(
        queue_id=queue_id,
        media_type=media_type,
        start=interval_start(bucket.interval, window, label),
        offered=_count(stats, "nOffered"),
        answered=_count(stats, "tAnswered"),
        answered_late=_late(stats),
        abandoned=_count(stats, "tAbandon"),
        short_abandoned=_count(stats, "tShortAbandon"),
        flowed_out=_count(stats, "tFlowOut"),
        service_level_numerator=_whole(level.numerator) if whole else None,
        service_level_denominator=_whole(level.denominator) if whole else None,
        handled=_count(stats, "tHandle"),
        handle_ms=_sum(stats, "tHandle"),
        answer_ms=_sum(stats, "tAnswered"),
        stated={} if whole or level.ratio is None else {Metric.SERVICE_LEVEL.value: level.ratio},
    )


def _late(stats: Mapping[str, Stats]) -> int | None:
    """Return None if contacts ended but the platform computes no service level: then late contacts are unknown."""
    ended = "tAnswered" in stats or "tAbandon" in stats
    return None if ended and "oServiceLevel" not in stats and "nOverSla" not in stats else _count(stats, "nOverSla")


def _count(stats: Mapping[str, Stats], metric: str) -> int:
    return _whole(stats[metric].count) if metric in stats else 0


def _sum(stats: Mapping[str, Stats], metric: str) -> int:
    return _whole(stats[metric].sum) if metric in stats else 0


def _whole(amount: float | None) -> int:
    """Round a count, which may come as a JSON float."""
    return round(amount or 0)


def routing_times(answer: Aggregates, user_ids: Collection[str]) -> Mapping[str, Mapping[str, int]]:
    """Return milliseconds by status and user. A user who never logged in is absent, a status without time is 0."""
    times: dict[str, dict[str, int]] = {}
    for group in answer.results or ():
        user = group.group.get("userId")
        if user in user_ids and user is not None:
            added = _status_times(group.data)
            known_times = times.setdefault(user, dict.fromkeys(OCCUPANCY_STATES, 0))
            times[user] = {state: known_times[state] + added[state] for state in OCCUPANCY_STATES}
    return times


def _status_times(data: Iterable[Bucket]) -> Mapping[str, int]:
    times: defaultdict[str, int] = defaultdict(int)
    for bucket in data:
        for metric in bucket.metrics:
            if metric.metric == "tAgentRoutingStatus" and metric.qualifier:
                times[metric.qualifier] += _whole(metric.stats.sum)
    return times
