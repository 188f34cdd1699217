"""Rounding and comparison of floats, in one place, so that every document shows the same figure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

FLOAT_ERROR = 1e-9
"""Far below what a page shows, far above what floats lose: 0.82 − 0.8 is 0.0199…96 and must count as 2 points."""


def round_half_up(value: float, digits: int = 0) -> Decimal:
    """Round to ``digits`` decimal places, halves away from zero: 81.25 → 81.3, 0.5 → 1, −0.5 → −1.

    It rounds the shortest decimal text of the float, so that 0.285 is a half although the float is slightly less.
    """
    return _exact(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def percent_half_up(fraction: float, digits: int = 1) -> Decimal:
    """Round a fraction as a percentage: 0.8125 → 81.3."""
    return (_exact(fraction) * 100).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _exact(value: float) -> Decimal:
    return Decimal(repr(float(value)))
