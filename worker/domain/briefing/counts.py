"""Sums of contacts over intervals, and the averages that follow from them. A count that no interval states is None."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from worker.domain.briefing.content import Counts
from worker.domain.metrics import answered_in_time
from worker.domain.rows import QueueInterval


def counts(intervals: Iterable[QueueInterval]) -> Counts:
    """Everything that can be counted over these intervals; ``late`` is offered less answered in time."""
    rows = tuple(intervals)
    return Counts(
        offered=_sum(rows, lambda row: row.offered),
        answered=_sum(rows, lambda row: row.answered),
        abandoned=_sum(rows, lambda row: row.abandoned),
        late=_sum(rows, _late),
        average_handle_ms=_average(rows, lambda row: (row.handle_ms, row.handled)),
        average_answer_ms=_average(rows, lambda row: (row.answer_ms, row.answered)),
    )


def by_queue(intervals: Iterable[QueueInterval]) -> Mapping[str, list[QueueInterval]]:
    """The intervals of each queue, all its media together, by queue id; a queue without any has an empty list."""
    queues = defaultdict(list)
    for interval in intervals:
        queues[interval.queue_id].append(interval)
    return queues


def _late(row: QueueInterval) -> int | None:
    in_time = answered_in_time(row)
    return None if row.offered is None or in_time is None else row.offered - in_time


def _sum(rows: Iterable[QueueInterval], of: Callable[[QueueInterval], int | None]) -> int | None:
    known = [value for value in map(of, rows) if value is not None]
    return sum(known) if known else None


def _average(
    rows: Iterable[QueueInterval], of: Callable[[QueueInterval], tuple[int | None, int | None]]
) -> float | None:
    known = [(total, number) for total, number in map(of, rows) if total is not None and number is not None]
    number = sum(number for _, number in known)
    return sum(total for total, _ in known) / number if number > 0 else None
