"""What holds in every zone, at every change of its clocks from 2015 to 2037, and at any time since 1900."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.domain.calendar.business_day import exists, window_of

ZONES = sorted(available_timezones() - {"localtime"})
DAY = timedelta(days=1)


@cache
def _probes() -> tuple[datetime, ...]:
    """Every sixth day: no zone has changed its clocks and changed them back between two of them."""
    return tuple(datetime(2015, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(0, 23 * 365, 6))


def _days_of_change(zone: ZoneInfo) -> Iterator[date]:
    offsets = [moment.astimezone(zone).utcoffset() for moment in _probes()]
    for n in range(1, len(offsets)):
        if offsets[n] != offsets[n - 1]:
            earlier, next_instant = _probes()[n - 1], _probes()[n]
            while next_instant - earlier > timedelta(hours=1):
                middle = earlier + (next_instant - earlier) / 2
                if middle.astimezone(zone).utcoffset() == offsets[n - 1]:
                    earlier = middle
                else:
                    next_instant = middle
            yield next_instant.astimezone(zone).date()


def _tiles(day: date, zone: ZoneInfo) -> None:
    """The window begins where the one before ends, and holds the instants of its day and no other."""
    window = window_of(day, zone)
    start, end = window.start.astimezone(UTC), window.end.astimezone(UTC)
    assert window.start.date() == day
    assert (start - timedelta(seconds=1)).astimezone(zone).date() < day
    assert end.astimezone(zone).date() > day
    step = (end - start) / 16
    inside = [start + n * step for n in range(16)] + [end - timedelta(seconds=1)]
    assert {moment.astimezone(zone).date() for moment in inside} == {day}
    if exists(day - DAY, zone):
        assert window_of(day - DAY, zone).end.astimezone(UTC) == start


def test_windows_touch_and_cover_around_every_clock_change_of_every_zone() -> None:
    for zone in map(ZoneInfo, ZONES):
        for changed in _days_of_change(zone):
            for day in (changed - DAY, changed, changed + DAY):
                _tiles(day, zone)


def test_the_clock_changes_that_are_looked_at_are_all_there_are() -> None:
    """The search above finds the changes that are known of one zone: two a year, for 23 years."""
    assert len(list(_days_of_change(ZoneInfo("America/New_York")))) == 46
    assert date(2018, 5, 5) in list(_days_of_change(ZoneInfo("Asia/Pyongyang")))


@settings(max_examples=400)
@given(
    st.sampled_from(ZONES).map(ZoneInfo),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)).filter(lambda day: day.day > 1),
)
def test_consecutive_windows_touch_on_any_day_since_1900(zone: ZoneInfo, day: date) -> None:
    if not exists(day, zone) or not exists(day + DAY, zone):
        return
    first, second = window_of(day, zone), window_of(day + DAY, zone)
    assert first.end.astimezone(UTC) == second.start.astimezone(UTC)
    assert first.start.astimezone(UTC) < first.end.astimezone(UTC)
