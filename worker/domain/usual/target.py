"""Tell how far a target is missed in contacts, and whether chance can miss it by as much.

The verdict is arithmetic on the counts, because a target is agreed. The probability only says how much a miss means.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from worker.domain.rounding import FLOAT_ERROR
from worker.domain.usual.distributions import binomial_at_least, binomial_at_most

WITHIN_CHANCE = 0.05
"""A miss is within chance if a group exactly on target would do as badly at least this often."""


@dataclass(frozen=True, slots=True)
class TargetEvidence:
    """How a count compares with its target.

    ``short``: how many contacts more (or fewer, for a target "at most") would have met it. ``probability``: that a
    group which is exactly on target misses it by as much or more, or meets it by as much or more.
    """

    short: int
    probability: float

    @property
    def is_met(self) -> bool:
        """Whether the target is met."""
        return self.short == 0

    @property
    def is_within_chance(self) -> bool:
        """Whether a group that is exactly on target often does as badly, or as well."""
        return self.probability >= WITHIN_CHANCE


def at_least(count: int, total: int, goal: float) -> TargetEvidence:
    """Compare a count with a target such as "80 % in time"."""
    short = math.ceil(goal * total - FLOAT_ERROR) - count
    tail = binomial_at_most if short > 0 else binomial_at_least
    return TargetEvidence(max(short, 0), tail(count, total, goal))


def at_most(count: int, total: int, goal: float) -> TargetEvidence:
    """Compare a count with a target such as "5 % abandoned"."""
    short = count - math.floor(goal * total + FLOAT_ERROR)
    tail = binomial_at_least if short > 0 else binomial_at_most
    return TargetEvidence(max(short, 0), tail(count, total, goal))
