from dataclasses import replace

import pytest

from tests.unit.domain.insights.conftest import NO_COUNTS, unusual
from worker.domain.briefing.usual_content import Measure, Place, UnusualQueue
from worker.domain.groups.thresholds import Thresholds
from worker.domain.insights.praise import all_targets_met, best_queue, on_target_streak, service_level_up, target_met
from worker.domain.metrics import Metric, Status


def test_all_targets_are_met_only_if_all_four_have_data_and_meet_them(day, tile):
    good = tile(Metric.SERVICE_LEVEL, 0.8)
    assert all_targets_met(day((good,))) is not None
    assert all_targets_met(day()) is None
    assert all_targets_met(day((good, tile(Metric.ADHERENCE, None)))) is None


def test_all_targets_are_not_praised_beside_a_queue_under_its_target(day, tile, queue):
    good = (tile(Metric.SERVICE_LEVEL, 0.9),)
    assert all_targets_met(day(good, queues=(queue("A", 90, 100), queue("B", 85, 100)))) is not None
    assert all_targets_met(day(good, queues=(queue("A", 90, 100), queue("B", 70, 100)))) is None


def test_the_best_queue_is_the_highest_service_level_on_target(day, queue):
    insight = best_queue(day(queues=(queue("A", 50, 100), queue("B", 75, 100), queue("VIP Desk", 124, 139))))
    assert insight is not None
    assert insight.figures == {
        "name": "VIP Desk",
        "service_level": 124 / 139,
        "goal": 0.8,
        "offered": 139,
        "queues": 3,
        "fewest_contacts": 10,
    }


@pytest.mark.parametrize(("in_time_of_b", "is_reported"), [(90, False), (89.96, False), (89.9, False), (89.5, True)])
def test_no_queue_is_the_best_where_chance_may_have_put_it_first(day, queue, in_time_of_b, is_reported):
    lines = (queue("A", 90_000, 100_000), queue("B", int(in_time_of_b * 1_000), 100_000))
    assert (best_queue(day(queues=lines)) is not None) is is_reported


def test_a_thin_queue_is_not_the_best(day, queue):
    insight = best_queue(day(queues=(queue("Thin", 9, 9), queue("Busy", 85, 100), queue("Other", 70, 100))))
    assert insight is not None
    assert (insight.figures["name"], insight.figures["queues"]) == ("Busy", 2)


@pytest.mark.parametrize(
    "queues",
    [
        [],
        [("A", 99, 100)],
        [("A", 99, 100), ("unused", None, None)],
        [("A", 99, 100), ("thin", 5, 9)],
        [("A", 79, 100), ("B", 50, 100)],
        [("A", 9, 9), ("B", 5, 100)],
    ],
)
def test_there_is_no_best_queue_without_another_or_below_target(day, queue, queues):
    assert best_queue(day(queues=tuple(queue(*line) for line in queues))) is None


@pytest.mark.parametrize(
    ("trend", "days"),
    [
        ((0.9, 0.8, 0.8, 0.95, 0.8), 5),
        ((0.7, 0.9, 0.8, 0.8, 0.95, 0.8), 5),
        ((0.9,) * 10, 10),
        ((0.9, 0.9, 0.9, 0.9), None),
        ((0.9, 0.9, 0.9, None, 0.9, 0.9, 0.9), None),
        ((0.9, 0.9, 0.9, 0.9, 0.9, 0.79), None),
        ((), None),
    ],
)
def test_a_streak_is_a_working_week_on_target_without_a_gap(day, tile, trend, days):
    insight = on_target_streak(day((tile(Metric.SERVICE_LEVEL, 0.8, trend=trend),)))
    assert (insight and insight.figures["days"]) == days
    assert (insight is not None and "may_be_longer" in insight.figures) is (days == 10)


@pytest.mark.parametrize(("thin_days_ago", "days"), [(5, 5), (4, None), (0, None)])
def test_a_day_of_few_contacts_ends_a_streak(day, tile, thin_days_ago, days):
    thin_days = tuple(days_ago == thin_days_ago for days_ago in range(9, -1, -1))
    of_ten_days = replace(tile(Metric.ABANDONMENT, 0.0, trend=(0.0,) * 10), thin_days=thin_days)
    insight = on_target_streak(day((of_ten_days,)))
    assert (insight and insight.figures["days"]) == days


def test_the_longest_streak_is_praised(day, tile):
    tiles = (
        tile(Metric.SERVICE_LEVEL, 0.8, trend=(0.8,) * 5),
        tile(Metric.ABANDONMENT, 0.05, trend=(0.05,) * 7),
        tile(Metric.OCCUPANCY, 0.8, trend=(0.8,) * 7),
    )
    insight = on_target_streak(day(tiles))
    assert insight is not None
    assert insight.figures == {"metric": "abandonment", "days": 7}


@pytest.mark.parametrize(("points", "is_reported"), [(0.03, True), (0.80 - 0.77, True), (0.0299, False), (-0.2, False)])
def test_service_level_rose_if_it_did_by_three_points_against_both_references(day, tile, points, is_reported):
    assert (service_level_up(day((tile(Metric.SERVICE_LEVEL, 0.8, points, 0.2),))) is not None) is is_reported


def test_a_rise_below_the_target_or_after_a_third_fewer_contacts_is_no_praise(day, tile):
    better, missed = (tile(Metric.SERVICE_LEVEL, value, 0.05, 0.05) for value in (0.8, 0.7))
    busy, quiet = (replace(NO_COUNTS, offered=offered) for offered in (201, 200))
    assert service_level_up(day((missed,))) is None
    after_300 = replace(day((better,)), previous_counts=replace(NO_COUNTS, offered=300))
    praised = [counts for counts in (busy, quiet) if service_level_up(replace(after_300, counts=counts))]
    assert praised == [busy]


def test_a_metric_that_fell_on_both_references_is_not_praised(day, tile):
    trend, ordinary = (0.95,) * 9 + (0.92,), unusual(Place.INSIDE)
    fallen = replace(tile(Metric.SERVICE_LEVEL, (92, 100), -0.03, -0.03, trend=trend), usual=ordinary)
    up_again = replace(tile(Metric.SERVICE_LEVEL, (92, 100), -0.03, 0.0, trend=trend), usual=ordinary)
    praised = [target_met(day((level,))) for level in (fallen, up_again)]
    assert [insight and insight.figures["metric"] for insight in praised] == ["abandonment", "service_level"]
    assert [on_target_streak(day((level,))) is None for level in (fallen, up_again)] == [True, False]


def test_twice_the_abandonment_of_the_day_before_is_not_praised(day, tile):
    tiles = (tile(Metric.SERVICE_LEVEL, 0.7), tile(Metric.ABANDONMENT, 0.05, 0.025, 0.0))
    insight = target_met(day(tiles))
    assert insight is not None
    assert insight.figures["metric"] == "adherence"


def test_a_single_target_that_is_met_is_praised_what_callers_feel_first(day, tile):
    insight = target_met(day())
    assert insight is not None
    assert insight.figures == {"metric": "abandonment", "value": 0.05, "goal": 0.05}
    insight = target_met(day((tile(Metric.ABANDONMENT, 0.2),)))
    assert insight is not None
    assert insight.figures == {"metric": "adherence", "value": 0.95, "goal": 0.92}


def test_a_day_with_one_call_is_no_reason_to_praise_its_service_level(day, tile):
    calls = (tile(Metric.SERVICE_LEVEL, (1, 1)), tile(Metric.ABANDONMENT, (0, 1)), tile(Metric.ADHERENCE, None))
    insight = target_met(day(calls))
    assert insight is not None
    assert insight.figures["metric"] == "occupancy"


def test_where_no_target_is_met_there_is_nothing_to_praise(day, tile):
    bad = (tile(Metric.ABANDONMENT, 0.2), tile(Metric.OCCUPANCY, 0.95), tile(Metric.ADHERENCE, None))
    assert target_met(day(bad)) is None


@pytest.mark.parametrize("fewest", [10, 50])
def test_the_praise_of_a_queue_says_which_queues_it_compares(day, queue, fewest):
    lines = (queue("Thin", 9, 9), queue("Busy", 85, 100), queue("Other", 60, 100))
    insight = best_queue(day(queues=lines), Thresholds(fewest_contacts=fewest))
    assert insight is not None
    assert (insight.figures["name"], insight.figures["fewest_contacts"]) == ("Busy", fewest)


def test_a_queue_is_not_the_best_while_a_better_one_misses_its_own_target(day, queue):
    own_target = queue("Strict", 95, 100)
    strict = replace(own_target, service_level=replace(own_target.service_level, status=Status.MISSED, goal=0.98))
    assert best_queue(day(queues=(strict, queue("Busy", 85, 100)))) is None


def test_a_rise_within_the_limits_is_no_praise(day, tile):
    risen = tile(Metric.SERVICE_LEVEL, 0.9, 0.1, 0.1)
    assert service_level_up(day((risen,))) is not None
    assert service_level_up(day((replace(risen, usual=unusual(Place.OUTSIDE)),))) is None


@pytest.mark.parametrize(
    ("metric", "value", "place", "is_praised"),
    [
        (Metric.ADHERENCE, 0.95, Place.UNUSUALLY_LOW, False),
        (Metric.ADHERENCE, 0.95, Place.OUTSIDE, True),
        (Metric.ADHERENCE, 0.95, Place.UNUSUALLY_HIGH, True),
        (Metric.ABANDONMENT, 0.04, Place.UNUSUALLY_HIGH, False),
        (Metric.OCCUPANCY, 0.8, Place.UNUSUALLY_HIGH, False),
        (Metric.OCCUPANCY, 0.8, Place.UNUSUALLY_LOW, False),
        (Metric.OCCUPANCY, 0.8, Place.INSIDE, True),
    ],
)
def test_a_metric_that_is_unusually_bad_is_not_praised(day, tile, metric, value, place, is_praised):
    on_target = replace(tile(metric, value, trend=(value,) * 10), usual=unusual(place))
    missed = {Metric.ABANDONMENT: 0.2, Metric.OCCUPANCY: 0.95, Metric.ADHERENCE: 0.5}
    off_target = tuple(
        tile(missed_metric, missed[missed_metric]) for missed_metric in missed if missed_metric is not metric
    )
    praised = [rule(day((on_target, *off_target))) is not None for rule in (on_target_streak, target_met)]
    assert praised == [is_praised, is_praised]


@pytest.mark.parametrize(
    ("measure", "place", "is_praised"),
    [
        (Measure.SERVICE_LEVEL, Place.UNUSUALLY_LOW, False),
        (Measure.SERVICE_LEVEL, Place.UNUSUALLY_HIGH, True),
        (Measure.OFFERED, Place.UNUSUALLY_LOW, True),
    ],
)
def test_the_best_queue_is_not_praised_for_an_unusually_low_service_level(day, queue, measure, place, is_praised):
    news = UnusualQueue("a", "A", None, measure, 0.9, 500, unusual(place))
    briefing = day(queues=(queue("A", 450, 500), queue("B", 400, 500)), unusual_queues=(news,))
    assert (best_queue(briefing) is not None) is is_praised
