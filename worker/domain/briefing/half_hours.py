"""The day by half-hour, from the first to the last with any contact, in the group's zone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from worker.domain.briefing.content import HalfHour
from worker.domain.briefing.counts import counts, is_thin
from worker.domain.metrics import Metric, service_level
from worker.domain.rows import QueueInterval, Window

HALF_HOUR = timedelta(minutes=30)


def half_hours(
    intervals: Iterable[QueueInterval], window: Window, zone: ZoneInfo, fewest_contacts: int = 0
) -> tuple[HalfHour, ...]:
    """Return every half-hour from the first to the last busy one, including those without a row.

    Half-hours are counted in UTC: the hour that a clock change repeats appears twice, and the one that it skips does
    not appear. They are aligned to the starts of the rows, because midnight is not a full UTC hour everywhere.
    """
    by_start = _by_start(intervals, window)
    busy = [start for start, rows in by_start.items() if any(map(_is_busy, rows))]
    if not busy:
        return ()
    return tuple(
        _half_hour(start, by_start.get(start, ()), zone, fewest_contacts)
        for start in _starts(min(busy), max(busy), by_start)
    )


def _by_start(intervals: Iterable[QueueInterval], window: Window) -> Mapping[datetime, list[QueueInterval]]:
    first, end = window.start.astimezone(UTC), window.end.astimezone(UTC)
    by_start = defaultdict(list)
    for interval in intervals:
        start = interval.start.astimezone(UTC) if interval.start else None
        if start and first <= start < end:
            by_start[start].append(interval)
    return by_start


def _is_busy(interval: QueueInterval) -> bool:
    contacts = (interval.offered, interval.answered, interval.abandoned)
    return any(contacts) or Metric.SERVICE_LEVEL in interval.stated


def _starts(first: datetime, last: datetime, row_starts: Iterable[datetime]) -> list[datetime]:
    steps = range(int((last - first) / HALF_HOUR) + 1)
    return sorted(
        {first + step * HALF_HOUR for step in steps} | {start for start in row_starts if first <= start <= last}
    )


def _half_hour(start: datetime, rows: Iterable[QueueInterval], zone: ZoneInfo, fewest_contacts: int) -> HalfHour:
    rows = tuple(rows)
    sums, level = counts(rows), service_level(rows)
    return HalfHour(start.astimezone(zone), sums, level, is_thin(sums, level, fewest_contacts))
