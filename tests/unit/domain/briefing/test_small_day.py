"""The small day of conftest.py, each figure calculated by hand beside its assertion."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from worker.domain.briefing.content import Change, Counts
from worker.domain.briefing.history import figures_of
from worker.domain.metrics import Metric, Ratio, Status

TUESDAY = date(2026, 10, 20)


@pytest.fixture(scope="module")
def briefing(make_briefing, small_day):
    return make_briefing(small_day)


def test_tiles_come_in_the_order_of_the_page(briefing):
    assert [tile.reading.metric for tile in briefing.tiles] == [
        Metric.SERVICE_LEVEL,
        Metric.ABANDONMENT,
        Metric.OCCUPANCY,
        Metric.ADHERENCE,
    ]


@pytest.mark.parametrize(
    ("metric", "ratio", "status"),
    [
        (Metric.SERVICE_LEVEL, Ratio(78 / 100, 78, 100), Status.WATCH),
        (Metric.ABANDONMENT, Ratio(5 / 100, 5, 100), Status.ON_TARGET),
        # 5 h + 3 h interacting of 7 h + 3 h ready
        (Metric.OCCUPANCY, Ratio(8 / 10, 8 * 3_600_000, 10 * 3_600_000), Status.ON_TARGET),
        # 8 h − 24 min and 4 h − 60 min kept of 12 h
        (Metric.ADHERENCE, Ratio(38_160 / 43_200, 38_160, 43_200), Status.MISSED),
    ],
)
def test_the_page_shows_four_readings(briefing, metric, ratio, status):
    reading = briefing.tile(metric).reading
    assert (reading.ratio, reading.status) == (ratio, status)


def test_the_page_shows_the_counts_of_the_day(briefing):
    # 95 answered; late = 100 − 78
    assert briefing.counts == Counts(100, 95, 5, 22, 300_000.0, 30_000.0)


def test_half_hours_span_the_busy_part_of_the_day_with_the_empty_ones_between(briefing):
    lines = [(f"{half.start:%H:%M%z}", half.counts.offered, half.service_level) for half in briefing.half_hours]
    assert lines == [
        ("09:00-0400", 20, Ratio(0.95, 19, 20)),
        ("09:30-0400", None, None),
        ("10:00-0400", 20, Ratio(0.5, 10, 20)),
        ("10:30-0400", 60, Ratio(49 / 60, 49, 60)),
    ]


def test_queues_come_worst_first_with_their_media_together(briefing):
    billing, sales = briefing.queues
    assert (billing.name, billing.service_level.ratio) == ("Billing", Ratio(0.6, 30, 50))
    assert (sales.name, sales.service_level.ratio) == ("Sales", Ratio(0.96, 48, 50))
    assert billing.abandonment == Ratio(0.08, 4, 50)
    assert sales.counts.offered == 50


def test_agents_come_worst_first_and_those_without_a_schedule_last(briefing):
    lines = [(line.name, line.adherence.ratio, line.off_schedule_seconds, line.late_logins) for line in briefing.agents]
    assert lines == [
        ("Ben", Ratio(0.75, 10_800, 14_400), 3_600, 1),
        ("Ada", Ratio(0.95, 27_360, 28_800), 1_440, 0),
        ("Cy", None, None, None),
    ]
    assert briefing.agents[2].adherence.reason == "No schedule."


def test_instants_are_in_the_groups_zone(briefing):
    assert briefing.generated_at.isoformat() == "2026-10-22T06:05:12-04:00"


def test_without_history_there_is_no_change_and_a_trend_of_one_day(briefing):
    assert briefing.tile(Metric.SERVICE_LEVEL).changes == ()
    assert briefing.tile(Metric.SERVICE_LEVEL).trend == (0.78,)
    assert briefing.previous_counts is None


def test_a_day_against_itself_as_yesterday_has_not_moved(make_briefing, small_day):
    yesterday = {TUESDAY: figures_of(small_day)}
    briefing = make_briefing(small_day, history=yesterday, business_days=[TUESDAY])
    for tile in briefing.tiles:
        assert tile.changes == (Change("previous", (TUESDAY,), 0.0),)
    assert [line.change for line in briefing.queues] == [Change("previous", (TUESDAY,), 0.0)] * 2
    assert [line.trend for line in briefing.queues] == [(0.6, 0.6), (0.96, 0.96)]
    assert briefing.previous_counts == briefing.counts


@pytest.mark.parametrize("few", ["today", "before"])
def test_average_times_of_few_answers_are_not_compared(make_briefing, small_day, half_hour, few):
    # 100 offered, of which 3 were answered
    few_answers = replace(small_day, intervals=(half_hour("b", datetime(2026, 10, 21, 14, tzinfo=UTC), 2, 1, 97),))
    today, tuesday = (few_answers, small_day) if few == "today" else (small_day, few_answers)
    briefing = make_briefing(today, history={TUESDAY: figures_of(tuesday)}, business_days=[TUESDAY])
    assert briefing.previous_counts is not None
    assert briefing.previous_counts.offered == 100
    assert briefing.previous_counts.average_handle_ms is None
    assert briefing.previous_counts.average_answer_ms is None


def test_the_same_rows_give_the_same_briefing(make_briefing, small_day, briefing):
    assert make_briefing(small_day) == briefing


def test_the_insights_are_those_of_the_rules(briefing):
    # 10:00 is the only half-hour under 80 %; Billing has 20 of the 22 late; Sales is the best queue
    assert [(insight.kind, insight.status) for insight in briefing.insights] == [
        ("costly_queues", Status.MISSED),
        ("worst_run", Status.MISSED),
        ("target_missed", Status.MISSED),
        ("best_queue", Status.ON_TARGET),
    ]
    queue, run, adherence, praise = (insight.figures for insight in briefing.insights)
    assert (run["start"], run["service_level"], run["abandons"]) == (briefing.half_hours[2].start, 0.5, 2)
    assert queue == {"names": ("Billing",), "late": 20, "counted": 50, "other_late": 2, "other_counted": 50}
    assert adherence["metric"] == "adherence"
    assert (praise["name"], praise["service_level"], praise["goal"]) == ("Sales", 0.96, 0.8)
    assert (praise["offered"], praise["queues"], praise["fewest_contacts"]) == (50, 2, 10)
