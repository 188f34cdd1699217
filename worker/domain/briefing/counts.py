"""Add up contacts over intervals, with the averages that follow.

A count is None where an interval with contacts does not state it: the sum of the others would look like the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from worker.domain.briefing.content import Counts
from worker.domain.briefing.media import media_of
from worker.domain.metrics import Metric, Ratio, has_any, needs_parts, service_level_parts
from worker.domain.rows import QueueInterval


def counts(intervals: Iterable[QueueInterval]) -> Counts:
    """Return the counts of these intervals. Average times over several media are None.

    ``late`` are the contacts that count towards the service level and were not answered in time, so that they and the
    percentage never contradict each other. Contacts that flowed out, or that come before midnight and end after it,
    are offered and do not count.
    """
    rows = tuple(intervals)
    rows_of_one_medium = rows if len(media_of(rows)) < 2 else ()
    return Counts(
        offered=_sum(rows, "offered"),
        answered=_sum(rows, "answered"),
        abandoned=_sum(rows, "abandoned"),
        late=_not_negative(_sum(rows, "late")),
        average_handle_ms=_average(rows_of_one_medium, "average_handle_ms"),
        average_answer_ms=_average(rows_of_one_medium, "average_answer_ms"),
    )


def states_part_of(name: str, row: QueueInterval) -> bool | None:
    """Return whether an interval states its part of a field of `Counts`. None if it has no part in it."""
    if name in _SUMS:
        is_stated = _SUMS[name](row) is not None
        return is_stated if _is_needed(name, row) else None
    total, count = _AVERAGES[name](row)
    if _lacks_time(row, total, count):
        return False
    return True if total and count else None


def is_thin(sums: Counts, level: Ratio | None, fewest_contacts: int) -> bool:
    """Return whether there are so few contacts that a percentage says little. Unknown contacts may be many.

    Both those that the percentage counts and those offered must be enough: of 18 that count, 15 may have come before
    midnight.
    """
    counted = level.denominator if level else None
    return any(contacts is not None and contacts < fewest_contacts for contacts in (counted, sums.offered))


def by_queue(intervals: Iterable[QueueInterval]) -> Mapping[str, list[QueueInterval]]:
    """Group intervals by queue id. A queue without any has an empty list."""
    queues = defaultdict(list)
    for interval in intervals:
        queues[interval.queue_id].append(interval)
    return queues


def _late(row: QueueInterval) -> int | None:
    parts = service_level_parts(row)
    return parts[1] - parts[0] if parts else None


_SUMS: Mapping[str, Callable[[QueueInterval], int | None]] = {
    "offered": lambda row: row.offered,
    "answered": lambda row: row.answered,
    "abandoned": lambda row: row.abandoned,
    "late": _late,
}
"""A count of an interval, by field of `Counts`."""

_AVERAGES: Mapping[str, Callable[[QueueInterval], tuple[int | None, int | None]]] = {
    "average_handle_ms": lambda row: (row.handle_ms, row.handled),
    "average_answer_ms": lambda row: (row.answer_ms, row.answered),
}
"""The total time of an interval and the contacts that it is of, by field of `Counts`."""

SUMS, AVERAGES = tuple(_SUMS), tuple(_AVERAGES)


def _not_negative(count: int | None) -> int | None:
    return None if count is not None and count < 0 else count


def sum_of(
    rows: Iterable[QueueInterval],
    count_of: Callable[[QueueInterval], int | None],
    is_needed: Callable[[QueueInterval], bool] = has_any,
) -> int | None:
    """Add up a count, None if an interval for which it ``is_needed`` does not state it."""
    counts_of_rows = [(row, count_of(row)) for row in rows]
    if any(count is None and is_needed(row) for row, count in counts_of_rows):
        return None
    stated_counts = [count for _, count in counts_of_rows if count is not None]
    return sum(stated_counts) if stated_counts else None


def _sum(rows: Iterable[QueueInterval], name: str) -> int | None:
    return sum_of(rows, _SUMS[name], lambda row: _is_needed(name, row))


def _is_needed(name: str, row: QueueInterval) -> bool:
    return needs_parts(Metric.SERVICE_LEVEL, row) if name == "late" else has_any(row)


def _average(rows: Iterable[QueueInterval], name: str) -> float | None:
    pairs = [(row, *_AVERAGES[name](row)) for row in rows]
    if any(_lacks_time(row, total, count) for row, total, count in pairs):
        return None
    contacts = sum(count or 0 for _, _, count in pairs)
    return sum(total or 0 for _, total, _ in pairs) / contacts if contacts > 0 else None


def _lacks_time(row: QueueInterval, total: int | None, count: int | None) -> bool:
    """Return whether an interval lacks its time or its contacts. One without answers needs neither."""
    if count is None:
        return bool(total) or (has_any(row) and row.answered != 0)
    return total is None and count > 0
