"""Decide which factors may be named as the cause of a fallen service level."""

from __future__ import annotations

from collections.abc import Collection

from worker.domain.rounding import FLOAT_ERROR
from worker.domain.staffing.explanation import Explanation, Factor

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
