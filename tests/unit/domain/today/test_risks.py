"""The risk window and the riskiest half-hours, from plans that can be calculated by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.today.conftest import NINE, half_hours_after
from worker.domain.today import risks
from worker.domain.today.moving import movable_agents
from worker.domain.today.outlook import Extent, MovableAgents, RiskWindow, RoomWindow, StaffedHalfHour
from worker.domain.today.plan import Movable, PlannedActivity


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
    assert risks.window([first, last]) == RiskWindow(first.start, half_hours_after(first.start, 1), 8, 8)


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


def _day_with_levels(*figures: tuple[int, float, float | None]) -> list[StaffedHalfHour]:
    """Half-hours of (agents short, contacts, predicted service level)."""
    return [
        StaffedHalfHour(half_hours_after(NINE, number), contacts, 300, 40, 40 - short, level)
        for number, (short, contacts, level) in enumerate(figures)
    ]


def test_the_worst_half_hour_has_the_most_contacts_short_of_the_goal() -> None:
    day = _day_with_levels((4, 20, 0.5), (0, 100, 0.8), (3, 200, 0.7), (0, 100, 0.8))  # 6 and 20 contacts short
    assert [half_hour.short for half_hour in risks.riskiest(day, 0.8)] == [3, 4, 0]
    window = risks.window(day, 0.8)
    assert window is not None
    assert (window.start, window.short) == (day[2].start, 3)


def test_of_equally_many_contacts_short_the_earlier_half_hour_is_worse() -> None:
    day = _day_with_levels((3, 100, 0.7), (0, 10, 0.8), (3, 50, 0.6))
    assert risks.riskiest(day, 0.8)[0] is day[0]


@pytest.mark.parametrize("goal", [0.8, None])
def test_agents_decide_where_a_service_level_is_not_known(goal: float | None) -> None:
    day = _day_with_levels((3, 200, 0.1 if goal is None else None), (5, 20, 0.7))
    assert risks.riskiest(day, goal)[0] is day[1]


def test_a_half_hour_with_agents_to_spare_is_never_before_one_that_is_short() -> None:
    day = _day_with_levels((-2, 500, 0.1), (1, 10, 0.9))
    assert [half_hour.short for half_hour in risks.riskiest(day, 0.8)] == [1, -2]


def test_the_shortage_of_a_window_is_its_largest_and_the_least_is_known() -> None:
    day = _day_with_levels((6, 20, 0.7), (4, 200, 0.5))
    window = risks.window(day, 0.8)
    assert window is not None
    assert (window.short, window.least_short) == (6, 4)


def test_a_day_is_short_all_day_if_the_window_leaves_some_of_it_out() -> None:
    days = ([4, *[3] * 5], [3] * 6, [3] * 4, [3] * 5 + [0], [3] * 5 + [0, 0], [3] * 5 + [None], [3] * 4 + [2, 0])
    extents = [window.extent for short in days if (window := risks.window(_day(short)))]
    assert extents == [
        Extent.ALL_DAY,
        Extent.ALL_DAY_ALIKE,
        Extent.WINDOW,
        Extent.MOST_OF_DAY_ALIKE,
        Extent.WINDOW,
        Extent.MOST_OF_DAY_ALIKE,
        Extent.MOST_OF_DAY,
    ]


def test_half_hours_that_end_at_the_stand_up_are_over() -> None:
    day = _day([1, 2, 3])
    assert risks.not_over(day, NINE) == day
    assert risks.not_over(day, NINE + timedelta(minutes=29)) == day
    assert risks.not_over(day, NINE + timedelta(minutes=30)) == day[1:]
    assert risks.not_over(day, NINE + timedelta(hours=2)) == []


def test_half_hours_that_lose_more_contacts_are_not_alike() -> None:
    day = _day_with_levels(*[(3, 200, 0.5)] * 5, (3, 200, 0.3))
    window = risks.window(day, 0.8)
    assert window is not None
    assert window.extent is Extent.ALL_DAY


def test_room_is_the_first_run_after_the_window_with_two_over() -> None:
    day = _day([-9, 6, 6, 0, -1, -2, -3, -1, -5])
    window = risks.window(day)
    assert window is not None
    room = risks.room_after(day, window)
    assert room == RoomWindow(day[5].start, day[7].start, 2)


def test_room_is_two_hours_at_most_and_none_before_the_window_counts() -> None:
    day = _day([-9, 6, *[-4] * 6])
    window = risks.window(day)
    assert window is not None
    room = risks.room_after(day, window)
    assert room is not None
    assert room.end.timestamp() - room.start.timestamp() == 4 * 1800
    assert risks.room_after(_day([-9, 6, -1]), window) is None


def test_a_half_hour_without_required_agents_is_no_room() -> None:
    day = [*_day([6]), StaffedHalfHour(half_hours_after(NINE, 1), 0, None, 0, 5)]
    window = risks.window(day)
    assert window is not None
    assert risks.room_after(day, window) is None


def _activity(kind: Movable, first: float, last: float, agents: int) -> PlannedActivity:
    starts = [NINE + timedelta(minutes=30) * number for number in (first, last)]
    return PlannedActivity(kind, starts[0], starts[1], agents)


def test_agents_in_activities_are_counted_at_the_same_time_in_the_window() -> None:
    window = RiskWindow(NINE + timedelta(minutes=30), NINE + timedelta(minutes=90), 5, 2)
    activities = (
        _activity(Movable.MEETING, 0, 2, 2),
        _activity(Movable.MEETING, 1.5, 2.5, 3),
        _activity(Movable.MEETING, 2, 3, 4),
        _activity(Movable.MEAL, 3, 4, 9),
        _activity(Movable.TRAINING, 0, 1, 9),
        _activity(Movable.TRAINING, 2.5, 6, 8),
    )
    assert movable_agents(activities, window) == (
        MovableAgents(Movable.TRAINING, 8),
        MovableAgents(Movable.MEETING, 7),
    )


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
    assert min(shortage for shortage in inside if shortage is not None) == window.least_short
    assert len(inside) <= 4
