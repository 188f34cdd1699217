from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.groups import Targets
from worker.domain.metrics import Metric, Ratio, Status, reading
from worker.domain.rounding import percent_half_up, round_half_up


@pytest.mark.parametrize(
    ("fraction", "digits", "percent"),
    [
        (13 / 16, 1, "81.3"),
        (0.7996, 1, "80.0"),
        (0.7996, 2, "79.96"),
        (0.285, 0, "29"),
        (57 / 200, 0, "29"),
        (0.125, 0, "13"),
        (0.0005, 1, "0.1"),
        (0.00049, 1, "0.0"),
        (1.0, 1, "100.0"),
        (0.0, 1, "0.0"),
        (-0.0545, 1, "-5.5"),
        (2 / 3, 1, "66.7"),
    ],
)
def test_a_percentage_is_rounded_half_up(fraction, digits, percent):
    assert str(percent_half_up(fraction, digits)) == percent


@pytest.mark.parametrize(
    ("value", "digits", "rounded"), [(0.5, 0, "1"), (2.5, 0, "3"), (-0.5, 0, "-1"), (1.005, 2, "1.01")]
)
def test_a_number_is_rounded_half_up(value, digits, rounded):
    assert str(round_half_up(value, digits)) == rounded


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 3))
def test_a_rounded_percentage_is_within_half_a_step(part, whole, digits):
    fraction = part / whole
    assert abs(percent_half_up(fraction, digits) - Decimal(repr(fraction)) * 100) <= Decimal(5).scaleb(-digits - 1)


@pytest.mark.parametrize(
    ("metric", "value", "status", "is_just_short"),
    [
        (Metric.SERVICE_LEVEL, 0.7997, Status.WATCH, True),
        (Metric.SERVICE_LEVEL, 0.7995, Status.WATCH, True),
        (Metric.SERVICE_LEVEL, 0.7994, Status.WATCH, False),
        (Metric.SERVICE_LEVEL, 0.797, Status.WATCH, False),
        (Metric.SERVICE_LEVEL, 0.8, Status.ON_TARGET, False),
        (Metric.SERVICE_LEVEL, 0.8003, Status.ON_TARGET, False),
        (Metric.ABANDONMENT, 0.0503, Status.WATCH, True),
        (Metric.ABANDONMENT, 0.0506, Status.WATCH, False),
        (Metric.OCCUPANCY, 0.8602, Status.WATCH, True),
        (Metric.OCCUPANCY, 0.7798, Status.WATCH, True),
        (Metric.ADHERENCE, 0.9196, Status.WATCH, True),
        (Metric.ADHERENCE, None, Status.NO_DATA, False),
    ],
)
def test_a_figure_is_just_short_if_it_misses_a_goal_that_it_looks_equal_to(metric, value, status, is_just_short):
    targets = Targets(service_level=0.8, abandonment=0.05, occupancy=(0.78, 0.86), adherence=0.92)
    judged = reading(metric, None if value is None else Ratio(value), targets)
    assert (judged.status, judged.is_just_short) == (status, is_just_short)
