"""A day's forecast is remembered small, and scored against the contacts that came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from worker.domain.briefing.history import DayFigures, figures_of
from worker.domain.rows import Queue, QueueInterval, Rows
from worker.domain.today.forecasts import decode_forecast, encode_forecast, forecast_of
from worker.domain.today.plan import MediumPlan, PlannedInterval, TodayPlan
from worker.domain.today.scoring import scores_of
from worker.errors import MalformedAnswer

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 11, 20)
NINE = datetime(2026, 11, 20, 9, tzinfo=BERLIN)


def plan(*offered: float | None, medium: str = "voice") -> TodayPlan:
    intervals = tuple(
        PlannedInterval(NINE + timedelta(minutes=30 * place), contacts) for place, contacts in enumerate(offered)
    )
    return TodayPlan(DAY, (MediumPlan(medium, intervals),))


def day(*offered: int, medium: str = "voice") -> DayFigures:
    rows = (
        QueueInterval(
            queue_id="q",
            media_type=medium,
            start=(NINE + timedelta(minutes=30 * place)).astimezone(UTC),
            offered=contacts,
            answered=contacts,
            answered_late=0,
            abandoned=0,
            service_level_numerator=contacts,
            service_level_denominator=contacts,
        )
        for place, contacts in enumerate(offered)
    )
    return figures_of(Rows((Queue("q", "Care"),), tuple(rows)), BERLIN)


def test_a_forecast_is_remembered_by_medium_and_half_hour() -> None:
    assert forecast_of(plan(10.126, 0.0)) == {"voice": {"09:00": 10.13, "09:30": 0.0}}


@pytest.mark.parametrize("fields", [{"foreign_queues": ("Other",)}, {"uncovered_queues": ("Mine",)}])
def test_a_forecast_of_other_queues_is_not_remembered(fields: dict[str, tuple[str, ...]]) -> None:
    assert forecast_of(replace(plan(10.0), **fields)) == {}  # type: ignore[arg-type]


def test_a_forecast_with_an_unknown_half_hour_is_not_remembered() -> None:
    assert forecast_of(plan(10.0, None)) == {}


def test_the_half_hours_that_a_clock_change_repeats_are_one() -> None:
    two = datetime(2026, 10, 25, 2, tzinfo=BERLIN)
    intervals = (PlannedInterval(two, 3.0), PlannedInterval(two.replace(fold=1), 4.0))
    assert forecast_of(TodayPlan(DAY, (MediumPlan("voice", intervals),))) == {"voice": {"02:00": 7.0}}


def test_a_remembered_forecast_is_the_forecast_that_was_remembered() -> None:
    forecast = forecast_of(plan(10.5, 3.25))
    assert decode_forecast(encode_forecast(forecast)) == forecast
    with pytest.raises(MalformedAnswer):
        decode_forecast(b'{"voice": 3}')


def test_error_and_bias_are_those_of_the_half_hours() -> None:
    (medium,) = scores_of(DAY, day(8, 12), {DAY: forecast_of(plan(10.0, 14.0))}, {})
    assert medium.medium == "voice"
    assert medium.score.error == pytest.approx((2 + 2) / 20)
    assert medium.score.bias == pytest.approx((24 - 20) / 20)
    assert medium.score.half_hours == 2


def test_contacts_in_half_hours_without_forecast_count_as_error() -> None:
    (medium,) = scores_of(DAY, day(8, 12, 5), {DAY: forecast_of(plan(8.0, 12.0))}, {})
    assert medium.score.error == pytest.approx(5 / 25)


def test_a_group_whose_forecasts_are_often_off_has_wider_bands() -> None:
    today_forecast, earlier = forecast_of(plan(100.0, 100.0)), DAY - timedelta(days=7)
    actual = day(130, 130)
    (narrow,) = scores_of(DAY, actual, {DAY: today_forecast}, {})
    forecasts = {earlier: forecast_of(plan(100.0, 100.0)), DAY: today_forecast}
    (wide,) = scores_of(DAY, actual, forecasts, {earlier: day(140, 60)})
    assert (narrow.score.inside, wide.score.inside) == (0, 2)


@pytest.mark.parametrize(
    "figures",
    [replace(day(8, 12), whole=False), day(0, 0), figures_of(Rows((), ()), BERLIN), day(8, 12, medium="chat")],
    ids=["incomplete", "no contacts", "no rows", "another medium"],
)
def test_a_day_that_cannot_be_compared_has_no_score(figures: DayFigures) -> None:
    assert scores_of(DAY, figures, {DAY: forecast_of(plan(10.0, 14.0))}, {}) == ()


def test_a_day_without_forecast_has_no_score() -> None:
    assert scores_of(DAY, day(8, 12), {DAY + timedelta(days=3): forecast_of(plan(10.0))}, {}) == ()


def test_the_last_ten_days_with_a_score_say_how_wide_the_band_is() -> None:
    forecast, actual = forecast_of(plan(100.0, 100.0)), day(130, 130)
    days = [DAY - timedelta(days=number) for number in range(1, 13)]
    exact = dict.fromkeys(days[:10], day(100, 100))
    forecasts = dict.fromkeys([DAY, *days], forecast)
    (narrow,) = scores_of(DAY, actual, forecasts, {**exact, days[10]: day(200, 10), days[11]: day(200, 10)})
    assert narrow.score.inside == 0
    incomplete = replace(day(100, 100), whole=False)
    history = {**exact, days[0]: incomplete, days[1]: figures_of(Rows((), ()), BERLIN)}
    (wide,) = scores_of(DAY, actual, forecasts, {**history, days[10]: day(200, 10), days[11]: day(200, 10)})
    assert wide.score.inside == 2
