"""Find the counts behind the service levels of an export, which states percentages only. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from worker.genesys.tables.numbers import FLOAT_TOLERANCE


@dataclass(frozen=True, slots=True)
class RowSums:
    """A row's counts, its service level as a fraction, and answered in time if that is a count.

    ``has_level``: the row's queue has a service level elsewhere in the file, so an empty cell means 0.
    """

    answered: int
    abandoned: int
    short_abandoned: int
    flowed_out: int
    fraction: float | None
    in_time: int | None = None
    has_level: bool = False


LevelCounts = tuple[int, int]
"""Numerator and denominator of a service level."""

_DENOMINATORS: tuple[Callable[[RowSums], int], ...] = (
    lambda row: row.answered + row.abandoned,
    lambda row: row.answered + row.abandoned - row.short_abandoned,
    lambda row: row.answered + row.abandoned + row.flowed_out,
    lambda row: row.answered + row.abandoned - row.short_abandoned + row.flowed_out,
    lambda row: row.answered,
    lambda row: row.answered + row.flowed_out,
)
"""As the organisation's switches allow them, the platform's default first."""


def level_counts(rows: Sequence[RowSums], step: float) -> list[LevelCounts | None] | None:
    """Return numerator and denominator by row, None for a row without a service level. None if no denominator fits.

    ``step`` is the least difference that the percentages write, as a fraction.
    """
    for denominator in _DENOMINATORS:
        counts = [_counts_behind(row, denominator(row), step / 2 + FLOAT_TOLERANCE) for row in rows]
        if all(pair is not None or row.fraction is None for pair, row in zip(counts, rows, strict=True)):
            return counts
    return None


def _counts_behind(row: RowSums, whole: int, tolerance: float) -> LevelCounts | None:
    """Return the only pair of counts whose quotient is the row's fraction."""
    if whole <= 0:
        return None
    if row.fraction is None:
        return (0, whole) if row.has_level and not row.in_time else None
    if row.in_time is None and tolerance * whole >= 0.5:
        return None
    in_time = round(row.fraction * whole) if row.in_time is None else row.in_time
    fits = in_time <= row.answered and abs(in_time / whole - row.fraction) <= tolerance
    return (in_time, whole) if fits else None
