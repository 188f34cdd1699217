"""Milliseconds of UTC, and arithmetic of half-open time spans as (start, end) pairs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

Span = tuple[int, int]


def milliseconds(moment: datetime) -> int:
    """Return an aware datetime as milliseconds of UTC."""
    return round(moment.timestamp() * 1000)


def moment(ms: int, zone: ZoneInfo | None = None) -> datetime:
    """Return milliseconds as an aware datetime, in UTC or in ``zone``."""
    return datetime.fromtimestamp(ms / 1000, zone or UTC)


def dates_touching(span: Span, zone: ZoneInfo) -> list[date]:
    """Return the local dates whose records can overlap the span.

    These are the dates of the span and the one before it, because records may cross midnight.
    """
    first = moment(span[0], zone).date() - timedelta(days=1)
    last = moment(span[1] - 1, zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the same time as ordered spans that do not overlap. Empty spans are dropped."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def subtract(spans: Iterable[Span], removed: Iterable[Span]) -> list[Span]:
    """Return the time of ``spans`` that is not in ``removed``."""
    rest: list[Span] = []
    gaps = union(removed)
    for start, end in union(spans):
        for gap_start, gap_end in gaps:
            if gap_end <= start or gap_start >= end:
                continue
            if start < gap_start:
                rest.append((start, gap_start))
            start = gap_end
        if start < end:
            rest.append((start, end))
    return rest


def overlap(first: Span, second: Span) -> int:
    """Return how many milliseconds two spans share."""
    return max(0, min(first[1], second[1]) - max(first[0], second[0]))
