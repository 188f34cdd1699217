"""The day by half-hour, from the first to the last with any contact, in the group's zone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from worker.domain.briefing.content import HalfHour
from worker.domain.briefing.counts import counts
from worker.domain.metrics import Metric, service_level
from worker.domain.rows import QueueInterval, Window

HALF_HOUR = timedelta(minutes=30)


def half_hours(intervals: Iterable[QueueInterval], window: Window, zone: ZoneInfo) -> tuple[HalfHour, ...]:
    """Every half-hour between the first and the last busy one, those without a row among them.

    Reckoned in UTC, so that the hour which a clock change repeats is there twice and the one it skips is not there;
    aligned to the rows' own starts, because midnight is not on a full UTC hour everywhere.
    """
    by_start = _by_start(intervals, window)
    busy = [start for start, rows in by_start.items() if any(map(_is_busy, rows))]
    if not busy:
        return ()
    return tuple(_half_hour(start, by_start.get(start, ()), zone) for start in _starts(min(busy), max(busy), by_start))


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


def _starts(first: datetime, last: datetime, known: Iterable[datetime]) -> list[datetime]:
    steps = range(int((last - first) / HALF_HOUR) + 1)
    return sorted({first + step * HALF_HOUR for step in steps} | {start for start in known if first <= start <= last})


def _half_hour(start: datetime, rows: Iterable[QueueInterval], zone: ZoneInfo) -> HalfHour:
    rows = tuple(rows)
    return HalfHour(start.astimezone(zone), counts(rows), service_level(rows))
