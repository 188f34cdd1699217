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


def shown_percent(fraction: float, least_places: int = 1, *edges: float) -> Percent:
    """Round a fraction to so many places of its percentage: 0.8125 gives 0.813.

    It gets more places where it would look like nothing, like everything or like one of the ``edges``, and is not:
    0.9996 gives 99.96 %, because "100 %" says that there was no exception.
    """
    places = max(places_beside(fraction, edge, least_places) for edge in (0.0, 1.0, *edges))
    return Percent(_inside(fraction, float(half_up(fraction, places + 2)), places), places)


def places_beside(fraction: float, edge: float, least_places: int = 1) -> int:
    """Return how many decimal places a percentage needs so that it does not look equal to ``edge``: 4 at most."""
    step = 10.0 ** -(least_places + 2)
    if abs(fraction - edge) > step or _is_equal(fraction, edge):  # nearly always, and without exact arithmetic
        return least_places
    different = (
        places
        for places in range(least_places, _MOST_PLACES)
        if half_up(fraction, places + 2) != half_up(edge, places + 2)
    )
    return next(different, _MOST_PLACES)


def _inside(fraction: float, rounded: float, places: int) -> float:
    """Return the last figure before 0 or 1 where even `_MOST_PLACES` are too few to tell them apart."""
    step = 10.0 ** -(places + 2)
    if rounded == 1 and fraction < 1 and not _is_equal(fraction, 1):
        return float(half_up(1 - step, places + 2))
    if rounded == 0 and fraction > 0 and not _is_equal(fraction, 0):
        return step
    return rounded


def _is_equal(fraction: float, edge: float) -> bool:
    return half_up(fraction, _FLOAT_PLACES) == half_up(edge, _FLOAT_PLACES)
