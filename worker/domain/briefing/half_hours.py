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


def half_hours(
    intervals: Iterable[QueueInterval], window: Window, zone: ZoneInfo, fewest_contacts: int = 0
) -> tuple[HalfHour, ...]:
    """Return every half-hour from the first to the last busy one, including those without a row.

    One in which contacts only end is busy too, or the handled contacts of the half-hours would not add up to the day's.

    Half-hours are counted in UTC: the hour that a clock change repeats appears twice, and the one that it skips does
    not appear. They are aligned to the starts of the rows, because midnight is not a full UTC hour everywhere.

    A half-hour is thin if fewer than ``fewest_contacts`` of those that its service level counts came on the day.
    """
    by_start = _by_start(intervals, window)
    if not any(_is_busy(row) for rows in by_start.values() for row in rows):
        return ()
    busy = [start for start, rows in by_start.items() if any(_is_busy(row) or row.handled for row in rows)]
    earlier = _contacts_of_before(by_start)
    return tuple(
        _half_hour(start, by_start.get(start, ()), zone, fewest_contacts + earlier.get(start, 0))
        for start in _starts(min(busy), max(busy), by_start)
    )


def contacts_of_before(intervals: Iterable[QueueInterval], window: Window) -> int:
    """Return how many contacts at least came before the window and were answered or abandoned in it."""
    rows = tuple(intervals)
    if any(row.start is None for row in rows):
        ended, offered = sum(map(_ended, rows)), sum(row.offered or 0 for row in rows)
        return max(ended - offered, 0) if _are_offered_known(rows) else 0
    return sum(_contacts_of_before(_by_start(rows, window)).values())


def _contacts_of_before(by_start: Mapping[datetime, list[QueueInterval]]) -> Mapping[datetime, int]:
    """Return the half-hours at whose end more contacts had ended than were offered since midnight, and how many more.

    Each half-hour has only what those before it do not have. That is at least how many came before midnight.
    """
    if not all(map(_are_offered_known, by_start.values())):
        return {}
    earlier: dict[datetime, int] = {}
    surplus = most = 0
    for start in sorted(by_start):
        surplus += sum(_ended(row) - (row.offered or 0) for row in by_start[start])
        if surplus > most:
            earlier[start], most = surplus - most, surplus
    return earlier


def _ended(row: QueueInterval) -> int:
    return (row.answered or 0) + (row.abandoned or 0)


def _are_offered_known(rows: Iterable[QueueInterval]) -> bool:
    return all(row.offered is not None or not _ended(row) for row in rows)


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
    counted = level.denominator if level and level.denominator is not None else sums.offered
    return HalfHour(start.astimezone(zone), sums, level, counted is not None and counted < fewest_contacts)
