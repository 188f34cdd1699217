"""Arithmetic of half-open stretches of time, as (start, end) pairs."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]


def union(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order; empty spans vanish."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """The time of ``spans`` that is not in ``taken``."""
    left: list[Span] = []
    gaps = union(taken)
    for start, end in union(spans):
        for gap_start, gap_end in gaps:
            if gap_end <= start or gap_start >= end:
                continue
            if start < gap_start:
                left.append((start, gap_start))
            start = gap_end
        if start < end:
            left.append((start, end))
    return left


def common(span: Span, other: Span) -> int:
    """How long both last together."""
    return max(0, min(span[1], other[1]) - max(span[0], other[0]))
