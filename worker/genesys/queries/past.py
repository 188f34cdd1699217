"""Figures of a group's queues on earlier days, for a group without history: one query for all of them.

The buckets are days, so a queue and medium has one row per day instead of one per half-hour. Agents are left out:
their status times and adherence would take many requests, and stay unknown on those days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date
from zoneinfo import ZoneInfo

from worker.domain.calendar.business_day import window_of
from worker.domain.rows import QueueInterval, Window
from worker.errors import MalformedAnswer
from worker.genesys.answer_cache import AnswerCache, Answers
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import Aggregates, read
from worker.genesys.lookups.queues import Lookups, batches
from worker.genesys.queries.aggregates import queue_intervals, queue_query
from worker.genesys.sharing.analytics import QUEUES_AT_ONCE

ROUTE = "/api/v2/analytics/conversations/aggregates/query"
A_DAY = "P1D"


def past_days(
    session: Session, answers: Answers, window: Window, zone: ZoneInfo, queues: Iterable[str], media: tuple[str, ...]
) -> Mapping[date, tuple[QueueInterval, ...]]:
    """Return the rows of the window's local days, oldest first. A day without contacts is absent.

    ``window`` begins and ends at local midnights of ``zone``. Raises errors of `worker.errors`.
    """
    found_queues = Lookups(session, AnswerCache(answers, session.organisation.client_key)).queues(queues)
    days: defaultdict[date, list[QueueInterval]] = defaultdict(list)
    for ids in batches([found_queue.queue.id for found_queue in found_queues], QUEUES_AT_ONCE):
        body = {**queue_query(window, zone.key, ids, media), "granularity": A_DAY}
        answer = session.post(ROUTE, body)
        for row in queue_intervals(read(Aggregates, answer.body, answer.label), window, ids, media, answer.label):
            days[_local_day(row, zone, answer.label)].append(row)
    return {day: tuple(days[day]) for day in sorted(days)}


def _local_day(row: QueueInterval, zone: ZoneInfo, label: str) -> date:
    """Return the local day of a bucket, and refuse days of another zone, whose sums would be wrong unnoticed."""
    assert row.start is not None, "a bucket has a start"  # noqa: S101 - `queue_intervals` reads it from the bucket
    day = row.start.astimezone(zone).date()
    # in UTC: a local time that the clock shows twice is never equal to one of another zone (PEP 495)
    if window_of(day, zone).start.astimezone(UTC) != row.start.astimezone(UTC):
        raise MalformedAnswer(f"{label}: the bucket of {row.start.isoformat()} is no day of {zone.key}.")
    return day
