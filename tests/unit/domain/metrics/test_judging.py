import pytest

from worker.domain.groups import Targets
from worker.domain.metrics import Metric, Ratio, Status, judge, reading

TARGETS = Targets(service_level=0.80, abandonment=0.05, occupancy=(0.78, 0.86), adherence=0.92)
ON_TARGET, WATCH, MISSED = Status.ON_TARGET, Status.WATCH, Status.MISSED


@pytest.mark.parametrize(
    ("metric", "numerator", "denominator", "status"),
    [
        (Metric.SERVICE_LEVEL, 4, 5, ON_TARGET),
        (Metric.SERVICE_LEVEL, 79_999, 100_000, WATCH),
        (Metric.SERVICE_LEVEL, 78, 100, WATCH),
        (Metric.SERVICE_LEVEL, 77_999, 100_000, MISSED),
        (Metric.SERVICE_LEVEL, 0, 7, MISSED),
        (Metric.ABANDONMENT, 0, 7, ON_TARGET),
        (Metric.ABANDONMENT, 5, 100, ON_TARGET),
        (Metric.ABANDONMENT, 5_001, 100_000, WATCH),
        (Metric.ABANDONMENT, 6, 100, WATCH),
        (Metric.ABANDONMENT, 6_001, 100_000, MISSED),
        (Metric.OCCUPANCY, 74_999, 100_000, MISSED),
        (Metric.OCCUPANCY, 75, 100, WATCH),
        (Metric.OCCUPANCY, 77_999, 100_000, WATCH),
        (Metric.OCCUPANCY, 78, 100, ON_TARGET),
        (Metric.OCCUPANCY, 86, 100, ON_TARGET),
        (Metric.OCCUPANCY, 86_001, 100_000, WATCH),
        (Metric.OCCUPANCY, 89, 100, WATCH),
        (Metric.OCCUPANCY, 89_001, 100_000, MISSED),
        (Metric.ADHERENCE, 23, 25, ON_TARGET),
        (Metric.ADHERENCE, 90, 100, WATCH),
        (Metric.ADHERENCE, 89_999, 100_000, MISSED),
    ],
)
def test_edges_belong_to_the_better_side(metric, numerator, denominator, status):
    assert judge(metric, Ratio(numerator / denominator, numerator, denominator), TARGETS) is status


@pytest.mark.parametrize("hundredths", range(101))
def test_a_value_that_equals_its_target_is_on_target_whatever_floats_make_of_it(hundredths):
    targets = Targets(service_level=hundredths / 100, abandonment=hundredths / 100, adherence=hundredths / 100)
    for metric in (Metric.SERVICE_LEVEL, Metric.ABANDONMENT, Metric.ADHERENCE):
        computed = sum([hundredths] * 7) / 700
        assert judge(metric, Ratio(computed), targets) is ON_TARGET


@pytest.mark.parametrize("metric", Metric)
def test_no_ratio_is_no_data_and_never_missed(metric):
    unknown = reading(metric, None, TARGETS, "no licence")
    assert unknown.status is Status.NO_DATA
    assert unknown.reason == "no licence"


def test_a_reading_carries_its_goal_and_no_reason():
    known_reading = reading(Metric.OCCUPANCY, Ratio(0.8), TARGETS, "not needed")
    assert known_reading.goal == (0.78, 0.86)
    assert known_reading.lowest_goal == 0.78
    assert known_reading.reason == ""
