"""Tails agree with sums of their probabilities, and quantiles with their tails."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.domain.usual.distributions import (
    binomial_at_least,
    binomial_at_most,
    poisson_at_least,
    poisson_at_most,
    student_t_quantile,
    student_t_tail,
)


@settings(deadline=None)
@given(st.integers(1, 60), st.floats(0, 1), st.integers(-1, 61))
def test_a_binomial_tail_is_the_sum_of_its_probabilities(trials: int, probability: float, successes: int) -> None:
    terms = [math.comb(trials, k) * probability**k * (1 - probability) ** (trials - k) for k in range(trials + 1)]
    low, high = sum(terms[: successes + 1]), sum(terms[max(successes, 0) :])
    assert binomial_at_most(successes, trials, probability) == pytest.approx(low, abs=1e-10)
    assert binomial_at_least(successes, trials, probability) == pytest.approx(high, abs=1e-10)


@settings(deadline=None)
@given(st.floats(0, 80), st.integers(-1, 150))
def test_a_poisson_tail_is_the_sum_of_its_probabilities(mean: float, events: int) -> None:
    terms = [math.exp(-mean) * mean**k / math.factorial(k) for k in range(events + 1)]
    assert poisson_at_most(events, mean) == pytest.approx(math.fsum(terms), abs=1e-10)
    assert poisson_at_least(events, mean) == pytest.approx(1 - math.fsum(terms[:-1]), abs=1e-10)


def test_tails_of_large_counts_converge() -> None:
    assert binomial_at_most(24_000, 30_000, 0.8) == pytest.approx(0.5, abs=0.01)
    assert poisson_at_least(30_000, 30_000) == pytest.approx(0.5, abs=0.01)


@settings(deadline=None)
@given(st.floats(1e-6, 0.5), st.integers(1, 200))
def test_a_quantile_has_its_tail(tail: float, df: int) -> None:
    assert student_t_tail(student_t_quantile(tail, df), df) == pytest.approx(tail, rel=1e-9)


@settings(deadline=None)
@given(st.floats(-50, 50), st.integers(1, 200))
def test_both_t_tails_are_everything(t: float, df: int) -> None:
    assert student_t_tail(t, df) + student_t_tail(-t, df) == pytest.approx(1)
