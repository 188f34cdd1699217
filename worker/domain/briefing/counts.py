"""Add up contacts over intervals, with the averages that follow. A count that no interval states is None."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from worker.domain.briefing.content import Counts
from worker.domain.briefing.media import media_of
from worker.domain.metrics import answered_in_time
from worker.domain.rows import QueueInterval


def counts(intervals: Iterable[QueueInterval]) -> Counts:
    """Return the counts of these intervals. ``late`` is offered minus answered in time.

    Average times over several media are None.
    """
    rows = tuple(intervals)
    rows_of_one_medium = rows if len(media_of(rows)) < 2 else ()
    return Counts(
        offered=_sum(rows, lambda row: row.offered),
        answered=_sum(rows, lambda row: row.answered),
        abandoned=_sum(rows, lambda row: row.abandoned),
        late=_sum(rows, _late),
        average_handle_ms=_average(rows_of_one_medium, lambda row: (row.handle_ms, row.handled)),
        average_answer_ms=_average(rows_of_one_medium, lambda row: (row.answer_ms, row.answered)),
    )


def by_queue(intervals: Iterable[QueueInterval]) -> Mapping[str, list[QueueInterval]]:
    """Group intervals by queue id. A queue without any has an empty list."""
    queues = defaultdict(list)
    for interval in intervals:
        queues[interval.queue_id].append(interval)
    return queues


def _late(row: QueueInterval) -> int | None:
    in_time = answered_in_time(row)
    return None if row.offered is None or in_time is None else row.offered - in_time


def _sum(rows: Iterable[QueueInterval], count_of: Callable[[QueueInterval], int | None]) -> int | None:
    stated_counts = [count for count in map(count_of, rows) if count is not None]
    return sum(stated_counts) if stated_counts else None


def _average(
    rows: Iterable[QueueInterval], total_and_count_of: Callable[[QueueInterval], tuple[int | None, int | None]]
) -> float | None:
    pairs = [
        (total, count) for total, count in map(total_and_count_of, rows) if total is not None and count is not None
    ]
    contacts = sum(count for _, count in pairs)
    return sum(total for total, _ in pairs) / contacts if contacts > 0 else None
