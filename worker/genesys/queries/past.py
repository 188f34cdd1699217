"""What a group's queues did on earlier days, for a group that has no history yet: one query over all of them.

Days are the buckets of the answer, so a queue and medium has one row per day instead of one per half-hour. Agents are
not asked: their status times and adherence would take many requests, and stay unknown on those days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from worker.domain.calendar.business_day import window_of
from worker.domain.rows import QueueInterval, Window
from worker.errors import MalformedAnswer
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import Aggregates, read
from worker.genesys.lookups import Lookups, batches
from worker.genesys.lookups.cache import Kept
from worker.genesys.queries.aggregates import queue_intervals, queue_query
from worker.genesys.sharing.analytics import QUEUES_AT_ONCE
from worker.genesys.source import Answers

ROUTE = "/api/v2/analytics/conversations/aggregates/query"
A_DAY = "P1D"

LONGEST_DAYS = 31
"""How far apart the ends of one query may lie."""


def past_days(
    session: Session, answers: Answers, window: Window, zone: ZoneInfo, queues: Iterable[str], media: tuple[str, ...]
) -> Mapping[date, tuple[QueueInterval, ...]]:
    """The rows of the window's local days, oldest first; a day without any contact is absent.

    ``window`` begins and ends at local midnights of ``zone`` and has at most `LONGEST_DAYS`; every error of
    `worker.errors` may come.
    """
    found = Lookups(session, Kept(answers, session.organisation.client_key)).queues(queues)
    days: defaultdict[date, list[QueueInterval]] = defaultdict(list)
    for ids in batches([one.queue.id for one in found], QUEUES_AT_ONCE):
        body = {**queue_query(window, zone.key, ids, media), "granularity": A_DAY}
        answer = session.post(ROUTE, body)
        for row in queue_intervals(read(Aggregates, answer.body, answer.where), window, ids, media, answer.where):
            days[_local_day(row, zone, answer.where)].append(row)
    return {day: tuple(days[day]) for day in sorted(days)}


def _local_day(row: QueueInterval, zone: ZoneInfo, where: str) -> date:
    """The local day that begins where the bucket does; days of another zone would give wrong sums without a word."""
    assert row.start is not None, "a bucket has a start"  # noqa: S101 - `queue_intervals` reads it from the bucket
    day = row.start.astimezone(zone).date()
    if window_of(day, zone).start != row.start:
        raise MalformedAnswer(f"{where}: the bucket of {row.start.isoformat()} is no day of {zone.key}.")
    return day
