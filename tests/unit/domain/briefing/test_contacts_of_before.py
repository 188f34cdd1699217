"""Contacts that came before midnight and were answered or abandoned after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from worker.domain.briefing.half_hours import contacts_of_before, half_hours
from worker.domain.metrics import Metric, Status
from worker.domain.rows import QueueInterval, Rows, Window

START = datetime(2026, 10, 21, tzinfo=UTC)
DAY = Window(START, START + timedelta(days=1))


def half_hour(number: int, offered: int | None, answered: int, abandoned: int = 0) -> QueueInterval:
    start = START + number * timedelta(minutes=30)
    return QueueInterval("billing", "voice", start, offered, answered, 0, abandoned)


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ((half_hour(0, 0, 8, 5),), 13),
        ((half_hour(0, 2, 8), half_hour(1, 9, 1), half_hour(2, 0, 10)), 8),
        # answered in the half-hour after the one in which they came
        ((half_hour(20, 24, 0), half_hour(21, 4, 28)), 0),
        ((half_hour(0, None, 8),), 0),
        ((replace(half_hour(0, 3, 18), start=None),), 15),
    ],
)
def test_more_contacts_that_ended_than_were_offered_came_before_midnight(
    rows: tuple[QueueInterval, ...], number: int
) -> None:
    assert contacts_of_before(rows, DAY) == number


def test_a_half_hour_of_contacts_from_before_midnight_is_thin() -> None:
    rows = (half_hour(0, 1, 15), half_hour(20, 24, 0), half_hour(21, 4, 28))
    by_start = {half.start: half.is_thin for half in half_hours(rows, DAY, ZoneInfo("UTC"), 10)}
    assert by_start[START]
    assert not by_start[START + 21 * timedelta(minutes=30)]


def test_a_day_on_which_few_contacts_were_offered_is_not_judged(make_briefing, small_day: Rows) -> None:
    (first, *_) = small_day.intervals
    few = replace(first, offered=3, answered=18, abandoned=0, answered_late=15)
    few = replace(few, service_level_numerator=None, service_level_denominator=None)
    briefing = make_briefing(replace(small_day, intervals=(few,)))
    statuses = {metric: briefing.tile(metric).reading.status for metric in Metric}
    assert statuses[Metric.SERVICE_LEVEL] is statuses[Metric.OCCUPANCY] is Status.THIN
    assert statuses[Metric.ADHERENCE] is Status.MISSED
    assert briefing.contacts_of_before == 15
    assert not {insight.kind for insight in briefing.insights} & {"worst_run", "occupancy_low"}
    missed = [insight.figures["metric"] for insight in briefing.insights if insight.kind == "target_missed"]
    assert missed == ["adherence"]
