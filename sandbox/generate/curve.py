"""When callers call."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import date
from itertools import accumulate

STEPS = 96
"""The opening hours are cut into so many pieces, each with its own intensity."""

_WEEKDAY = (1.07, 1.02, 1.0, 0.99, 0.96, 0.85, 0.8)


def intensity(at: float) -> float:
    """How busy it is at a fraction of the opening hours: a high morning peak, a lunch dip, a lower afternoon one."""
    morning = math.exp(-(((at - 0.27) / 0.15) ** 2))
    afternoon = 0.8 * math.exp(-(((at - 0.72) / 0.16) ** 2))
    return 0.25 + morning + afternoon


def volume(mean: float, day: date, chance: random.Random) -> int:
    """How many call on that date: a weekday's share, more or less."""
    expected = mean * _WEEKDAY[day.weekday()] * chance.uniform(0.94, 1.06)
    return max(0, round(chance.gauss(expected, math.sqrt(expected)))) if expected else 0


def arrivals(count: int, weights: Sequence[float], seconds: float, chance: random.Random) -> list[float]:
    """``count`` instants in seconds after opening, in order, dense where the weights of the steps are high."""
    edges = list(accumulate(weights))
    steps = chance.choices(range(len(weights)), cum_weights=edges, k=count)
    return sorted((step + chance.random()) * seconds / len(weights) for step in steps)
