"""A target that is missed on most days is told once a week, and a change of it at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.unit.domain.insights.conftest import unusual
from worker.domain.briefing.content import Change
from worker.domain.briefing.usual_content import Place
from worker.domain.insights.agents import occupancy_out_of_band
from worker.domain.insights.concerns import agents_targets_missed, targets_missed
from worker.domain.metrics import Metric

MISSED_OFTEN = (0.04, 0.09, 0.09, 0.04, 0.09, 0.09, 0.09, 0.04, 0.09, 0.09)
AFTER_ONE_MET = (*MISSED_OFTEN[:7], 0.09, 0.04, 0.09)
MISSED_AT_TIMES = (0.04,) * 4 + (0.09,) * 6
FRIDAY = date(2026, 10, 16)


def abandonment(tile, trend=MISSED_OFTEN):
    return tile(Metric.ABANDONMENT, (90, 1_000), 0.0, trend=trend)


def points(day, tile):
    return [insight.figures for insight in targets_missed(day((tile,)), [])]


@pytest.mark.parametrize(
    ("trend", "is_told"),
    [(MISSED_OFTEN, False), (AFTER_ONE_MET, True), (MISSED_AT_TIMES, True), (MISSED_OFTEN[1:], True)],
    ids=["missed on 7 of 10 days", "met the day before", "missed on 6 of 10 days", "nine days known"],
)
def test_a_target_missed_on_most_days_is_not_told_each_day(day, tile, trend, is_told):
    assert bool(points(day, abandonment(tile, trend))) is is_told


def test_it_is_told_on_the_first_business_day_of_a_week_with_its_days(day, tile):
    after_friday = replace(abandonment(tile), changes=(Change("previous", (FRIDAY,), 0.0),))
    (figures,) = points(day, after_friday)
    assert (figures["missed_days"], figures["days"]) == (7, 10)


def test_it_is_told_if_it_is_unusual_or_the_day_before_is_not_known(day, tile):
    assert points(day, replace(abandonment(tile), usual=unusual(Place.UNUSUALLY_HIGH)))
    assert points(day, replace(abandonment(tile), changes=()))


def test_a_day_of_few_contacts_says_nothing_of_most_days(day, tile):
    thin = replace(abandonment(tile), thin_days=(False,) * 8 + (True, False))
    assert "missed_days" not in points(day, thin)[0]


def test_adherence_missed_on_most_days_is_not_told_each_day(day, tile):
    often, once = (tile(Metric.ADHERENCE, 0.85, 0.0, trend=(value,) * 9 + (0.85,)) for value in (0.85, 0.95))
    assert agents_targets_missed(day((often,)), []) == []
    assert len(agents_targets_missed(day((once,)), [])) == 1


@pytest.mark.parametrize(("value", "kind"), [(0.95, "occupancy_high"), (0.60, "occupancy_low")])
def test_occupancy_outside_its_band_on_most_days_is_told_once_a_week(day, tile, value, kind):
    often, once = (tile(Metric.OCCUPANCY, value, 0.0, trend=(earlier,) * 9 + (value,)) for earlier in (value, 0.8))
    level = tile(Metric.SERVICE_LEVEL, 0.9)
    after_friday = replace(often, changes=(Change("previous", (FRIDAY,), 0.0),))
    insights = [occupancy_out_of_band(day((occupancy, level))) for occupancy in (often, once, after_friday)]
    kinds = [insight and insight.kind for insight in insights]
    assert kinds == [None, kind, kind]
    assert agents_targets_missed(day((often, level)), []) == []
