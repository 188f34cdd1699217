"""A figure has a usual range from the group's own days, and is unusual only beyond its limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from worker.domain.briefing.content import Briefing, Counts
from worker.domain.briefing.history import DayFigures
from worker.domain.briefing.usual import error_shares, usual_of
from worker.domain.briefing.usual_content import Measure, NoUsualRange, Place, UsualFigure
from worker.domain.groups.thresholds import DEFAULT_THRESHOLDS, Thresholds
from worker.domain.metrics import Metric, Ratio
from worker.domain.rows import Gap, Rows
from worker.domain.usual.scales import DayFigure

DAY = date(2026, 10, 21)
WORKDAYS = [day for day in (DAY - timedelta(days=distance) for distance in range(40, 0, -1)) if day.weekday() < 5]
WAVE = (-2, 1, 0, 2, -1, 0, 1)


def level_days(contacts: int, percent: int, count: int = 26) -> list[DayFigure]:
    """Days of about so many percent in time."""
    return [
        DayFigure(day, round(contacts * (percent + WAVE[index % 7]) / 100), contacts)
        for index, day in enumerate(WORKDAYS[-count:])
    ]


def level(contacts: int, in_time: int, history: list[DayFigure], thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Any:
    return usual_of(Measure.SERVICE_LEVEL, DayFigure(DAY, in_time, contacts), history, thresholds)


@pytest.mark.parametrize(("contacts", "is_coarse"), [(20, True), (30, False)])
def test_a_range_is_coarse_where_fewer_than_five_contacts_are_expected_on_a_side(
    contacts: int, is_coarse: bool
) -> None:
    # about 80 % are in time, so four of 20 and six of 30 are not
    assert level(contacts, contacts, level_days(1000, 80)).is_coarse is is_coarse


@pytest.mark.parametrize(("in_time", "place"), [(800, Place.INSIDE), (755, Place.OUTSIDE), (600, Place.UNUSUALLY_LOW)])
def test_a_figure_lies_inside_outside_or_beyond_the_limits(in_time: int, place: Place) -> None:
    usual = level(1000, in_time, level_days(1000, 80))
    assert usual.place is place
    assert usual.low < 0.79 < usual.high
    assert (usual.days, usual.hidden_change) == (26, None)


def test_a_difference_that_does_not_matter_is_not_unusual() -> None:
    steady = [DayFigure(day, 80_000, 100_000) for day in WORKDAYS[-26:]]
    assert level(100_000, 77_500, steady).place is Place.OUTSIDE
    assert level(100_000, 76_900, steady).place is Place.UNUSUALLY_LOW
    assert level(100_000, 76_900, steady, Thresholds(notable_change=0.04)).place is Place.OUTSIDE


def test_a_wider_range_calls_less_unusual() -> None:
    history = level_days(1000, 80)
    usual, wider = level(1000, 720, history), level(1000, 720, history, Thresholds(usual_widening=3))
    assert (usual.place, wider.place) == (Place.UNUSUALLY_LOW, Place.INSIDE)
    assert wider.high - wider.low > 2 * (usual.high - usual.low)


def test_few_contacts_hide_a_change_by_chance_and_restless_days_by_their_difference() -> None:
    few = level(60, 48, level_days(60, 80))
    assert few.hidden_change > 0.1
    assert few.is_hidden_by_chance
    restless = [DayFigure(day, 950 if index % 2 else 600, 1000) for index, day in enumerate(WORKDAYS[-26:])]
    usual = level(1000, 800, restless)
    assert usual.hidden_change > 0.1
    assert not usual.is_hidden_by_chance


def test_four_days_are_not_enough() -> None:
    assert level(1000, 600, level_days(1000, 80, 4)) == NoUsualRange(4)
    assert level(1000, 600, level_days(1000, 80, 5)).days == 5


def test_low_abandonment_is_never_unusual_and_high_is() -> None:
    history = [DayFigure(day, 100 + WAVE[index % 7], 1000) for index, day in enumerate(WORKDAYS[-26:])]
    places = [usual_of(Measure.ABANDONMENT, DayFigure(DAY, k, 1000), history, DEFAULT_THRESHOLDS) for k in (1, 200)]
    assert [usual.place for usual in places if isinstance(usual, UsualFigure)] == [Place.OUTSIDE, Place.UNUSUALLY_HIGH]


def test_media_share_the_errors_of_a_page() -> None:
    history, today = level_days(1000, 80), DayFigure(DAY, 758, 1000)
    unshared = [in_time for in_time in range(600, 800) if level(1000, in_time, history).place is Place.UNUSUALLY_LOW]
    shared = [
        in_time
        for in_time in range(600, 800)
        if (usual := usual_of(Measure.SERVICE_LEVEL, replace(today, numerator=in_time), history, DEFAULT_THRESHOLDS, 3))
        and isinstance(usual, UsualFigure)
        and usual.place is Place.UNUSUALLY_LOW
    ]
    assert max(shared) < max(unshared)


def test_the_error_shares_are_within_one_percent() -> None:
    shares = error_shares(DEFAULT_THRESHOLDS).values()
    assert sum(share.low + share.high for share in shares) == pytest.approx(0.00545)


def past_day(in_time: int) -> DayFigures:
    return DayFigures(
        Counts(100, None, None, None, None, None), {Metric.SERVICE_LEVEL: Ratio(in_time / 100, in_time, 100)}
    )


def usual_level(make_briefing: Callable[..., Briefing], rows: Rows, **changes: Any) -> Any:
    history = {day: past_day(98) for day in WORKDAYS}
    briefing = make_briefing(rows, **{"history": history, "business_days": WORKDAYS, **changes})
    return briefing.tile(Metric.SERVICE_LEVEL).usual


def test_a_tile_has_its_usual_range(make_briefing: Callable[..., Briefing], small_day: Rows) -> None:
    usual = usual_level(make_briefing, small_day)
    assert (usual.place, usual.days) == (Place.UNUSUALLY_LOW, 26)


def test_a_thin_or_an_incomplete_figure_has_no_usual_range(
    make_briefing: Callable[..., Briefing], small_day: Rows
) -> None:
    assert usual_level(make_briefing, small_day, insights=Thresholds(fewest_contacts=101)) is None
    assert usual_level(make_briefing, replace(small_day, gaps=(Gap("partial", "Half is missing."),))) is None


def test_a_group_can_switch_the_usual_range_off(make_briefing: Callable[..., Briefing], small_day: Rows) -> None:
    assert usual_level(make_briefing, small_day, insights=Thresholds(usual_range=False)) is None


def test_the_day_after_a_holiday_says_so(make_briefing: Callable[..., Briefing], small_day: Rows) -> None:
    usual = usual_level(make_briefing, small_day, business_days=WORKDAYS[:-1])
    assert usual == NoUsualRange(0, is_after_closure=True)
