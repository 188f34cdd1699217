from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.rounding import half_up


@pytest.mark.parametrize(
    ("fraction", "digits", "percent"),
    [
        (13 / 16, 1, "81.3"),
        (0.7996, 1, "80.0"),
        (0.7996, 2, "79.96"),
        (0.285, 0, "29"),
        (57 / 200, 0, "29"),
        (0.125, 0, "13"),
        (0.0005, 1, "0.1"),
        (0.00049, 1, "0.0"),
        (1.0, 1, "100.0"),
        (0.0, 1, "0.0"),
        (-0.0545, 1, "-5.5"),
        (2 / 3, 1, "66.7"),
    ],
)
def test_a_percentage_is_rounded_half_up(fraction, digits, percent):
    assert half_up(fraction, digits + 2) * 100 == Decimal(percent)


@pytest.mark.parametrize(
    ("value", "digits", "rounded"), [(0.5, 0, "1"), (2.5, 0, "3"), (-0.5, 0, "-1"), (1.005, 2, "1.01")]
)
def test_a_number_is_rounded_half_up(value, digits, rounded):
    assert str(half_up(value, digits)) == rounded


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 3))
def test_a_rounded_percentage_is_within_half_a_step(part, whole, digits):
    fraction = part / whole
    assert abs(half_up(fraction, digits + 2) - Decimal(repr(fraction))) <= Decimal(5).scaleb(-digits - 3) + Decimal(
        "1e-12"
    )
