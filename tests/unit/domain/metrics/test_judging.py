from __future__ import annotations

import json
from pathlib import Path

import pytest

from worker.domain.groups import Targets
from worker.domain.metrics import Metric, Ratio, Status
from worker.domain.statuses import judge, reading, status_of

VECTORS = Path(__file__).parents[1] / "usual" / "vectors.json"
TARGETS = Targets(service_level=0.80, abandonment=0.05, occupancy=(0.78, 0.86), adherence=0.92)
ON_TARGET, WATCH, MISSED = Status.ON_TARGET, Status.WATCH, Status.MISSED


def target_vectors():
    """The vectors of the test of a target: inputs, and what they are."""
    vectors = json.loads(VECTORS.read_text())["vectors"]
    return [
        pytest.param(vector["input"], vector["expected"], id=vector["name"])
        for vector in vectors
        if vector["function"] == "target"
    ]


@pytest.mark.parametrize(
    ("metric", "numerator", "denominator", "status"),
    [
        (Metric.SERVICE_LEVEL, 4, 5, ON_TARGET),
        (Metric.SERVICE_LEVEL, 79_999, 100_000, WATCH),
        (Metric.SERVICE_LEVEL, 73, 100, WATCH),
        (Metric.SERVICE_LEVEL, 72, 100, MISSED),
        (Metric.SERVICE_LEVEL, 79_700, 100_000, MISSED),
        (Metric.SERVICE_LEVEL, 0, 7, MISSED),
        (Metric.ABANDONMENT, 0, 7, ON_TARGET),
        (Metric.ABANDONMENT, 5, 100, ON_TARGET),
        (Metric.ABANDONMENT, 9, 100, WATCH),
        (Metric.ABANDONMENT, 10, 100, MISSED),
        (Metric.ABANDONMENT, 5_200, 100_000, MISSED),
        (Metric.OCCUPANCY, 76, 100, MISSED),
        (Metric.OCCUPANCY, 76_001, 100_000, WATCH),
        (Metric.OCCUPANCY, 78, 100, ON_TARGET),
        (Metric.OCCUPANCY, 86, 100, ON_TARGET),
        (Metric.OCCUPANCY, 87_999, 100_000, WATCH),
        (Metric.OCCUPANCY, 88, 100, MISSED),
        (Metric.ADHERENCE, 23, 25, ON_TARGET),
        (Metric.ADHERENCE, 90_001, 100_000, WATCH),
        (Metric.ADHERENCE, 90, 100, MISSED),
    ],
)
def test_contacts_are_just_missed_within_chance_and_times_within_two_points(metric, numerator, denominator, status):
    assert judge(metric, Ratio(numerator / denominator, numerator, denominator), TARGETS) is status


@pytest.mark.parametrize(("inputs", "expected"), target_vectors())
def test_a_ratio_has_the_status_of_the_vectors(inputs, expected):
    metric = Metric.SERVICE_LEVEL if inputs["at_least"] else Metric.ABANDONMENT
    ratio = Ratio(inputs["k"] / inputs["n"], inputs["k"], inputs["n"])
    status = ON_TARGET if expected["met"] else WATCH if expected["within_chance"] else MISSED
    assert status_of(metric, ratio, inputs["goal"]) is status


@pytest.mark.parametrize("metric", [Metric.SERVICE_LEVEL, Metric.ABANDONMENT])
def test_a_percentage_without_counts_is_met_or_missed(metric):
    assert judge(metric, Ratio(0.7999 if metric is Metric.SERVICE_LEVEL else 0.0501), TARGETS) is MISSED
    assert judge(metric, Ratio(0.8 if metric is Metric.SERVICE_LEVEL else 0.05), TARGETS) is ON_TARGET


@pytest.mark.parametrize("metric", [Metric.SERVICE_LEVEL, Metric.ABANDONMENT])
def test_a_target_without_tolerance_is_missed_by_the_first_contact(metric):
    strict = Targets(service_level=1.0, abandonment=0.0)
    parts = (99, 100) if metric is Metric.SERVICE_LEVEL else (1, 100)
    assert judge(metric, Ratio(parts[0] / parts[1], *parts), strict) is MISSED


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
