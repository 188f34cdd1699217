"""The kinds of figures, and the scale on which the days of each kind are compared.

On its scale a figure varies by chance about as much when it is high as when it is low, and its days are about as far
above the mean as below it. The service level is compared as log odds, because real service levels fall further than
they rise.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

_AGENT_TIME_NOISE = 0.005
"""How much a share of time varies although nothing changes, such as an agent's adherence (half a point)."""

_LEAST_VARIANCE = 0.01
"""Keeps shares of time near 0 or 1 from looking exact."""


class Kind(enum.Enum):
    """What a figure is made of."""

    RATIO = "ratio"
    """Contacts of contacts: service level, abandonment."""
    COUNT = "count"
    """Contacts. The denominator is 1."""
    HANDLE = "handle"
    """Seconds of handling, over handled contacts."""
    WAIT = "wait"
    """Seconds until the answer, over answered contacts."""
    TIME = "time"
    """Seconds of seconds: occupancy, adherence."""


@dataclass(frozen=True, slots=True)
class DayFigure:
    """A figure of one day, as its two sums."""

    day: date
    numerator: float
    denominator: float = 1.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How to get from the sums of a day to the scale and back.

    ``chance`` returns the variance that chance alone gives a day with this denominator, on the scale. Its second
    argument is the ratio of all history days together.
    """

    forward: Callable[[float, float], float]
    backward: Callable[[float], float]
    chance: Callable[[float, float], float]
    positive: bool = False
    """Whether a day with the numerator 0 has no place on the scale or says nothing."""

    def has_place_for(self, figure: DayFigure) -> bool:
        """Return whether a day can be compared."""
        return figure.denominator > 0 and (figure.numerator > 0 or not self.positive)

    def value(self, figure: DayFigure) -> float:
        """Return a day's place on the scale."""
        return self.forward(figure.numerator, figure.denominator)


def pooled_ratio(figures: Sequence[DayFigure]) -> float:
    """Return the ratio of all days together."""
    return sum(figure.numerator for figure in figures) / sum(figure.denominator for figure in figures)


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds)) if odds >= 0 else math.exp(odds) / (1 + math.exp(odds))


def _ratio_chance(denominator: float, ratio: float) -> float:
    return 1 / max(denominator * ratio * (1 - ratio), 1.0)


def _wait_chance(denominator: float, ratio: float) -> float:
    wait = max(ratio, 1.0)
    return 4 / denominator * (wait / (wait + 1)) ** 2


def _time_chance(_: float, ratio: float) -> float:
    return _AGENT_TIME_NOISE**2 / (4 * max(ratio * (1 - ratio), _LEAST_VARIANCE))


SCALES = {
    Kind.RATIO: Scale(lambda k, n: math.log((k + 0.5) / (n - k + 0.5)), _logistic, _ratio_chance),
    Kind.COUNT: Scale(lambda k, _: math.sqrt(k + 0.375), lambda y: max(y, 0.0) ** 2, lambda *_: 0.25, positive=True),
    Kind.HANDLE: Scale(lambda k, n: math.log(k / n), math.exp, lambda n, _: 1 / n, positive=True),
    Kind.WAIT: Scale(lambda k, n: math.log(k / n + 1), lambda y: max(math.exp(y) - 1, 0.0), _wait_chance),
    Kind.TIME: Scale(
        lambda k, n: math.asin(math.sqrt(min(max(k / n, 0.0), 1.0))),
        lambda y: math.sin(min(max(y, 0.0), math.pi / 2)) ** 2,
        _time_chance,
    ),
}
