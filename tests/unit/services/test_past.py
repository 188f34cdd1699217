"""When a group is new enough for its past to be asked for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from worker.services.past import is_new

DAY = date(2026, 11, 20)


def ago(*days: int) -> set[date]:
    return {DAY - timedelta(days=days_back) for days_back in days}


@pytest.mark.parametrize(
    ("known_days", "new"),
    [
        (set(), True),
        (ago(0), True),
        (ago(-1, -2), True),
        (ago(1, 2, 3), True),
        (ago(1, 13), True),
        (ago(1, 14), False),
        (ago(40), False),
        (ago(*range(1, 14)), True),
    ],
)
def test_a_group_is_new_until_it_has_two_weeks_of_history(known_days: set[date], new: bool) -> None:
    assert is_new(known_days, DAY) is new
