"""Tell how good a forecast was, and how good a perfect one could have been."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BAND_QUANTILE = 1.2816
"""The band of a half-hour is to hold 80 % of the actual numbers."""


@dataclass(frozen=True, slots=True)
class ForecastScore:
    """How a day's forecast compares with the contacts that came.

    ``error``: the sum of the half-hours' absolute errors ÷ contacts. ``bias``: (forecast − actual) ÷ actual over the
    day. ``chance_error``: the error of a perfect forecast. ``inside`` of ``half_hours`` were within their band.
    """

    error: float
    bias: float
    chance_error: float
    inside: int
    half_hours: int


def score(forecast: Sequence[float], actual: Sequence[float], variation: float = 0.0) -> ForecastScore | None:
    """Compare half-hours of one day, None if nothing was forecast or nothing came.

    ``variation``: the relative variance of earlier forecasts' errors beyond chance, see `forecast_variation`.
    """
    total, expected = sum(actual), sum(forecast)
    if total <= 0 or expected <= 0:
        return None
    pairs = list(zip(forecast, actual, strict=True))
    return ForecastScore(
        error=sum(abs(planned - came) for planned, came in pairs) / total,
        bias=(expected - total) / total,
        chance_error=sum(map(_mean_poisson_error, forecast)) / expected,
        inside=sum(_is_inside(planned, came, variation) for planned, came in pairs),
        half_hours=len(pairs),
    )


def forecast_variation(pairs: Iterable[tuple[float, float]]) -> float:
    """Return the relative variance of forecasts' errors beyond chance, from pairs of forecast and actual."""
    half_hours = list(pairs)
    squares = sum(planned * planned for planned, _ in half_hours)
    excess = sum((came - planned) ** 2 - planned for planned, came in half_hours)
    return max(excess / squares, 0.0) if squares > 0 else 0.0


def _mean_poisson_error(mean: float) -> float:
    """Return the mean absolute deviation of a Poisson count from its mean."""
    if mean <= 0:
        return 0.0
    whole = math.floor(mean)
    return 2 * math.exp(-mean + (whole + 1) * math.log(mean) - math.lgamma(whole + 1))


def _is_inside(planned: float, came: float, variation: float) -> bool:
    distance = abs(math.sqrt(came + 0.375) - math.sqrt(planned + 0.375))
    return distance <= BAND_QUANTILE * 0.5 * math.sqrt(1 + planned * variation)
