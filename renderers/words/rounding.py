"""Round percentages for readers, the same for pages, message and workbook."""

from __future__ import annotations

from typing import NamedTuple

from worker.domain.rounding import half_up as half_up

_FLOAT_PLACES = 10
"""Fractions that are equal to this many decimal places are equal."""

_MOST_PLACES = 4


class Percent(NamedTuple):
    """A percentage as it is shown: ``fraction`` is rounded, ``places`` are those of the percentage."""

    fraction: float
    places: int = 1


def shown_percent(fraction: float, places: int = 1) -> Percent:
    """Round a fraction to so many places of its percentage: 0.8125 gives 0.813."""
    return Percent(float(half_up(fraction, places + 2)), places)


def places_beside(fraction: float, edge: float) -> int:
    """Return how many decimal places a percentage needs so that it does not look equal to ``edge``: 1 to 4."""
    if half_up(fraction, _FLOAT_PLACES) == half_up(edge, _FLOAT_PLACES):
        return 1
    different = (
        places for places in range(1, _MOST_PLACES) if half_up(fraction, places + 2) != half_up(edge, places + 2)
    )
    return next(different, _MOST_PLACES)
