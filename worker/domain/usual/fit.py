"""Estimate the mean of the days, how much they differ beyond chance, and how much the weekdays differ.

Both spreads are estimated with the moments of DerSimonian and Laird (Controlled Clinical Trials 7, 1986). A weekday's
mean counts as much as the weekdays differ, an empirical Bayes estimate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

FEWEST_SPARE_DAYS = 10
"""The weekdays get means of their own only if so many more days than weekdays are known."""


@dataclass(frozen=True, slots=True)
class ScaledDay:
    """One past day on the scale of its kind. ``chance`` is the variance that chance alone gives it."""

    weekday: int
    value: float
    chance: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """An expected value and the variance of its error. ``own_share`` is how much the weekday's own mean counts."""

    mean: float
    variance: float
    own_share: float = 0.0


@dataclass(frozen=True)
class Fit:
    """What the days have in common.

    ``spread`` is the variance of the days beyond chance, ``df`` the degrees of freedom that remain. ``weekdays`` holds
    an estimate for each weekday of the history, and nothing if the weekdays are not distinguished.
    """

    days: Sequence[ScaledDay]
    spread: float
    df: int
    overall: Estimate
    weekdays: Mapping[int, Estimate]

    def estimate(self, weekday: int) -> Estimate:
        """Return what to expect on a weekday, which need not occur in the history."""
        return self.weekdays.get(weekday, self.overall)

    @cached_property
    def distances(self) -> tuple[float, ...]:
        """How far each day lies from its estimate, in its own standard deviations."""
        return tuple(
            (day.value - self.estimate(day.weekday).mean) / (day.chance + self.spread) ** 0.5 for day in self.days
        )


def fit(days: Sequence[ScaledDay]) -> Fit:
    """Fit at least two days."""
    groups = _groups(days)
    df = len(days) - len(groups)
    spread = _spread([[(day.value, day.chance) for day in group] for group in groups.values()], df)
    means = {weekday: _mean((day.value, day.chance + spread) for day in group) for weekday, group in groups.items()}
    if len(means) == 1:
        return Fit(days, spread, df, next(iter(means.values())), {})
    return Fit(days, spread, df, *_shrunk(means))


def _groups(days: Sequence[ScaledDay]) -> dict[int, list[ScaledDay]]:
    """Return the days by weekday, or in one group if they are too few."""
    weekdays = sorted({day.weekday for day in days})
    if len(weekdays) < 2 or len(days) - len(weekdays) < FEWEST_SPARE_DAYS:
        return {0: list(days)}
    return {weekday: [day for day in days if day.weekday == weekday] for weekday in weekdays}


def _mean(observations: Iterable[tuple[float, float]]) -> Estimate:
    """Return the mean of values with these variances."""
    weighted = [(value, 1 / variance) for value, variance in observations]
    total = sum(weight for _, weight in weighted)
    return Estimate(sum(value * weight for value, weight in weighted) / total, 1 / total)


def _spread(groups: Sequence[Sequence[tuple[float, float]]], df: int) -> float:
    """Return the variance within groups beyond that of the values themselves, given as (value, variance)."""
    excess, scale = -float(df), 0.0
    for group in groups:
        mean = _mean(group).mean
        weights = [1 / variance for _, variance in group]
        excess += sum(weight * (value - mean) ** 2 for weight, (value, _) in zip(weights, group, strict=True))
        scale += sum(weights) - sum(weight * weight for weight in weights) / sum(weights)
    return max(0.0, excess / scale) if scale > 0 else 0.0


def _shrunk(means: Mapping[int, Estimate]) -> tuple[Estimate, dict[int, Estimate]]:
    """Return the estimate for a weekday that is not in the history, and one for each that is."""
    weekday_spread = _spread([[(mean.mean, mean.variance) for mean in means.values()]], len(means) - 1)
    overall = _mean((mean.mean, mean.variance + weekday_spread) for mean in means.values())
    weekdays = {}
    for weekday, mean in means.items():
        own_share = weekday_spread / (weekday_spread + mean.variance)
        weekdays[weekday] = Estimate(
            overall.mean + own_share * (mean.mean - overall.mean),
            own_share * mean.variance + (1 - own_share) ** 2 * overall.variance,
            own_share,
        )
    return Estimate(overall.mean, weekday_spread + overall.variance), weekdays
