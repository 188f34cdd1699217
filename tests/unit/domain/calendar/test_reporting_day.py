from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from worker.domain.calendar.business_day import elapsed, instant, reporting_day, window_of
from worker.domain.groups import Weekday

MON_FRI: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
SUN_THU: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "sun")
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("today", "workdays", "expected"),
    [
        ("2026-03-31", MON_FRI, "2026-03-30"),  # Tuesday → Monday
        ("2026-03-30", MON_FRI, "2026-03-27"),  # Monday → Friday
        ("2026-03-29", MON_FRI, "2026-03-27"),  # Sunday → Friday
        ("2026-03-28", MON_FRI, "2026-03-27"),  # Saturday → Friday
        ("2026-03-29", SUN_THU, "2026-03-26"),  # Sunday → Thursday
        ("2026-03-30", SUN_THU, "2026-03-29"),  # Monday → Sunday
        ("2026-03-30", ("mon",), "2026-03-23"),  # the only workday: a week ago
        ("2027-01-01", MON_FRI, "2026-12-31"),
    ],
)
def test_the_reporting_day_is_the_last_workday_before_today(
    today: str, workdays: tuple[Weekday, ...], expected: str
) -> None:
    now = datetime.combine(date.fromisoformat(today), time(8), NEW_YORK)
    assert reporting_day(now, NEW_YORK, workdays) == date.fromisoformat(expected)


@pytest.mark.parametrize("hour", range(24))
def test_the_reporting_day_is_the_same_at_every_hour_of_the_local_day(hour: int) -> None:
    now = datetime(2026, 3, 31, hour, 59, tzinfo=NEW_YORK)
    assert reporting_day(now, NEW_YORK, MON_FRI) == date(2026, 3, 30)


def test_today_is_the_local_date_and_not_the_utc_date() -> None:
    now = datetime(2026, 3, 31, 2, tzinfo=UTC)
    assert reporting_day(now, NEW_YORK, MON_FRI) == date(2026, 3, 27)  # still Monday evening in New York
    assert reporting_day(now, ZoneInfo("Asia/Kolkata"), MON_FRI) == date(2026, 3, 30)


def test_a_day_that_the_zone_skipped_is_no_workday() -> None:
    now = datetime(2012, 1, 2, 8, tzinfo=ZoneInfo("Pacific/Apia"))
    assert reporting_day(now, ZoneInfo("Pacific/Apia"), MON_FRI) == date(2011, 12, 29)  # there was no Friday the 30th


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        reporting_day(datetime(2026, 3, 31, 8), NEW_YORK, MON_FRI)


def test_trap_moving_dates_now_minus_1_day_does_not_decide_the_window() -> None:
    """The guide's trap: at 08:00 ``now() - 1 day`` to ``now()`` mixes two days; ours is the same at any second."""
    morning = [datetime(2026, 3, 31, 8, tzinfo=NEW_YORK) + timedelta(minutes=m) for m in range(0, 240, 7)]
    windows = {window_of(reporting_day(now, NEW_YORK, MON_FRI), NEW_YORK) for now in morning}
    assert [(w.start.isoformat(), w.end.isoformat()) for w in windows] == [
        ("2026-03-30T00:00:00-04:00", "2026-03-31T00:00:00-04:00")
    ]


def test_trap_moving_dates_now_minus_1_day_would_miss_the_monday() -> None:
    now = datetime(2026, 3, 30, 8, tzinfo=NEW_YORK)
    assert reporting_day(now, NEW_YORK, MON_FRI) != (now - timedelta(days=1)).date()


def test_trap_timezone_drift_the_window_is_the_local_day_and_carries_its_offset() -> None:
    """The guide's edge case 1: a day in UTC is another day than the supervisor's."""
    window = window_of(date(2026, 10, 27), ZoneInfo("America/Chicago"))
    assert window.start.isoformat() == "2026-10-27T00:00:00-05:00"
    assert window.start.astimezone(UTC) == datetime(2026, 10, 27, 5, tzinfo=UTC)


def test_trap_23_59_the_last_minute_of_the_day_is_inside_the_window() -> None:
    window = window_of(date(2026, 10, 27), NEW_YORK)
    last = datetime(2026, 10, 27, 23, 59, 59, 999999, tzinfo=NEW_YORK)
    assert window.start <= last < window.end
    assert window.end == datetime(2026, 10, 28, tzinfo=NEW_YORK)
    assert elapsed(window) == timedelta(hours=24)


@pytest.mark.parametrize(
    ("day", "wall", "expected"),
    [
        ("2026-03-08", "02:30", "2026-03-08T03:30:00-04:00"),  # jumped over: forward by the jump
        ("2026-11-01", "01:30", "2026-11-01T01:30:00-04:00"),  # twice: the first
        ("2026-03-08", "08:30", "2026-03-08T08:30:00-04:00"),
    ],
)
def test_a_wall_time_on_the_day_of_a_clock_change_has_one_instant(day: str, wall: str, expected: str) -> None:
    moment = instant(date.fromisoformat(day), time.fromisoformat(wall), NEW_YORK)
    assert moment.isoformat() == expected
