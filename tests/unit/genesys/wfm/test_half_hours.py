"""Half-hours of a plan from quarters of an hour, over clock changes and odd zones, and from shifts."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from worker.domain.calendar.business_day import window_of
from worker.domain.today.plan import Movable
from worker.errors import MalformedAnswer
from worker.genesys.wfm.half_hours import GroupFiles, activities, half_hours, heads_at
from worker.genesys.wfm.series import QUARTER_SECONDS, PlanFile, cut, days_span, decode_file, encode_file
from worker.genesys.wfm.shifts import AgentDay
from worker.genesys.wfm.units import BusinessUnit, first_day_of_week

BERLIN = ZoneInfo("Europe/Berlin")


def unit(day: date, zone: str = "Europe/Berlin") -> BusinessUnit:
    return BusinessUnit("bu", zone, day, day)


def file_of(
    start: datetime, figures: dict[str, list[float | None]], day: date, seconds: int = QUARTER_SECONDS
) -> PlanFile:
    """Return a file of one planning group, as a run reads it from the store."""
    file = cut(start, seconds, days_span(unit(day)), [("pg", figures)])
    return decode_file(json.loads(json.dumps(encode_file(file))), {"pg"})


def test_contacts_are_added_agents_are_averaged_and_times_are_weighted() -> None:
    day = date(2026, 11, 17)
    midnight = datetime(2026, 11, 17, tzinfo=BERLIN)
    quarters = [0.0] * 36
    forecast = file_of(midnight, {"offered": [*quarters, 10.0, 30.0], "handle_seconds": [*quarters, 100.0, 200.0]}, day)
    required = file_of(midnight, {"required": [*quarters, 4.0, 5.0]}, day)
    prediction = file_of(midnight, {"service_level": [*quarters, 0.4, 0.8]}, day)
    (interval,) = half_hours(window_of(day, BERLIN), BERLIN, [GroupFiles("pg", required, forecast, prediction)], None)
    assert f"{interval.start:%H:%M %z}" == "09:00 +0100"
    assert (interval.offered, interval.required, interval.scheduled) == (40.0, 4.5, None)
    assert interval.handle_seconds == pytest.approx((10 * 100 + 30 * 200) / 40)
    assert interval.service_level == pytest.approx((10 * 0.4 + 30 * 0.8) / 40)


@pytest.mark.parametrize(
    ("day", "count"), [(date(2026, 3, 29), 46), (date(2026, 10, 25), 50), (date(2026, 10, 26), 48)]
)
def test_a_day_of_a_clock_change_has_all_its_half_hours_in_place(day: date, count: int) -> None:
    week = datetime(2026, 3, 23, tzinfo=BERLIN) if day.month == 3 else datetime(2026, 10, 19, tzinfo=BERLIN)
    start = window_of(day, BERLIN).start
    steps_before = int((start.astimezone(UTC) - week.astimezone(UTC)).total_seconds()) // QUARTER_SECONDS
    required: list[float | None] = [7.0] * (steps_before + 2 * count) + [9.0] * 200
    file = file_of(week, {"required": required}, day)
    intervals = half_hours(window_of(day, BERLIN), BERLIN, [GroupFiles("pg", file)], None)
    assert [interval.required for interval in intervals] == [7.0] * count
    instants = [interval.start.astimezone(UTC) for interval in intervals]
    assert {end - start for start, end in pairwise(instants)} == {timedelta(minutes=30)}


def test_a_zone_at_a_quarter_of_an_hour_has_half_hours_of_its_own() -> None:
    kathmandu, day = ZoneInfo("Asia/Kathmandu"), date(2026, 11, 17)
    file = cut(
        datetime(2026, 11, 16, tzinfo=UTC),
        QUARTER_SECONDS,
        days_span(unit(day, "UTC")),
        [("pg", {"required": [float(step) for step in range(4 * 48)]})],
    )
    first = half_hours(window_of(day, kathmandu), kathmandu, [GroupFiles("pg", file)], None)[0]
    assert f"{first.start:%H:%M}" == "00:00"
    assert first.required == (73 + 74) / 2  # 18:15 and 18:30 of the day before in UTC


def test_hours_of_a_prediction_are_those_of_both_half_hours() -> None:
    day, midnight = date(2026, 11, 17), datetime(2026, 11, 17, tzinfo=BERLIN)
    prediction = file_of(midnight, {"service_level": [0.0] * 9 + [0.5, 0.9]}, day, seconds=3600)
    required = file_of(midnight, {"required": [0.0] * 36 + [3.0] * 8}, day)
    intervals = half_hours(window_of(day, BERLIN), BERLIN, [GroupFiles("pg", required, None, prediction)], None)
    assert [interval.service_level for interval in intervals] == [0.5, 0.5, 0.9, 0.9]


def test_a_figure_of_which_a_part_is_missing_is_not_known() -> None:
    day, midnight = date(2026, 11, 17), datetime(2026, 11, 17, tzinfo=BERLIN)
    full = file_of(midnight, {"required": [0.0] * 36 + [3.0] * 4}, day)
    short = file_of(midnight, {"required": [0.0] * 36 + [3.0, None, 3.0]}, day)
    groups = [GroupFiles("pg", full), GroupFiles("pg", short)]
    intervals_of_first = half_hours(window_of(day, BERLIN), BERLIN, groups[:1], None)
    assert [interval.required for interval in intervals_of_first] == [3.0, 3.0]
    assert half_hours(window_of(day, BERLIN), BERLIN, groups, None) == ()


@pytest.mark.parametrize(("contacts", "required"), [(10.0, None), (0.5, 3.0)])
def test_zeros_of_a_group_whose_contacts_need_someone_are_no_requirement(
    contacts: float, required: float | None
) -> None:
    day, midnight = date(2026, 11, 17), datetime(2026, 11, 17, tzinfo=BERLIN)
    quarters = [0.0] * 36
    staffed = GroupFiles("pg", file_of(midnight, {"required": [*quarters, 3.0, 3.0]}, day))
    forecast = file_of(midnight, {"offered": [*quarters, contacts, contacts], "handle_seconds": [300.0] * 38}, day)
    empty = GroupFiles("pg", file_of(midnight, {"required": [0.0] * 38}, day), forecast)
    seat = AgentDay(on_queue=((int(midnight.timestamp()) + 9 * 3600, int(midnight.timestamp()) + 9 * 3600 + 1800),))
    (interval,) = half_hours(window_of(day, BERLIN), BERLIN, [staffed, empty], [seat])
    assert (interval.required, interval.scheduled) == (required, 1.0)


def test_agents_on_queue_count_by_the_part_of_the_half_hour() -> None:
    nine = datetime(2026, 11, 17, 9, tzinfo=BERLIN)
    start = int(nine.timestamp())
    agents = [
        AgentDay(on_queue=((start - 3600, start + 900),)),
        AgentDay(on_queue=((start, start + 7200),)),
        AgentDay(),
    ]
    assert heads_at(agents, nine) == 1.5


@pytest.mark.parametrize("value", [None, [], {}, {"start": 0, "step_seconds": 900, "groups": {"pg": {"required": 3}}}])
def test_a_damaged_stored_file_is_refused(value: object) -> None:
    with pytest.raises(MalformedAnswer):
        decode_file(value, {"pg"})


@pytest.mark.parametrize(("weekday", "first"), [("monday", date(2026, 11, 16)), ("sunday", date(2026, 11, 15))])
def test_the_week_of_a_day_begins_with_the_units_first_weekday(weekday: str, first: date) -> None:
    assert first_day_of_week(date(2026, 11, 17), weekday) == first
    assert first_day_of_week(first, weekday) == first


def test_equal_activities_of_agents_are_one_with_their_number() -> None:
    ten, eleven = (int(datetime(2026, 11, 17, hour, tzinfo=BERLIN).timestamp()) for hour in (10, 11))
    training, meal = (Movable.TRAINING, ten, eleven), (Movable.MEAL, eleven, eleven + 1800)
    agents = [AgentDay(movable=(training, meal)), AgentDay(movable=(training,)), AgentDay()]
    assert [
        (activity.kind, f"{activity.start:%H:%M}", f"{activity.end:%H:%M}", activity.agents)
        for activity in activities(agents, BERLIN)
    ] == [(Movable.TRAINING, "10:00", "11:00", 2), (Movable.MEAL, "11:00", "11:30", 1)]
