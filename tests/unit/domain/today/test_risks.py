"""The risk window and the riskiest half-hours, from plans that can be calculated by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.today.conftest import NINE, half_hours_after
from worker.domain.today import risks
from worker.domain.today.outlook import RiskWindow, StaffedHalfHour


def _day(short: Sequence[int | None], start: datetime = NINE) -> list[StaffedHalfHour]:
    return [
        StaffedHalfHour(half_hours_after(start, number), 100, 300, 40, None if shortage is None else 40 - shortage)
        for number, shortage in enumerate(short)
    ]


def _clock(short: Sequence[int | None]) -> tuple[str, str, int] | None:
    window = risks.window(_day(short))
    return window and (f"{window.start:%H:%M}", f"{window.end:%H:%M}", window.short)


def test_the_window_is_the_neighbours_short_by_half_of_the_worst() -> None:
    assert _clock([0, 3, 4, 8, 5, 3, 0]) == ("10:00", "11:30", 8)


def test_short_is_that_of_the_worst_half_hour_and_not_the_sum() -> None:
    assert _clock([6, 8, 7]) == ("09:00", "10:30", 8)


def test_the_window_is_two_hours_at_most_and_holds_the_worse_neighbours() -> None:
    assert _clock([5, 6, 7, 8, 7, 4]) == ("09:30", "11:30", 8)


def test_the_first_of_two_equally_short_half_hours_is_the_worst() -> None:
    assert _clock([8, 0, 8]) == ("09:00", "09:30", 8)


def test_where_no_half_hour_is_short_there_is_no_window() -> None:
    assert _clock([0, -1, -5]) is None
    assert _clock([None, None]) is None
    assert _clock([]) is None


def test_a_half_hour_that_is_not_known_ends_the_window() -> None:
    assert _clock([8, None, 8]) == ("09:00", "09:30", 8)


def test_a_gap_between_two_half_hours_ends_the_window() -> None:
    first, _, last = _day([8, 8, 8])
    assert risks.window([first, last]) == RiskWindow(first.start, half_hours_after(first.start, 1), 8, 1)


def test_a_window_across_a_clock_change_ends_after_as_many_half_hours() -> None:
    start = datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    window = risks.window(_day([8, 8, 8, 8], start))
    assert window is not None
    assert window.end.timestamp() - window.start.timestamp() == 4 * 1800


def test_the_three_riskiest_half_hours_come_worst_first_then_by_time() -> None:
    assert [half_hour.short for half_hour in risks.riskiest(_day([2, 5, -1, 5, 3]))] == [5, 5, 3]
    starts = [f"{half_hour.start:%H:%M}" for half_hour in risks.riskiest(_day([2, 5, -1, 5, 3]))]
    assert starts == ["09:30", "10:30", "11:00"]


def test_half_hours_in_which_no_one_is_required_are_no_risk() -> None:
    closed = StaffedHalfHour(NINE, 0, None, 0, 0)
    assert risks.riskiest([closed]) == ()
    assert risks.window([closed]) is None


@given(st.lists(st.one_of(st.none(), st.integers(-9, 30)), max_size=48))
def test_a_window_holds_the_worst_half_hour_and_no_half_hour_below_half_of_it(short: list[int | None]) -> None:
    half_hours = _day(short)
    window = risks.window(half_hours)
    shortages = [shortage for shortage in short if shortage is not None]
    if not shortages or max(shortages) <= 0:
        assert window is None
        return
    assert window is not None
    inside = [half_hour.short for half_hour in half_hours if window.start <= half_hour.start < window.end]
    assert max(shortages) == window.short == max(shortage for shortage in inside if shortage is not None)
    assert all(shortage is not None and 2 * shortage >= window.short for shortage in inside)
    assert len(inside) == window.half_hours <= 4
