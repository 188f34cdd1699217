from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from worker.domain.briefing.content import Counts, HalfHour, MediumLine
from worker.domain.insights.worst_run import worst_run, worst_runs
from worker.domain.metrics import Metric, Ratio, Status

NEW_YORK = ZoneInfo("America/New_York")

# a Wednesday from 07:00 on: offered, abandoned and % in time of each half-hour
OFFERED = (84, 90, 108, 152, 180, 221, 308, 345, 356, 322, 288, 242, 232, 224)
ABANDONED = (1, 1, 2, 4, 5, 9, 20, 30, 52, 46, 34, 18, 12, 11)
PERCENT = (93, 95, 93, 89, 88, 83, 75, 71, 52, 54, 61, 69, 83, 82)


def test_the_worst_90_minutes_of_a_bad_noon_are_named(day, half_hours):
    halves = [
        (offered * percent // 100, offered, lost)
        for offered, lost, percent in zip(OFFERED, ABANDONED, PERCENT, strict=True)
    ]
    insight = worst_run(day(half_hours=half_hours(*halves), counts=Counts(5_438, 5_090, 348, 1_222, None, None)))
    assert insight is not None
    # in time: 11:00 185 of 356, 11:30 173 of 322, 12:00 175 of 288; abandoned: 52 + 46 + 34
    assert insight.status is Status.MISSED
    assert insight.figures["start"] == datetime(2026, 10, 21, 11, tzinfo=NEW_YORK)
    assert insight.figures["end"] == datetime(2026, 10, 21, 12, 30, tzinfo=NEW_YORK)
    assert insight.figures["service_level"] == 533 / 966
    assert (insight.figures["abandons"], insight.figures["abandons_of_day"]) == (132, 348)
    assert insight.figures["counted"] == 966
    assert insight.figures["minutes"] == 90


def test_the_abandons_are_told_of_the_whole_day(day, half_hours):
    insight = worst_run(day(half_hours=half_hours((10, 20, 4), (9, 20, 6), (20, 20, 0))))
    assert insight is not None
    assert (insight.figures["abandons"], insight.figures["abandons_of_day"]) == (10, 50)


def test_many_contacts_a_little_late_weigh_more_than_few_very_late(day, half_hours):
    # short of 80 %: 0.8 · 12 − 3 = 6.6 contacts at 07:00, 0.8 · 200 − 140 = 20 at 08:00
    insight = worst_run(day(half_hours=half_hours((3, 12, 0), (20, 20, 0), (140, 200, 0))))
    assert insight is not None
    assert insight.figures["start"].hour == 8
    assert insight.figures["service_level"] == 0.7


def test_a_half_hour_on_target_or_without_a_call_ends_a_run(day, half_hours):
    for half_between in ((80, 100, 0), None):
        insight = worst_run(day(half_hours=half_hours((10, 20, 0), half_between, (12, 20, 0))))
        assert insight is not None
        assert insight.figures["minutes"] == 30


@pytest.mark.parametrize(("in_time", "is_told"), [(79, False), (74, False), (72, True)])
def test_a_run_that_chance_may_bring_about_is_not_told(day, half_hours, in_time, is_told):
    # a group exactly on 80 % has 74 or fewer of 100 in time on 9 % of days, 73 or fewer on 6 %, 72 or fewer on 3 %
    insight = worst_run(day(half_hours=half_hours((in_time, 100, 0))))
    assert (insight is not None) is is_told


def test_a_day_on_target_throughout_has_no_worst_run(day, half_hours):
    assert worst_run(day(half_hours=half_hours((80, 100, 1), (4, 5, 0)))) is None


def test_a_handful_of_contacts_is_no_run(day, half_hours):
    assert worst_run(day(half_hours=half_hours((0, 9, 9)))) is None
    assert worst_run(day(half_hours=half_hours((0, 10, 9)))) is not None


def test_without_half_hours_there_is_no_worst_run(day):
    assert worst_run(day()) is None


def test_unknown_abandons_are_not_told(day, half_hours):
    (half,) = half_hours((1, 20, 3))
    unknown = HalfHour(half.start, Counts(20, 1, None, 19, None, None), half.service_level)
    insight = worst_run(day(half_hours=(unknown,)))
    assert insight is not None
    assert insight.figures["abandons"] == 0


def test_half_hours_with_percentages_alone_are_not_rolled_up(day, half_hours):
    (half,) = half_hours((1, 20, 3))
    assert worst_run(day(half_hours=(HalfHour(half.start, half.counts, Ratio(0.05)),))) is None


def test_a_run_over_the_clock_change_ends_at_the_right_wall_time(day, half_hours):
    # the clock goes back from 02:00 to 01:00: 01:30 EDT and then 01:00 EST
    first_start = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    halves = [
        HalfHour((first_start + timedelta(minutes=30 * index)).astimezone(NEW_YORK), half.counts, half.service_level)
        for index, half in enumerate(half_hours((1, 20, 0), (1, 20, 0)))
    ]
    insight = worst_run(day(half_hours=tuple(halves)))
    assert insight is not None
    assert insight.figures["start"].isoformat() == "2026-11-01T01:30:00-04:00"
    assert insight.figures["end"].isoformat() == "2026-11-01T01:30:00-05:00"
    assert insight.figures["minutes"] == 60


def test_a_thin_half_hour_does_not_hide_a_busy_one(day, half_hours):
    # 9 of 9 late is short of 80 % by 7.2 contacts, 14 of 40 late by 6
    insight = worst_run(day(half_hours=half_hours((0, 9, 0), None, (26, 40, 0))))
    assert insight is not None
    assert (insight.figures["start"].hour, insight.figures["service_level"]) == (8, 26 / 40)


def test_a_thin_half_hour_is_no_part_of_a_run(day, half_hours):
    insight = worst_run(day(half_hours=half_hours((26, 40, 0), (0, 9, 0), (20, 40, 0))))
    assert insight is not None
    assert (insight.figures["minutes"], insight.figures["service_level"]) == (30, 0.5)


def test_many_thin_half_hours_in_a_row_make_no_run(day, half_hours):
    assert worst_run(day(half_hours=half_hours(*[(0, 9, 9)] * 6))) is None


def test_a_half_hour_with_just_enough_contacts_is_a_run(day, half_hours):
    insight = worst_run(day(half_hours=half_hours((0, 9, 0), (5, 10, 0), (0, 9, 0))))
    assert insight is not None
    assert insight.figures["start"].minute == 30


def test_another_medium_that_missed_its_target_has_its_own_worst_run(day, tile, half_hours):
    halves = {"voice": half_hours((50, 100, 0)), "chat": half_hours((5, 20, 0)), "email": half_hours((15, 20, 0))}
    levels = {"voice": 0.7, "chat": 0.6, "email": 0.85}
    media = tuple(
        MediumLine(
            medium,
            Counts(100, None, None, None, None, None),
            tile(Metric.SERVICE_LEVEL, levels[medium]),
            tile(Metric.ABANDONMENT, 0.0),
            halves[medium],
        )
        for medium in halves
    )
    runs = worst_runs(day(media=media))
    assert [run.figures["medium"] for run in runs] == ["voice", "chat"]
    on_target = replace(media[0], half_hours=())
    assert [run.figures["medium"] for run in worst_runs(day(media=(on_target, *media[1:])))] == ["chat"]
