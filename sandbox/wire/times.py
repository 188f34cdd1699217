"""Instants, intervals, time zones and granularities, as requests and answers write them."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.relativedelta import relativedelta

from sandbox.records.instants import Span, milliseconds, moment
from sandbox.wire.errors import ApiError, invalid

_PERIOD = re.compile(r"P(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


def utc_text(ms: int) -> str:
    """Return the instant as the API writes it: ``2026-03-02T05:00:00.000Z``."""
    return moment(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def interval_text(span: Span) -> str:
    """Return the span as the API writes an interval: ``start/end``."""
    return f"{utc_text(span[0])}/{utc_text(span[1])}"


def read_zone(name: object, field: str = "timeZone") -> ZoneInfo:
    """Return the IANA time zone of that name. Refuse another name with a 400 that names the field."""
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise invalid(field, f"Invalid time zone: {name}") from None


def read_instant(text: object, field: str) -> int:
    """Return an ISO 8601 instant with offset in ms. Refuse other text with a 400 that names the field."""
    try:
        instant = datetime.fromisoformat(str(text).strip())
    except ValueError:
        raise _invalid_date(field, text) from None
    if instant.tzinfo is None:
        raise _invalid_date(field, f"{text} (no offset)")
    return milliseconds(instant)


def _invalid_date(field: str, text: object) -> ApiError:
    return invalid(field, f"Invalid date: {text}", code="invalid.date")


def read_interval(text: object) -> Span:
    """Return ``start/end``, both with offset, in ms."""
    start, slash, end = str(text).partition("/")
    if not slash:
        raise invalid("interval", f"Invalid interval: {text}")
    span = read_instant(start, "interval"), read_instant(end, "interval")
    if span[0] >= span[1]:
        raise invalid("interval", f"Interval ends before it starts: {text}")
    return span


def bucket_edges(span: Span, granularity: object, zone: ZoneInfo) -> list[int]:
    """Return where the buckets of the span begin, and the end of the last one.

    Buckets are counted from the start of the span. Periods of days and longer step over local dates of ``zone``, so
    that a day may last 23 hours. Periods of hours and minutes step over elapsed time.
    """
    start, end = span
    if granularity is None:
        return [start, end]
    months, weeks, days, hours, minutes = _period_parts(str(granularity))
    fixed = (hours * 60 + minutes) * 60_000
    calendar = relativedelta(months=months, weeks=weeks, days=days)
    first, edges, step = moment(start, zone), [start], 0
    while edges[-1] < end:
        step += 1
        local = (first.replace(tzinfo=None) + calendar * step).replace(tzinfo=zone)
        edges.append(start + step * fixed if fixed else milliseconds(local))
    return [*edges[:-1], end]


def _period_parts(period: str) -> tuple[int, int, int, int, int]:
    match = _PERIOD.fullmatch(period)
    parts = [int(part or 0) for part in match.groups()] if match else []
    if not any(parts):
        raise invalid("granularity", f"Invalid granularity: {period}")
    return parts[0], parts[1], parts[2], parts[3], parts[4]


def bucket_index(edges: list[int], instant: int) -> int | None:
    """Return the index of the bucket that the instant falls into, None if it is outside."""
    return bisect_right(edges, instant) - 1 if edges[0] <= instant < edges[-1] else None
