from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from worker.domain.calendar.business_day import NoSuchDay, elapsed, exists, window_of

SPECIAL_DAYS = [
    # clocks change in the night or morning
    ("America/New_York", "2026-03-08", "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00", 23),
    ("America/New_York", "2026-11-01", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", 25),
    ("Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 23),
    ("Europe/Berlin", "2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25),
    # by half an hour
    ("Australia/Lord_Howe", "2026-10-04", "2026-10-04T00:00:00+10:30", "2026-10-05T00:00:00+11:00", 23.5),
    ("Australia/Lord_Howe", "2026-04-05", "2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:30", 24.5),
    # midnight does not exist
    ("America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00", "2026-09-07T00:00:00-03:00", 23),
    ("America/Santiago", "2026-09-05", "2026-09-05T00:00:00-04:00", "2026-09-06T01:00:00-03:00", 24),
    ("America/Havana", "2026-03-08", "2026-03-08T01:00:00-04:00", "2026-03-09T00:00:00-04:00", 23),
    ("Asia/Beirut", "2026-03-29", "2026-03-29T01:00:00+03:00", "2026-03-30T00:00:00+03:00", 23),
    ("Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00", 23),
    ("America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00", 23),
    # midnight comes twice
    ("America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", 25),
    # the hour before midnight comes twice
    ("America/Santiago", "2026-04-04", "2026-04-04T00:00:00-03:00", "2026-04-05T00:00:00-04:00", 25),
    # the jump begins before midnight and ends after it
    ("America/Toronto", "1919-03-30", "1919-03-30T00:00:00-05:00", "1919-03-31T00:30:00-04:00", 23.5),
    ("America/Toronto", "1919-03-31", "1919-03-31T00:30:00-04:00", "1919-04-01T00:00:00-04:00", 23.5),
    # the jump ends at midnight
    ("Asia/Pyongyang", "2018-05-04", "2018-05-04T00:00:00+08:30", "2018-05-05T00:00:00+09:00", 23.5),
    # the day before the one that was skipped
    ("Pacific/Apia", "2011-12-29", "2011-12-29T00:00:00-10:00", "2011-12-31T00:00:00+14:00", 24),
    ("Asia/Kolkata", "2026-03-29", "2026-03-29T00:00:00+05:30", "2026-03-30T00:00:00+05:30", 24),
]


@pytest.mark.parametrize(("zone", "day", "start", "end", "hours"), SPECIAL_DAYS)
def test_a_window_runs_from_the_first_instant_of_the_day_to_the_first_of_the_next(
    zone: str, day: str, start: str, end: str, hours: float
) -> None:
    window = window_of(date.fromisoformat(day), ZoneInfo(zone))
    assert (window.start.isoformat(), window.end.isoformat()) == (start, end)
    assert elapsed(window).total_seconds() == hours * 3600


def test_both_ends_of_a_window_are_in_the_zone_of_the_group() -> None:
    zone = ZoneInfo("America/Santiago")
    window = window_of(date(2026, 9, 6), zone)
    assert window.start.tzinfo is zone
    assert window.end.tzinfo is zone


@pytest.mark.parametrize(
    ("zone", "day", "next_day"),
    [("Pacific/Apia", "2011-12-30", "2011-12-31"), ("Pacific/Kiritimati", "1994-12-31", "1995-01-01")],
)
def test_a_day_that_a_zone_skipped_has_no_window(zone: str, day: str, next_day: str) -> None:
    with pytest.raises(NoSuchDay, match=rf"{day} does not exist in {zone}: .* {next_day}"):
        window_of(date.fromisoformat(day), ZoneInfo(zone))
    assert not exists(date.fromisoformat(day), ZoneInfo(zone))
    assert exists(date.fromisoformat(next_day), ZoneInfo(zone))
