"""Decide which factors may be named as the cause of a fallen service level."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from worker.domain.rounding import FLOAT_ERROR
from worker.domain.staffing.explanation import Explanation, Factor
from worker.domain.usual.distributions import student_t_quantile
from worker.domain.usual.fit import ScaledDay, fit
from worker.domain.usual.past_days import FEWEST_DAYS

MOSTLY_EXPLAINED = 0.5
"""A cause is named only if the parts explain more than this share of the change."""

BELOW_USUAL = 0.025
"""A service level is below its usual range if a quiet day is as low with less than this probability."""

WORTH_EXPLAINING = 0.03
"""A smaller fall of the service level is not explained."""

NOTABLE_SHARE = 0.2
SINGLE_CAUSE = 0.5
TWO_CAUSES = 0.7
"""Shares of what is explained: of a factor that may be named at all, of a single cause, and of two together."""

CLEARLY_OUTSIDE = 0.001
"""A factor is clearly outside if an ordinary day lies as far outside, on either side, with less than this probability.

A service level that is low, and not unusual, happens on one quiet day in forty. It is worth a page only if one of the
factors is news by itself.
"""

STAFFING_NOISE = 0.01
MIX_NOISE = 0.005
"""The least relative standard deviation of the agents' time, and of the handle time that the mix implies."""


def is_worth_explaining(change: float, p_low: float) -> bool:
    """Return whether the service level lies below its usual range and is down by enough to ask why."""
    return p_low < BELOW_USUAL and change <= -WORTH_EXPLAINING + FLOAT_ERROR


def causes(explanation: Explanation, outside: Collection[Factor]) -> tuple[Factor, ...]:
    """Return the one or two causes, the larger first, nothing if there is no single cause.

    Ask it only of a change that is worth explaining: inside the usual range a cause would be invented.
    ``outside``: the factors that were themselves outside their usual range.
    """
    explained = sum(explanation.parts.values())
    if explanation.change == 0 or explained / explanation.change <= MOSTLY_EXPLAINED:
        return ()
    shares = {factor: part / explained for factor, part in explanation.parts.items() if factor in outside}
    notable = sorted((factor for factor in shares if shares[factor] >= NOTABLE_SHARE), key=lambda name: -shares[name])
    if len(notable) == 1:
        return tuple(notable) if shares[notable[0]] >= SINGLE_CAUSE else ()
    first_two = tuple(notable[:2])
    return first_two if sum(shares[factor] for factor in first_two) >= TWO_CAUSES else ()


def is_outside(factor: Factor, history: Sequence[float], today: float, handled: float | None = None) -> bool:
    """Return whether a factor itself lies outside its usual range. ``handled``: contacts, for the handle time."""
    usual = factor_range(factor, history, handled)
    return usual is not None and today > 0 and not usual[0] <= today <= usual[1]


@dataclass(frozen=True, slots=True)
class FactorOfDay:
    """A factor on one day, which is the weekday of a number from 0, Monday."""

    weekday: int
    figure: float


def is_clearly_outside(
    factor: Factor, history: Sequence[FactorOfDay], today: FactorOfDay, handled: float | None = None
) -> bool:
    """Return whether a factor is news by itself, held against its own weekday as far as the weekdays differ."""
    figures = [day.figure for day in history]
    if len(figures) < FEWEST_DAYS or min(*figures, today.figure) <= 0:
        return False
    chance = _least_deviation(factor, figures, handled) ** 2
    days = fit([ScaledDay(day.weekday, math.log(day.figure), chance) for day in history])
    estimate = days.estimate(today.weekday)
    deviation = math.sqrt(chance + days.spread + estimate.variance)
    distance = abs(math.log(today.figure) - estimate.mean) / deviation
    return distance > student_t_quantile(CLEARLY_OUTSIDE / 2, days.df)


def factor_range(factor: Factor, history: Sequence[float], handled: float | None = None) -> tuple[float, float] | None:
    """Return the usual range of a factor, None if too few days are known or a day has none of it."""
    if len(history) < FEWEST_DAYS or min(history) <= 0:
        return None
    logs = [math.log(value) for value in history]
    noise = _least_deviation(factor, history, handled)
    deviation = max(stdev(logs), noise) * math.sqrt(1 + 1 / len(logs))
    centre, half = fmean(logs), student_t_quantile(0.025, len(logs) - 1) * deviation
    return math.exp(centre - half), math.exp(centre + half)


def _least_deviation(factor: Factor, history: Sequence[float], handled: float | None) -> float:
    """Return the relative standard deviation that chance alone gives a factor."""
    deviations: Mapping[Factor, float] = {
        Factor.VOLUME: 1 / math.sqrt(fmean(history)),
        Factor.HANDLE: 1 / math.sqrt(handled) if handled else 1.0,
        Factor.STAFFING: STAFFING_NOISE,
        Factor.MIX: MIX_NOISE,
    }
    return deviations[factor]
