import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.metrics import (
    Metric,
    Ratio,
    abandonment,
    adherence,
    combined,
    is_stated,
    occupancy,
    ratio_of,
    service_level,
)
from worker.domain.rows import QueueInterval, Rows

CALLS = st.lists(st.sampled_from(["in time", "late", "abandoned", "flowed out"]), max_size=60)


def row_of(calls: list[str]) -> QueueInterval:
    """The counts that a source gives for these calls."""
    return QueueInterval(
        "q",
        "voice",
        None,
        offered=len(calls),
        answered=calls.count("in time") + calls.count("late"),
        answered_late=calls.count("late"),
        abandoned=calls.count("abandoned"),
    )


@given(CALLS, st.integers(1, 6), st.randoms())
def test_a_rolled_up_ratio_is_the_ratio_of_the_sums_however_the_rows_are_split(
    calls: list[str], pieces: int, chance: random.Random
) -> None:
    split: list[list[str]] = [[] for _ in range(pieces)]
    for call in calls:
        split[chance.randrange(pieces)].append(call)
    rows = [row_of(piece) for piece in split]
    assert service_level(rows) == service_level([row_of(calls)])
    assert abandonment(rows) == abandonment([row_of(calls)])


def test_ten_good_calls_do_not_outweigh_ninety_bad_ones(interval):
    rows = [
        interval("a", offered=10, answered=10, answered_late=0, abandoned=0),
        interval("b", offered=90, answered=90, answered_late=90, abandoned=0),
    ]
    assert service_level(rows) == Ratio(0.1, 10, 100)


def test_stated_numerators_and_denominators_go_before_calculated_ones(interval):
    # the organisation leaves short abandons out: 96 answered, 6 of them late, 4 abandoned, 3 of those short
    row = interval(answered=96, answered_late=6, abandoned=4, service_level_numerator=90, service_level_denominator=97)
    assert service_level([row]) == Ratio(90 / 97, 90, 97)


@pytest.mark.parametrize("missing_count", ["answered", "answered_late", "abandoned"])
def test_a_missing_count_is_no_zero(interval, missing_count):
    counts = {"offered": 10, "answered": 8, "answered_late": 2, "abandoned": 2}
    assert service_level([interval(**{**counts, missing_count: None})]) is None


@pytest.mark.parametrize("missing_count", ["answered", "answered_late", "abandoned"])
def test_a_service_level_without_the_counts_of_one_queue_is_not_known(interval, missing_count):
    whole = {"offered": 50, "answered": 50, "answered_late": 0, "abandoned": 0}
    rows = [
        interval("a", offered=10, answered=8, answered_late=2, abandoned=2),
        interval("b", **{**whole, missing_count: None}),
    ]
    assert service_level(rows) is None


@pytest.mark.parametrize("part", [{"offered": 5}, {"abandoned": 5}, {"answered": 5}])
def test_an_abandonment_without_the_counts_of_one_queue_is_not_known(interval, part):
    assert abandonment([interval("a", offered=10, abandoned=2), interval("b", **part)]) is None


def test_a_half_hour_in_which_everyone_hung_up_needs_no_stated_service_level(interval):
    # an organisation that leaves abandoned contacts out states none for such a half-hour
    rows = [
        interval(answered=8, answered_late=2, abandoned=2, service_level_numerator=6, service_level_denominator=8),
        interval("q2", offered=1, answered=0, abandoned=1),
    ]
    assert service_level(rows) == Ratio(0.75, 6, 8)


def test_a_row_without_any_contact_takes_nothing_from_a_ratio(interval):
    rows = [
        interval("a", offered=10, answered=8, answered_late=2, abandoned=2),
        interval("b"),
        interval("c", handled=4),
    ]
    assert (service_level(rows), abandonment(rows)) == (Ratio(0.6, 6, 10), Ratio(0.2, 2, 10))


def test_more_abandoned_than_offered_is_no_abandonment(interval):
    # three calls came before midnight and were abandoned after it
    assert abandonment([interval(offered=2, answered=0, abandoned=3)]) is None
    assert abandonment([interval(offered=3, answered=0, abandoned=3)]) == Ratio(1.0, 3, 3)


@pytest.mark.parametrize("metric", [service_level, abandonment, occupancy, adherence])
def test_no_rows_give_no_ratio(metric):
    assert metric([]) is None


def test_a_day_of_zeros_has_no_ratio(interval, agent):
    assert service_level([interval(offered=0, answered=0, answered_late=0, abandoned=0)]) is None
    assert abandonment([interval(offered=0, abandoned=0)]) is None
    assert occupancy([agent(interacting_ms=0, communicating_ms=0, idle_ms=0)]) is None
    assert adherence([agent(scheduled_seconds=0, exception_seconds=0)]) is None


def test_occupancy_is_time_interacting_over_time_ready(agent):
    # u1: 6 h interacting, 1 h communicating, 1 h idle; u2: 1 h interacting, 1 h idle → 7 h of 10 h
    hour = 3_600_000
    agents = [
        agent("u1", interacting_ms=6 * hour, communicating_ms=hour, idle_ms=hour),
        agent("u2", interacting_ms=hour, communicating_ms=0, idle_ms=hour),
    ]
    assert occupancy(agents) == Ratio(0.7, 7 * hour, 10 * hour)


@pytest.mark.parametrize("missing_count", ["interacting_ms", "communicating_ms", "idle_ms"])
def test_an_occupancy_without_one_time_of_one_agent_is_not_known(agent, missing_count):
    whole = {"interacting_ms": 300, "communicating_ms": 0, "idle_ms": 100}
    assert occupancy([agent("u1", **whole), agent("u2", **{**whole, missing_count: None})]) is None


def test_an_agent_without_any_time_stays_out_of_occupancy(agent):
    assert occupancy([agent("u1", interacting_ms=3, communicating_ms=0, idle_ms=1), agent("u2")]) == Ratio(0.75, 3, 4)


def test_an_adherence_without_the_exceptions_of_one_agent_is_not_known(agent):
    scheduled = [agent("u1", scheduled_seconds=100, exception_seconds=10), agent("u2", scheduled_seconds=100)]
    assert adherence(scheduled) is None


def test_adherence_is_scheduled_time_kept_over_all_agents_with_a_schedule(agent):
    # 8 h with 30 min off, 4 h with 6 min off: 1 − 36 ÷ 720 min
    agents = [
        agent("u1", scheduled_seconds=28_800, exception_seconds=1_800),
        agent("u2", scheduled_seconds=14_400, exception_seconds=360),
        agent("on holiday", scheduled_seconds=0, exception_seconds=0),
        agent("unscheduled"),
    ]
    assert adherence(agents) == Ratio(0.95, 41_040, 43_200)


def test_adherence_is_never_below_zero(agent):
    assert adherence([agent(scheduled_seconds=3_600, exception_seconds=5_000)]) == Ratio(0.0, 0, 3_600)


def test_a_ratio_without_counts_is_shown_if_it_is_the_only_one(interval):
    rows = Rows((), (interval(stated={"service_level": 0.775, "occupancy": 0.81}),))
    assert ratio_of(Metric.SERVICE_LEVEL, rows) == Ratio(0.775)
    assert ratio_of(Metric.OCCUPANCY, rows) == Ratio(0.81)
    assert ratio_of(Metric.ABANDONMENT, rows) is None


def test_ratios_without_counts_are_never_rolled_up(interval):
    rows = Rows((), (interval("a", stated={"service_level": 0.7}), interval("b", stated={"service_level": 0.9})))
    assert ratio_of(Metric.SERVICE_LEVEL, rows) is None
    assert is_stated(Metric.SERVICE_LEVEL, rows)
    assert not is_stated(Metric.ABANDONMENT, rows)


def test_there_is_no_total_without_the_counts_of_every_queue(interval):
    counted = interval("a", answered=8, answered_late=2, abandoned=2)
    assert service_level([counted, interval("b", stated={"service_level": 0.9})]) is None


def test_counts_go_before_a_ratio_that_is_stated_beside_them(interval):
    row = interval(answered=8, answered_late=2, abandoned=2, stated={"service_level": 0.61})
    assert service_level([row]) == Ratio(0.6, 6, 10)


def test_days_are_summed_and_those_without_counts_stay_out():
    assert combined([Ratio(0.5, 50, 100), Ratio(0.9, 180, 200), Ratio(0.1)]) == Ratio(230 / 300, 230, 300)
    assert combined([Ratio(0.1), Ratio(0.2)]) is None
