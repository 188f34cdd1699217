"""Round a figure and the ends of a range so that the printed figure lies where the figure itself lies.

The ends are rounded outwards. A figure inside the range is then printed inside of it. One outside gets as many decimal
places as print it beyond the end: 12.4 s beside 8–11.6 s, because "12 s, usually 8–12 s" contradicts itself.
"""

from __future__ import annotations

import math
from typing import Literal

from renderers.words.rounding import half_up
from worker.domain.metrics import Goal, Metric
from worker.domain.rounding import FLOAT_ERROR

_MOST_PLACES = 6


def rounded_down(number: float, places: int = 0) -> float:
    """Round down to so many decimal places."""
    unit = float(10**places)
    return math.floor(number * unit + FLOAT_ERROR) / unit


def rounded_up(number: float, places: int = 0) -> float:
    """Round up to so many decimal places."""
    unit = float(10**places)
    return math.ceil(number * unit - FLOAT_ERROR) / unit


def is_outside(value: float, low: float, high: float) -> bool:
    """Return whether a figure lies outside a range."""
    return not low <= value <= high


def side_off_goal(low: float, high: float, metric: Metric, goal: Goal) -> Literal["below", "above", ""]:
    """Return the side of its goal on which a range lies with both ends and misses it, "" if an end meets it."""
    lowest, highest = goal if isinstance(goal, tuple) else (goal, goal)
    if high < lowest - FLOAT_ERROR and metric is not Metric.ABANDONMENT:
        return "below"
    return "above" if low > highest + FLOAT_ERROR and metric in (Metric.ABANDONMENT, Metric.OCCUPANCY) else ""


def places_apart(value: float, low: float, high: float, least: int = 0) -> int | None:
    """Return how many decimal places print a figure beyond the end that it lies beyond, None if even 6 do not.

    Both have the same number of places.
    """
    return next((places for places in range(least, _MOST_PLACES + 1) if _is_apart(value, low, high, places)), None)


def _is_apart(value: float, low: float, high: float, places: int) -> bool:
    printed = float(half_up(value, places))
    return printed < rounded_down(low, places) if value < low else printed > rounded_up(high, places)


def places_of_end(value: float, low: float, high: float, least: int, value_places: int) -> int | None:
    """Return how many decimal places print the end beyond which a figure lies apart from it, None if even 6 do not.

    The figure itself is printed with ``value_places`` or more.
    """
    printed = [value, *(float(half_up(value, places)) for places in range(value_places, _MOST_PLACES + 1))]
    choices = range(least, _MOST_PLACES + 1)
    if value < low:
        return next((places for places in choices if rounded_down(low, places) > max(printed)), None)
    return next((places for places in choices if rounded_up(high, places) < min(printed)), None)


def ends_of_count(low: float, high: float, value: float | None = None) -> tuple[int, int]:
    """Return both ends of a range of counts: 2–5 for 1.8–4.2, rounded outwards.

    The end that a count lies beyond is the last count inside: 5 lies outside of 1.8–4.2, and that is 2–4.
    """
    is_below, is_above = (value < low, value > high) if value is not None else (False, False)
    first = rounded_up(low) if is_below else rounded_down(low)
    last = rounded_down(high) if is_above else rounded_up(high)
    return int(first), int(last)


def ends_with_places(value: float | None, low: float, high: float) -> tuple[int, tuple[float, int], tuple[float, int]]:
    """Return the decimal places of a figure, and both ends rounded outwards, each with its decimal places."""
    places = 0
    if value is not None and is_outside(value, low, high):
        places = places_apart(value, low, high) or 0
    low_places = places if value is not None and value < low else 0
    high_places = places if value is not None and value > high else 0
    return places, (rounded_down(low, low_places), low_places), (rounded_up(high, high_places), high_places)
