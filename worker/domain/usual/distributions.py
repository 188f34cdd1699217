"""Tails and quantiles of Student's t, the binomial and the Poisson distribution.

Both continued fractions are evaluated with Lentz's algorithm in Thompson and Barnett's form (J. Comput. Phys. 64,
1986). The fractions themselves are 8.17.22 (incomplete beta) and 8.9.2 (incomplete gamma) of the NIST Digital Library
of Mathematical Functions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

_SMALLEST = 1e-300
"""Replaces a denominator of 0 in a continued fraction."""

_CONVERGED = 1e-15
_MOST_TERMS = 100_000
_HALVINGS = 200


def student_t_tail(t: float, df: int) -> float:
    """Return P(T ≥ t) with ``df`` degrees of freedom."""
    if math.isinf(t):
        return 0.0 if t > 0 else 1.0
    half = 0.5 * incomplete_beta(df / 2, 0.5, df / (df + t * t))
    return half if t >= 0 else 1 - half


@cache
def student_t_quantile(tail: float, df: int) -> float:
    """Return the t that T exceeds with the probability ``tail``, which is at most one half."""
    low, high = 0.0, 1.0
    while student_t_tail(high, df) > tail:
        low, high = high, 2 * high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if student_t_tail(middle, df) > tail else (low, middle)
    return (low + high) / 2


def binomial_at_most(successes: int, trials: int, probability: float) -> float:
    """Return P(K ≤ successes)."""
    if successes < 0:
        return 0.0
    if successes >= trials:
        return 1.0
    return incomplete_beta(trials - successes, successes + 1, 1 - probability)


def binomial_at_least(successes: int, trials: int, probability: float) -> float:
    """Return P(K ≥ successes)."""
    if successes <= 0:
        return 1.0
    if successes > trials:
        return 0.0
    return incomplete_beta(successes, trials - successes + 1, probability)


def poisson_at_most(events: int, mean: float) -> float:
    """Return P(K ≤ events)."""
    return (
        0.0
        if events < 0
        else 1 - _lower_gamma(events + 1, mean)
        if mean < events + 2
        else _upper_gamma(events + 1, mean)
    )


def poisson_at_least(events: int, mean: float) -> float:
    """Return P(K ≥ events)."""
    return 1.0 if events <= 0 else _lower_gamma(events, mean) if mean < events + 1 else 1 - _upper_gamma(events, mean)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # the fraction converges quickly on the other side
        return 1 - incomplete_beta(b, a, 1 - x)
    log_factor = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_factor) / (a * _continued_fraction(1.0, _beta_terms(a, b, x)))


def _beta_terms(a: float, b: float, x: float) -> Iterator[tuple[float, float]]:
    for term in range(_MOST_TERMS):
        yield -(a + term) * (a + b + term) * x / ((a + 2 * term) * (a + 2 * term + 1)), 1.0
        number = term + 1
        yield number * (b - number) * x / ((a + 2 * number - 1) * (a + 2 * number)), 1.0


def _lower_gamma(a: float, x: float) -> float:
    """Return the regularised lower incomplete gamma function P(a, x) as a series, for x < a + 1."""
    if x <= 0:
        return 0.0
    term = total = 1 / a
    divisor = a
    while term > total * _CONVERGED:
        divisor += 1
        term *= x / divisor
        total += term
    return total * math.exp(a * math.log(x) - x - math.lgamma(a))


def _upper_gamma(a: float, x: float) -> float:
    """Return the regularised upper incomplete gamma function Q(a, x) as a continued fraction, for x ≥ a + 1."""
    fraction = _continued_fraction(x + 1 - a, _gamma_terms(a, x))
    return math.exp(a * math.log(x) - x - math.lgamma(a)) / fraction


def _gamma_terms(a: float, x: float) -> Iterator[tuple[float, float]]:
    for term in range(1, _MOST_TERMS):
        yield term * (a - term), x + 1 - a + 2 * term


def _continued_fraction(first: float, terms: Iterator[tuple[float, float]]) -> float:
    """Return first + a1/(b1 + a2/(b2 + …)) for terms (a, b)."""
    value = numerator = first or _SMALLEST
    inverse = 0.0
    for partial_numerator, partial_denominator in terms:
        inverse = 1 / (partial_denominator + partial_numerator * inverse or _SMALLEST)
        numerator = partial_denominator + partial_numerator / numerator or _SMALLEST
        change = numerator * inverse
        value *= change
        if abs(change - 1) < _CONVERGED:
            break
    return value
