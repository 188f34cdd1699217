"""The one rounding of the checker."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.checker.rounding import Written, decimal, half_up


@pytest.mark.parametrize(
    ("exact", "places", "rounded"),
    [
        (Fraction(1300, 16), 1, Fraction(813, 10)),
        (Fraction(-1300, 16), 1, Fraction(-813, 10)),
        (Fraction(5, 2), 0, Fraction(3)),
        (Fraction(7, 2), 0, Fraction(4)),
        (Fraction(24999, 10000), 0, Fraction(2)),
        (Fraction(0), 1, Fraction(0)),
    ],
)
def test_a_half_is_rounded_away_from_zero(exact: Fraction, places: int, rounded: Fraction) -> None:
    assert half_up(exact, places) == rounded


def test_a_written_number_is_right_at_its_own_places() -> None:
    exact = Fraction(7996, 100)
    assert Written(Fraction("79.96"), 2).is_rounded(exact)
    assert Written(Fraction(80), 1).is_rounded(exact)
    assert not Written(Fraction("79.9"), 1).is_rounded(exact)


def test_decimal_writes_all_places() -> None:
    assert decimal(Fraction(1, 2), 1) == "0.5"
    assert decimal(Fraction(80), 1) == "80.0"
