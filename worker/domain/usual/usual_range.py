"""The usual range of a figure, its limits, and how unusual the figure of today is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from worker.domain.usual.distributions import (
    binomial_at_least,
    binomial_at_most,
    poisson_at_least,
    poisson_at_most,
    student_t_quantile,
    student_t_tail,
)
from worker.domain.usual.fit import Estimate
from worker.domain.usual.past_days import FEWEST_DAYS, ChosenDays, choose_days
from worker.domain.usual.scales import SCALES, DayFigure, Kind, Scale, pooled_ratio

ORDINARY = 0.95
"""The usual range holds this share of ordinary days: 19 of 20."""

SEEN = 0.8
"""A change counts as visible if it would be called unusual this often: four times in five."""

WEEKDAY_MATTERS = 0.5
"""The range is a weekday's own if the weekday's own mean counts for this much."""

CHANCE_DECIDES = 0.5
"""Too few contacts, rather than days that differ, hide a change if chance has this share of the variance."""


@dataclass(frozen=True, slots=True)
class UsualRange:
    """What the history of a figure says about today.

    ``low`` to ``high`` is the usual range. A figure below ``limit_low`` or above ``limit_high`` is unusual. A change to
    ``seen_low`` or ``seen_high`` would be called unusual four times in five. ``p_low`` is the probability of a figure
    as low as that of today or lower, ``p_high`` of one as high or higher. ``level_since`` is the first day of the
    present level if the level has changed, and ``outside`` are the days that were left out as far outside.

    On the scale of its kind today is expected at ``mean`` with the standard deviation ``deviation``. Its square is the
    sum of ``chance``, of ``spread`` (how much days differ) and of the error of the mean. ``df`` are the degrees of
    freedom.
    """

    days: int
    level_since: date | None
    before_shift: int
    outside: tuple[date, ...]
    centre: float
    low: float
    high: float
    limit_low: float
    limit_high: float
    seen_low: float
    seen_high: float
    p_low: float
    p_high: float
    is_of_weekday: bool
    mean: float
    deviation: float
    chance: float
    spread: float
    df: int

    @property
    def is_hidden_by_chance(self) -> bool:
        """Whether too few contacts, and not days that differ, hide a change."""
        return self.chance >= CHANCE_DECIDES * self.deviation**2


@dataclass(frozen=True, slots=True)
class _Prediction:
    """What the chosen days lead one to expect of today, on the scale of the figure's kind."""

    kind: Kind
    scale: Scale
    days: ChosenDays
    estimate: Estimate
    chance: float
    deviation: float

    @property
    def centre(self) -> float:
        """The expected figure."""
        return self.scale.backward(self.estimate.mean)

    def p_values(self, today: DayFigure) -> tuple[float, float]:
        """Return the probabilities of a figure as low, and as high, as that of today."""
        t = (self.scale.value(today) - self.estimate.mean) / self.deviation
        return _p_values(self.kind, today, self.centre, t, self.days.fit.df)


def usual_range(
    kind: Kind, history: Iterable[DayFigure], today: DayFigure, alpha: float, widening: float = 1.0
) -> UsualRange | None:
    """Return the usual range of a figure, None if too few days are known or today has no figure.

    ``alpha`` is the probability that a quiet day lies outside the limits, both sides together. The order in which the
    history is given does not matter. ``widening`` multiplies the width of range and limits.
    """
    prediction = _predict(kind, history, today, widening)
    return _range_of(prediction, today, alpha) if prediction else None


def p_values(
    kind: Kind, history: Iterable[DayFigure], today: DayFigure, widening: float = 1.0
) -> tuple[float, float] | None:
    """Return the probabilities of a figure as low, and as high, as that of today. It takes less time than a range."""
    prediction = _predict(kind, history, today, widening)
    return prediction.p_values(today) if prediction else None


def _predict(kind: Kind, history: Iterable[DayFigure], today: DayFigure, widening: float) -> _Prediction | None:
    scale = SCALES[kind]
    figures = sorted((figure for figure in history if scale.has_place_for(figure)), key=lambda figure: figure.day)
    if len(figures) < FEWEST_DAYS or today.denominator <= 0:
        return None
    days = choose_days(scale, figures)
    estimate = days.fit.estimate(today.day.weekday())
    chance = scale.chance(today.denominator, pooled_ratio(days.figures))
    deviation = widening * (chance + days.fit.spread + estimate.variance) ** 0.5
    return _Prediction(kind, scale, days, estimate, chance, deviation)


def _range_of(prediction: _Prediction, today: DayFigure, alpha: float) -> UsualRange:
    scale, days, estimate = prediction.scale, prediction.days, prediction.estimate
    df, deviation = days.fit.df, prediction.deviation

    def ends(quantile: float) -> tuple[float, float]:
        return scale.backward(estimate.mean - quantile * deviation), scale.backward(
            estimate.mean + quantile * deviation
        )

    limit = student_t_quantile(alpha / 2, df)
    low, high = ends(student_t_quantile((1 - ORDINARY) / 2, df))
    limit_low, limit_high = ends(limit)
    seen_low, seen_high = ends(limit + student_t_quantile(1 - SEEN, df))
    p_low, p_high = prediction.p_values(today)
    return UsualRange(
        days=len(days.figures),
        level_since=days.figures[0].day if days.before_shift else None,
        before_shift=len(days.before_shift),
        outside=tuple(figure.day for figure in days.outside),
        centre=prediction.centre,
        low=low,
        high=high,
        limit_low=limit_low,
        limit_high=limit_high,
        seen_low=seen_low,
        seen_high=seen_high,
        p_low=p_low,
        p_high=p_high,
        is_of_weekday=estimate.own_share >= WEEKDAY_MATTERS,
        mean=estimate.mean,
        deviation=deviation,
        chance=prediction.chance,
        spread=days.fit.spread,
        df=df,
    )


def _p_values(kind: Kind, today: DayFigure, centre: float, t: float, df: int) -> tuple[float, float]:
    """Return the probabilities of a figure as low, and as high, as that of today.

    The t distribution allows for days that differ, the exact tail for the skewness of few contacts. The larger counts.
    """
    p_low, p_high = student_t_tail(-t, df), student_t_tail(t, df)
    count, total = round(today.numerator), round(today.denominator)
    if kind is Kind.RATIO:
        return max(p_low, binomial_at_most(count, total, centre)), max(p_high, binomial_at_least(count, total, centre))
    if kind is Kind.COUNT:
        return max(p_low, poisson_at_most(count, centre)), max(p_high, poisson_at_least(count, centre))
    return p_low, p_high
