"""When callers call."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import date
from itertools import accumulate

STEPS = 96
"""The number of pieces of the opening hours, each with its own intensity."""

_WEEKDAY = (1.07, 1.02, 1.0, 0.99, 0.96, 0.85, 0.8)


def intensity(fraction: float) -> float:
    """Return how busy it is at a fraction of the opening hours: a morning peak, a lunch dip, a lower afternoon peak."""
    morning = math.exp(-(((fraction - 0.27) / 0.15) ** 2))
    afternoon = 0.8 * math.exp(-(((fraction - 0.72) / 0.16) ** 2))
    return 0.25 + morning + afternoon


def expected(mean: float, day: date) -> float:
    """Return how many are expected to call on that date: the weekday's share of the mean."""
    return mean * _WEEKDAY[day.weekday()]


def volume(mean: float, day: date, chance: random.Random) -> int:
    """Return how many call on that date: as expected, with some noise."""
    expected_calls = expected(mean, day) * chance.uniform(0.94, 1.06)
    return max(0, round(chance.gauss(expected_calls, math.sqrt(expected_calls)))) if expected_calls else 0


def arrivals(count: int, weights: Sequence[float], seconds: float, chance: random.Random) -> list[float]:
    """Return ``count`` ordered times in seconds after opening. High weights of steps give many."""
    edges = list(accumulate(weights))
    steps = chance.choices(range(len(weights)), cum_weights=edges, k=count)
    return sorted((step + chance.random()) * seconds / len(weights) for step in steps)
