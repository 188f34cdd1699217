"""Between the API's texts and milliseconds of UTC: intervals, granularities, local days."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.relativedelta import relativedelta

from sandbox.errors import ApiError, invalid

_PERIOD = re.compile(r"P(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


def milliseconds(moment: datetime) -> int:
    """An aware instant as milliseconds of UTC."""
    return round(moment.timestamp() * 1000)


def moment(ms: int, zone: ZoneInfo | None = None) -> datetime:
    """Milliseconds as an aware instant, in UTC or in ``zone``."""
    return datetime.fromtimestamp(ms / 1000, zone or UTC)


def utc_text(ms: int) -> str:
    """As the API writes instants: ``2026-03-02T05:00:00.000Z``."""
    return moment(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day_start(day: date, zone: ZoneInfo) -> int:
    """The local midnight with which ``day`` begins, in ms."""
    return milliseconds(datetime.combine(day, time(), zone))


def read_zone(name: object, field: str = "timeZone") -> ZoneInfo:
    """An IANA zone, or a 400 that names the field."""
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise invalid(field, f"Invalid time zone: {name}") from None


def read_instant(text: object, field: str) -> int:
    """An ISO 8601 instant with offset, in ms; anything else is a 400 that names the field."""
    try:
        found = datetime.fromisoformat(str(text).strip())
    except ValueError:
        raise _no_date(field, text) from None
    if found.tzinfo is None:
        raise _no_date(field, f"{text} (no offset)")
    return milliseconds(found)


def _no_date(field: str, text: object) -> ApiError:
    return invalid(field, f"Invalid date: {text}", code="invalid.date")


def read_interval(text: object) -> tuple[int, int]:
    """``start/end``, both with offset, in ms."""
    start, slash, end = str(text).partition("/")
    if not slash:
        raise invalid("interval", f"Invalid interval: {text}")
    span = read_instant(start, "interval"), read_instant(end, "interval")
    if span[0] >= span[1]:
        raise invalid("interval", f"Interval ends before it starts: {text}")
    return span


def bounds(span: tuple[int, int], granularity: object, zone: ZoneInfo) -> list[int]:
    """Where the buckets begin, counted from the interval's start in local time of ``zone``; the last one is the end.

    Periods of days and more step over local dates (a day may last 23 h), hours and minutes over elapsed time.
    """
    start, end = span
    if granularity is None:
        return [start, end]
    months, weeks, days, hours, minutes = _parts(str(granularity))
    fixed = (hours * 60 + minutes) * 60_000
    calendar = relativedelta(months=months, weeks=weeks, days=days)
    first, marks, step = moment(start, zone), [start], 0
    while marks[-1] < end:
        step += 1
        local = (first.replace(tzinfo=None) + calendar * step).replace(tzinfo=zone)
        marks.append(start + step * fixed if fixed else milliseconds(local))
    return [*marks[:-1], end]


def _parts(period: str) -> tuple[int, int, int, int, int]:
    found = _PERIOD.fullmatch(period)
    parts = [int(part or 0) for part in found.groups()] if found else []
    if not any(parts):
        raise invalid("granularity", f"Invalid granularity: {period}")
    return parts[0], parts[1], parts[2], parts[3], parts[4]


def bucket(marks: list[int], at: int) -> int | None:
    """Which bucket an instant falls into; None outside."""
    return bisect_right(marks, at) - 1 if marks[0] <= at < marks[-1] else None


def dates_touching(span: tuple[int, int], zone: ZoneInfo) -> list[date]:
    """The local dates whose records can fall into the span: its own, and the one before for what crosses midnight."""
    first = moment(span[0], zone).date() - timedelta(days=1)
    last = moment(span[1] - 1, zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
