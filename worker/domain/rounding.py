"""Rounding and comparison of floats, in one place, so that every document shows the same figure."""

from __future__ import annotations

import functools
from decimal import ROUND_HALF_UP, Decimal

FLOAT_ERROR = 1e-9
"""Far below what a page shows, far above what floats lose: 0.82 − 0.8 is 0.0199…96 and must count as 2 points."""

_FLOAT_DIGITS = 12
"""A difference of two ratios is exact to this many decimal places."""


def half_up(number: float, places: int = 0) -> Decimal:
    """Round to ``places`` decimal places, halves away from zero: 81.25 → 81.3, 0.5 → 1, −0.5 → −1.

    It rounds the shortest decimal text of the float, so that 0.285 is a half although the float is slightly less.
    """
    exact = Decimal(number) if isinstance(number, int) else Decimal(repr(round(number, _FLOAT_DIGITS)))
    return exact.quantize(_unit(places), ROUND_HALF_UP)


@functools.cache
def _unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)
