"""Few of the days in which nothing happens have a text that claims a change, and planted causes are found.

``python -m tests.quiet_days`` simulates enough days for figures. These are a sample with a fixed seed.
"""

from __future__ import annotations

import pytest

from tests.queue_days import Centre
from tests.quiet_days.claims import claims_among
from tests.quiet_days.planted import planted_days
from tests.quiet_days.power import power
from tests.quiet_days.quiet import quiet_days


def test_a_sample_of_quiet_days_claims_no_change() -> None:
    counts = quiet_days(Centre(120), 25, seed=3)
    assert (counts.days, counts.claims) == (25, {})
    figures, inside = counts.inside["service_level"]
    assert figures == 25
    assert inside >= 20


@pytest.mark.parametrize("text", ["{metric} is unusually low.", "Why service level was low", "A new text that fell"])
def test_a_text_with_a_word_of_change_counts_until_it_is_listed(text: str) -> None:
    assert claims_among({text, "{points} worse", "On target"}) == {text}


def test_the_parts_of_planted_causes_sum_to_the_change() -> None:
    days = planted_days(1_500, "15 % fewer agents", 4, seed=1)
    assert days.explained > 0
    assert days.naming_another == 0
    assert days.largest_remainder < 1e-9


def test_a_fall_is_seen_among_many_contacts_and_not_among_few() -> None:
    assert power(30, 0, 20, seed=1) < 0.2
    assert power(5_000, 0, 20, seed=1) > 0.8
