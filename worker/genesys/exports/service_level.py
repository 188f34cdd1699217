"""The counts behind a service level that is told as a percentage, so that it can be added up. Pure.

The percentage is answered in time ÷ the contacts that count, and which contacts count is a switch of the
organisation. Answered and abandoned are told as counts. So there is, for each denominator that the switches allow, at
most one whole number whose quotient is written as the percentage is; the denominator that fits all rows is the
organisation's. Where none fits, or the percentages are too coarse to tell one whole number from the next, nothing is
derived: a percentage is then shown where it stands and never added up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_FLOAT_ERROR = 1e-9


@dataclass(frozen=True, slots=True)
class Told:
    """What a row tells: counts, the service level as a fraction, and answered in time if that is told as a count.

    ``has_level``: the row's queue has a service level elsewhere in the file, so that an empty cell stands for 0.
    """

    answered: int
    abandoned: int
    short_abandoned: int
    flowed_out: int
    fraction: float | None
    in_time: int | None = None
    has_level: bool = False


Parts = tuple[int, int]
"""Numerator and denominator."""

_DENOMINATORS: tuple[Callable[[Told], int], ...] = (
    lambda row: row.answered + row.abandoned,
    lambda row: row.answered + row.abandoned - row.short_abandoned,
    lambda row: row.answered + row.abandoned + row.flowed_out,
    lambda row: row.answered + row.abandoned - row.short_abandoned + row.flowed_out,
    lambda row: row.answered,
    lambda row: row.answered + row.flowed_out,
)
"""As the organisation's switches allow them, the platform's default first."""


def counted(rows: Sequence[Told], step: float) -> list[Parts | None] | None:
    """Numerator and denominator by row, None for a row without a service level; None if the rows do not tell.

    ``step`` is the least difference that the percentages write, as a fraction.
    """
    for denominator in _DENOMINATORS:
        found = [_parts(row, denominator(row), step / 2 + _FLOAT_ERROR) for row in rows]
        if all(parts is not None or row.fraction is None for parts, row in zip(found, rows, strict=True)):
            return found
    return None


def _parts(row: Told, whole: int, tolerance: float) -> Parts | None:
    """The one pair whose quotient is the row's fraction."""
    if whole <= 0:
        return None
    if row.fraction is None:
        return (0, whole) if row.has_level and not row.in_time else None
    if row.in_time is None and tolerance * whole >= 0.5:
        return None
    in_time = round(row.fraction * whole) if row.in_time is None else row.in_time
    fits = in_time <= row.answered and abs(in_time / whole - row.fraction) <= tolerance
    return (in_time, whole) if fits else None
