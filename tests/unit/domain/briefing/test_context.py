"""A day against earlier days: which ones, and how they are rolled up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from worker.domain.briefing.comparison import UsualVolume, pick_medium, usual_volume
from worker.domain.briefing.content import Change, Counts
from worker.domain.briefing.history import DayFigures, reference_days
from worker.domain.metrics import Metric, Ratio, Status

DAY = date(2026, 10, 21)  # a Wednesday
EVERY_WORKDAY = [day for day in (DAY - timedelta(days=distance) for distance in range(60, 0, -1)) if day.weekday() < 5]
NO_COUNTS = Counts(None, None, None, None, None, None)


def past_day(numerator=None, denominator=None, *, value=None, offered=None, metric=Metric.SERVICE_LEVEL, queues=None):
    ratio = Ratio(value if value is not None else numerator / denominator, numerator, denominator)
    counts = Counts(offered, None, None, None, None, None)
    return DayFigures(counts, {metric: ratio}, queues or {})


def test_tuesday_is_before_wednesday_and_friday_before_monday():
    assert reference_days(DAY, EVERY_WORKDAY).previous == date(2026, 10, 20)
    assert reference_days(date(2026, 10, 19), EVERY_WORKDAY).previous == date(2026, 10, 16)


def test_the_same_weekday_goes_back_four_weeks_and_skips_holidays():
    open_days = [day for day in EVERY_WORKDAY if day != date(2026, 9, 30)]
    assert reference_days(DAY, open_days).same_weekday == (date(2026, 9, 23), date(2026, 10, 7), date(2026, 10, 14))


def test_the_trend_has_nine_business_days_before_the_reporting_day():
    earlier = reference_days(DAY, EVERY_WORKDAY).earlier
    assert (len(earlier), earlier[0], earlier[-1]) == (9, date(2026, 10, 8), date(2026, 10, 20))


def test_days_may_come_in_any_order_and_later_ones_are_ignored():
    shuffled = [DAY + timedelta(days=1), DAY, *reversed(EVERY_WORKDAY)]
    assert reference_days(DAY, shuffled) == reference_days(DAY, EVERY_WORKDAY)


def test_a_group_without_any_business_day_has_no_references():
    assert reference_days(DAY, []).previous is None


def test_the_weekday_average_is_the_ratio_of_the_sums(make_briefing, small_day):
    # 90 of 100, 50 of 100 and 700 of 800 in time: 840 of 1,000, not the mean of 90 %, 50 % and 87.5 %
    weeks = [DAY - timedelta(weeks=distance) for distance in (3, 2, 1)]
    history = dict(zip(weeks, [past_day(90, 100), past_day(50, 100), past_day(700, 800)], strict=True))
    tile = make_briefing(small_day, history=history, business_days=EVERY_WORKDAY).tile(Metric.SERVICE_LEVEL)
    (change,) = tile.changes
    assert (change.kind, change.days) == ("weekday_average", tuple(weeks))
    assert change.points == pytest.approx(0.78 - 0.84)


def test_a_week_that_is_known_without_counts_stays_out_of_the_average(make_briefing, small_day):
    weeks = [DAY - timedelta(weeks=distance) for distance in (2, 1)]
    history = {weeks[0]: past_day(value=0.1), weeks[1]: past_day(80, 100)}
    (change,) = (
        make_briefing(small_day, history=history, business_days=EVERY_WORKDAY).tile(Metric.SERVICE_LEVEL).changes
    )
    assert change.days == (weeks[1],)


def test_the_previous_day_may_be_known_without_counts(make_briefing, small_day):
    history = {date(2026, 10, 20): past_day(value=0.75)}
    (change,) = (
        make_briefing(small_day, history=history, business_days=EVERY_WORKDAY).tile(Metric.SERVICE_LEVEL).changes
    )
    assert (change.kind, change.points) == ("previous", pytest.approx(0.03))


def test_an_unknown_previous_day_is_not_replaced_by_an_earlier_one(make_briefing, small_day):
    history = {date(2026, 10, 19): past_day(75, 100)}
    assert make_briefing(small_day, history=history, business_days=EVERY_WORKDAY).tiles[0].changes == ()


def test_a_closed_day_is_no_reference_even_if_figures_of_it_are_known(make_briefing, small_day):
    holiday = date(2026, 10, 20)
    history = {holiday: past_day(1, 100), date(2026, 10, 19): past_day(75, 100)}
    open_days = [day for day in EVERY_WORKDAY if day != holiday]
    (change,) = make_briefing(small_day, history=history, business_days=open_days).tile(Metric.SERVICE_LEVEL).changes
    assert change == Change("previous", (date(2026, 10, 19),), pytest.approx(0.03))


def test_unknown_days_are_gaps_in_the_trend(make_briefing, small_day):
    history = {EVERY_WORKDAY[-1]: past_day(80, 100), EVERY_WORKDAY[-3]: past_day(0, 100)}
    trend = make_briefing(small_day, history=history, business_days=EVERY_WORKDAY).tiles[0].trend
    assert trend == (None, None, None, None, None, None, 0.0, None, 0.8, 0.78)


def test_what_is_kept_of_the_reporting_day_itself_is_ignored(make_briefing, small_day):
    history = {DAY: past_day(1, 100)}
    assert make_briefing(small_day, history=history, business_days=[*EVERY_WORKDAY, DAY]).tiles[0].trend[-1] == 0.78


def test_yesterdays_counts_are_there_for_comparison(make_briefing, small_day):
    history = {date(2026, 10, 20): past_day(80, 100, offered=93)}
    briefing = make_briefing(small_day, history=history, business_days=EVERY_WORKDAY)
    assert briefing.previous_counts == Counts(93, None, None, None, None, None)


@pytest.mark.parametrize(("contacts", "is_compared"), [(10, True), (9, False)])
def test_a_day_is_not_compared_with_one_of_few_contacts(make_briefing, small_day, contacts, is_compared):
    history = {EVERY_WORKDAY[-1]: past_day(contacts, contacts, offered=contacts)}
    briefing = make_briefing(small_day, history=history, business_days=EVERY_WORKDAY)
    tile = briefing.tile(Metric.SERVICE_LEVEL)
    assert (bool(tile.changes), tile.is_too_thin_to_compare) == (is_compared, not is_compared)
    assert (briefing.previous_counts is not None) is is_compared


@pytest.mark.parametrize("metric", list(Metric))
def test_a_known_day_without_a_figure_is_no_missing_day(make_briefing, small_day, metric):
    history = {EVERY_WORKDAY[-1]: past_day(50, 100, offered=100)}
    tile = make_briefing(small_day, history=history, business_days=EVERY_WORKDAY).tile(metric)
    first = make_briefing(small_day, history={}, business_days=EVERY_WORKDAY).tile(metric)
    assert not first.is_not_known_earlier
    assert tile.is_not_known_earlier is (metric not in history[EVERY_WORKDAY[-1]].ratios)


def test_a_weekday_average_leaves_out_days_of_few_contacts(make_briefing, small_day):
    history = {date(2026, 10, 14): past_day(9, 9), date(2026, 10, 7): past_day(50, 100)}
    (change,) = make_briefing(small_day, history=history, business_days=EVERY_WORKDAY).tiles[0].changes
    assert change.days == (date(2026, 10, 7),)


def test_adherence_of_a_short_day_is_compared(make_briefing, small_day):
    history = {EVERY_WORKDAY[-1]: past_day(5, 9, metric=Metric.ADHERENCE)}
    briefing = make_briefing(small_day, history=history, business_days=EVERY_WORKDAY)
    assert briefing.tile(Metric.ADHERENCE).changes


def test_a_queues_change_is_against_its_own_service_level_of_the_day_before(make_briefing, small_day):
    history = {date(2026, 10, 20): past_day(80, 100, queues={"b": Ratio(0.7, 70, 100), "gone": Ratio(0.1, 1, 10)})}
    billing, sales = make_briefing(small_day, history=history, business_days=EVERY_WORKDAY).queues
    assert billing.change == Change("previous", (date(2026, 10, 20),), pytest.approx(-0.1))
    assert sales.change is None


def test_the_usual_volume_is_the_mean_of_the_weeks_whose_contacts_are_known():
    # 80 and 100: usually 90; the third week does not say
    weeks = [DAY - timedelta(weeks=distance) for distance in (3, 2, 1)]
    known_days = [past_day(80, 100, offered=80), past_day(80, 100, offered=100), past_day(80, 100)]
    history = dict(zip(weeks, known_days, strict=True))
    volume = usual_volume(pick_medium("voice", is_only_medium=True), reference_days(DAY, EVERY_WORKDAY), history)
    assert volume == UsualVolume(90, (weeks[0], weeks[1]))


@pytest.mark.parametrize(("usual", "is_told"), [(50, True), (90, False)])
def test_many_contacts_are_told_only_if_they_are_unusual(make_briefing, small_day, usual, is_told):
    # today's 100 against days of 50 and of 90 contacts: more than a tenth above both
    history = {day: past_day(round(0.78 * usual), usual, offered=usual) for day in EVERY_WORKDAY}
    briefing = make_briefing(replace(small_day, agents=()), history=history, business_days=EVERY_WORKDAY)
    assert ("volume_high" in [insight.kind for insight in briefing.insights]) is is_told


def test_the_usual_volume_leaves_thin_days_out():
    weeks = [DAY - timedelta(weeks=distance) for distance in (2, 1)]
    history = dict(zip(weeks, [past_day(9, 9, offered=9), past_day(80, 80, offered=80)], strict=True))
    pick, references = pick_medium("voice", is_only_medium=True), reference_days(DAY, EVERY_WORKDAY)
    assert usual_volume(pick, references, history, fewest_contacts=10) == UsualVolume(80, (weeks[1],))


@pytest.mark.parametrize(("fewest", "status"), [(50, Status.MISSED), (51, Status.THIN)])
def test_a_queue_with_few_contacts_is_not_judged(make_briefing, small_day, fewest, status):
    lines = make_briefing(small_day, insights={"fewest_contacts": fewest}).queues
    line = next(line for line in lines if line.name == "Billing")
    assert (line.is_thin, line.service_level.status) == (status is Status.THIN, status)
