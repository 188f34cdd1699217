from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from worker.domain.briefing.half_hours import half_hours
from worker.domain.rows import QueueInterval, Window


def whole_day(zone: str, day: date) -> Window:
    tz = ZoneInfo(zone)
    return Window(datetime.combine(day, time(), tz), datetime.combine(day + timedelta(days=1), time(), tz))


def every_half_hour(window: Window) -> list[QueueInterval]:
    start, rows = window.start.astimezone(UTC), []
    while start < window.end.astimezone(UTC):
        rows.append(QueueInterval("q", "voice", start, offered=1))
        start += timedelta(minutes=30)
    return rows


@pytest.mark.parametrize(
    ("zone", "day", "number"),
    [
        ("America/New_York", date(2026, 10, 21), 48),
        ("Europe/Berlin", date(2026, 10, 25), 50),
        ("Europe/Berlin", date(2026, 3, 29), 46),
        ("Australia/Lord_Howe", date(2026, 4, 5), 49),
        ("Australia/Lord_Howe", date(2026, 10, 4), 47),
        ("Asia/Kolkata", date(2026, 10, 21), 48),
        ("Asia/Kathmandu", date(2026, 10, 21), 48),
        ("America/Santiago", date(2026, 9, 6), 46),
    ],
)
def test_a_day_around_the_clock_has_every_half_hour_once(zone, day, number):
    window = whole_day(zone, day)
    starts = half_hours(every_half_hour(window), window, ZoneInfo(zone))
    assert len({half.start.isoformat() for half in starts}) == len(starts) == number
    assert starts[0].start.astimezone(UTC) == window.start.astimezone(UTC)
    assert all(half.start.tzinfo is ZoneInfo(zone) and half.start.minute in (0, 30) for half in starts)


def test_the_hour_that_the_clock_repeats_is_there_twice_with_its_own_contacts():
    window = whole_day("Europe/Berlin", date(2026, 10, 25))
    rows = [
        QueueInterval("q", "voice", datetime(2026, 10, 25, hour, tzinfo=UTC), offered=contacts)
        for hour, contacts in ((0, 3), (1, 7))
    ]
    starts = half_hours(rows, window, ZoneInfo("Europe/Berlin"))
    assert [(half.start.isoformat(), half.counts.offered) for half in starts] == [
        ("2026-10-25T02:00:00+02:00", 3),
        ("2026-10-25T02:30:00+02:00", None),
        ("2026-10-25T02:00:00+01:00", 7),
    ]


def test_empty_half_hours_before_the_first_and_after_the_last_contact_are_left_out():
    window = whole_day("Europe/Berlin", date(2026, 10, 21))
    counts = [0, 0, 5, 0, 0, 6, 0]
    rows = [
        QueueInterval("q", "voice", window.start.astimezone(UTC) + timedelta(minutes=30 * index), offered=offered)
        for index, offered in enumerate(counts)
    ]
    assert [half.counts.offered for half in half_hours(rows, window, ZoneInfo("Europe/Berlin"))] == [5, 0, 0, 6]


def test_an_abandoned_contact_alone_makes_a_half_hour_busy():
    window = whole_day("Europe/Berlin", date(2026, 10, 21))
    row = QueueInterval("q", "voice", window.start.astimezone(UTC), offered=0, abandoned=1)
    assert len(half_hours([row], window, ZoneInfo("Europe/Berlin"))) == 1


def test_half_hours_in_which_contacts_only_end_are_there_at_the_edges():
    window = whole_day("Europe/Berlin", date(2026, 10, 21))
    first = window.start.astimezone(UTC)
    rows = [
        QueueInterval("q", "voice", first, offered=0, answered=0, abandoned=0, handled=2),
        QueueInterval("q", "voice", first + timedelta(hours=1), offered=3, answered=3, handled=1),
        QueueInterval("q", "voice", first + timedelta(hours=2), offered=0, answered=0, abandoned=0, handled=2),
    ]
    assert len(half_hours(rows, window, ZoneInfo("Europe/Berlin"))) == 5
    assert half_hours(rows[:1], window, ZoneInfo("Europe/Berlin")) == ()


def test_rows_of_the_whole_day_and_rows_of_another_day_make_no_half_hours():
    window = whole_day("Europe/Berlin", date(2026, 10, 21))
    rows = [
        QueueInterval("q", "voice", None, offered=5),
        QueueInterval("q", "voice", window.end.astimezone(UTC), offered=5),
        QueueInterval("q", "voice", window.start.astimezone(UTC) - timedelta(minutes=30), offered=5),
    ]
    assert half_hours(rows, window, ZoneInfo("Europe/Berlin")) == ()
