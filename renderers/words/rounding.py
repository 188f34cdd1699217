"""Round figures for readers: half up, decided here once for pages, message and workbook."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

_FLOAT_DIGITS = 12
"""A difference of two ratios is exact to this many decimal places."""

_MOST_PLACES = 4


class Percent(NamedTuple):
    """A percentage as it is shown: ``fraction`` is rounded, ``places`` are those of the percentage."""

    fraction: float
    places: int = 1


def half_up(number: float, places: int = 0) -> Decimal:
    """Round to so many decimal places. A half is rounded away from zero: 81.25 gives 81.3."""
    exact = Decimal(number) if isinstance(number, int) else Decimal(repr(round(number, _FLOAT_DIGITS)))
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def shown_percent(fraction: float, places: int = 1) -> Percent:
    """Round a fraction to so many places of its percentage: 0.8125 gives 0.813."""
    return Percent(float(half_up(fraction, places + 2)), places)


def places_beside(fraction: float, edge: float) -> int:
    """Return how many decimal places a percentage needs so that it does not look equal to ``edge``: 1 to 4."""
    if half_up(fraction, _FLOAT_DIGITS - 2) == half_up(edge, _FLOAT_DIGITS - 2):
        return 1
    different = (
        places for places in range(1, _MOST_PLACES) if half_up(fraction, places + 2) != half_up(edge, places + 2)
    )
    return next(different, _MOST_PLACES)
