"""The sums of a day that its usual range needs: contacts and times by queue, contacts by half-hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from worker.domain.briefing.counts import by_queue, sum_of
from worker.domain.metrics import Metric, has_any, needs_parts, service_level_parts
from worker.domain.rows import QueueInterval

_HANDLING = ("handled", "handle_ms")


@dataclass(frozen=True, slots=True)
class QueueSums:
    """The sums of a queue, or of several. None where the source does not say."""

    offered: int | None = None
    abandoned: int | None = None
    answered: int | None = None
    answer_ms: int | None = None
    handled: int | None = None
    handle_ms: int | None = None


HalfHourContacts = tuple[int, int, int]
"""Contacts offered, answered in time, and counted towards the service level."""


def sums(intervals: Iterable[QueueInterval]) -> QueueSums:
    """Add up intervals of one medium. Average times over several media mean nothing."""
    rows = tuple(intervals)
    return QueueSums(
        offered=sum_of(rows, lambda row: row.offered),
        abandoned=sum_of(rows, lambda row: row.abandoned),
        answered=sum_of(rows, lambda row: row.answered),
        answer_ms=sum_of(rows, lambda row: row.answer_ms, _may_be_answered),
        handled=sum_of(rows, lambda row: row.handled, _may_be_handled),
        handle_ms=sum_of(rows, lambda row: row.handle_ms, _may_be_handled),
    )


def _may_be_answered(row: QueueInterval) -> bool:
    return row.answered != 0 and has_any(row)


def _may_be_handled(row: QueueInterval) -> bool:
    return _may_be_answered(row) or has_any(row, _HANDLING)


def sums_by_queue(intervals: Iterable[QueueInterval]) -> dict[str, QueueSums]:
    """Return the sums of each queue by its id."""
    return {queue_id: sums(rows) for queue_id, rows in by_queue(intervals).items()}


def contacts_by_half_hour(intervals: Iterable[QueueInterval], zone: ZoneInfo) -> dict[str, HalfHourContacts]:
    """Return the contacts by local start, such as "09:30". The two half-hours that a clock change repeats are one.

    Return nothing if any half-hour is not known: a part of the day would be compared with whole ones.
    """
    by_start: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in intervals:
        parts = service_level_parts(row)
        if row.start is None or (parts is None and needs_parts(Metric.SERVICE_LEVEL, row)) or _lacks_offered(row):
            return {}
        contacts = by_start[f"{row.start.astimezone(zone):%H:%M}"]
        for place, count in enumerate((row.offered or 0, *(parts or (0, 0)))):
            contacts[place] += count
    return {start: (offered, in_time, counted) for start, (offered, in_time, counted) in sorted(by_start.items())}


def _lacks_offered(row: QueueInterval) -> bool:
    return row.offered is None and has_any(row)
