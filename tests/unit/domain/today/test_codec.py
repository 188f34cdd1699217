"""A stored plan is the plan that was stored."""

from __future__ import annotations

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from worker.domain.today.codec import decode_plan, encode_plan
from worker.domain.today.plan import MediumPlan, Movable, NotKnown, Person, PlannedActivity, PlannedInterval, TodayPlan
from worker.errors import MalformedAnswer

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 23, 8, tzinfo=BERLIN)
INTERVALS = (
    PlannedInterval(START, offered=12.5, handle_seconds=300.0, required=4.25, scheduled=5.0, service_level=0.83),
    PlannedInterval(START),
)
PLAN = TodayPlan(
    day=date(2026, 11, 23),
    media=(MediumPlan("voice", INTERVALS, (PlannedActivity(Movable.MEAL, START, START, 3),)),),
    absent=(Person("u-1", "Łukasz \ud800"),),
    start_later=(Person("u-2", "Bo", START),),
    people_not_known=None,
    foreign_queues=("=1+1",),
    uncovered_queues=("Café",),
    all_media=INTERVALS,
    prediction_not_known=NotKnown.NO_FORECAST,
)


@pytest.mark.parametrize("plan", [PLAN, TodayPlan(date(2026, 11, 23), not_known=NotKnown.NO_LICENCE)])
def test_a_plan_survives_storing(plan: TodayPlan) -> None:
    assert decode_plan(encode_plan(plan), BERLIN) == plan


def test_a_plan_of_an_older_version_has_no_activities() -> None:
    data = json.loads(encode_plan(PLAN))
    del data["value"]["media"][0]["activities"]
    assert decode_plan(json.dumps(data).encode(), BERLIN).media == (MediumPlan("voice", INTERVALS),)


def test_a_stored_instant_is_in_the_groups_zone() -> None:
    assert decode_plan(encode_plan(PLAN), BERLIN).all_media[0].start.tzinfo is BERLIN


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert encode_plan(PLAN) == encode_plan(decode_plan(encode_plan(PLAN), BERLIN))


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b'{"kind":"today","version":9,"value":{}}', b'{"kind":"rows","version":1}', encode_plan(PLAN)[:-9]],
)
def test_damaged_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedAnswer):
        decode_plan(data, BERLIN)
