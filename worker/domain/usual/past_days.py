"""Choose which past days say what is usual now.

Days before a lasting change of level say nothing about today. A single day far outside would widen the range so much
that a similar day would pass for usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from worker.domain.usual.distributions import student_t_tail
from worker.domain.usual.fit import Fit, ScaledDay, fit
from worker.domain.usual.scales import DayFigure, Scale, pooled_ratio

FEWEST_DAYS = 5
"""Of fewer days nothing is said."""

FEWEST_FOR_SHIFT = 2 * FEWEST_DAYS
SHIFT_SIGNIFICANCE = 0.001
OUTSIDE_SIGNIFICANCE = 0.02
DAYS_PER_OUTSIDE_DAY = 8
"""One day in so many may be left out as far outside."""

_LEAST_DF = 2
_TIE = 9
"""Distances that agree to so many decimal places are equal, so that rounding errors do not choose the day."""


@dataclass(frozen=True, slots=True)
class ChosenDays:
    """The days that count, oldest first, and those that do not."""

    figures: tuple[DayFigure, ...]
    before_shift: tuple[DayFigure, ...]
    outside: tuple[DayFigure, ...]
    fit: Fit


def choose_days(scale: Scale, figures: Sequence[DayFigure]) -> ChosenDays:
    """Choose among at least `FEWEST_DAYS` days, given oldest first."""
    start = _shift(scale, figures)
    remaining, outside = list(figures[start:]), []
    for _ in range(len(remaining) // DAYS_PER_OUTSIDE_DAY):
        index = _far_outside(fit(scaled(scale, remaining)))
        if index is None:
            break
        outside.append(remaining.pop(index))
    in_order = tuple(sorted(outside, key=lambda figure: figure.day))
    return ChosenDays(tuple(remaining), tuple(figures[:start]), in_order, fit(scaled(scale, remaining)))


def scaled(scale: Scale, figures: Sequence[DayFigure]) -> list[ScaledDay]:
    """Return the days on their scale."""
    ratio = pooled_ratio(figures)
    return [
        ScaledDay(figure.day.weekday(), scale.value(figure), scale.chance(figure.denominator, ratio))
        for figure in figures
    ]


def _shift(scale: Scale, figures: Sequence[DayFigure]) -> int:
    """Return the index of the first day of the present level, 0 if the level has not changed."""
    if len(figures) < FEWEST_FOR_SHIFT:
        return 0
    distances = fit(scaled(scale, figures)).distances
    splits = range(FEWEST_DAYS, len(distances) - FEWEST_DAYS + 1)
    t_by_split = {split: abs(_two_sample_t(distances[:split], distances[split:])) for split in splits}
    best = max(splits, key=lambda split: t_by_split[split])
    p_value = 2 * student_t_tail(t_by_split[best], len(distances) - 2) * len(splits)
    return best if p_value < SHIFT_SIGNIFICANCE else 0


def _two_sample_t(first: Sequence[float], second: Sequence[float]) -> float:
    """Return Student's t of two samples with their pooled variance."""
    means = fmean(first), fmean(second)
    squares = sum((value - mean) ** 2 for values, mean in zip((first, second), means, strict=True) for value in values)
    variance = squares / (len(first) + len(second) - 2)
    if variance == 0:
        return float("inf") if means[0] != means[1] else 0.0
    return float((means[1] - means[0]) / (variance * (1 / len(first) + 1 / len(second))) ** 0.5)


def _far_outside(days: Fit) -> int | None:
    """Return the index of the day that lies furthest from its estimate, if that is beyond chance."""
    if days.df <= _LEAST_DF:
        return None
    count = len(days.days)
    residuals = [distance / (days.df / count) ** 0.5 for distance in days.distances]
    index = max(range(count), key=lambda day: round(abs(residuals[day]), _TIE))
    square = min(residuals[index] ** 2, days.df - 1e-6)
    t = (square * (days.df - 1) / (days.df - square)) ** 0.5
    return index if 2 * student_t_tail(t, days.df - 1) * count <= OUTSIDE_SIGNIFICANCE else None
