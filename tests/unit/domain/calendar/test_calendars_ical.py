from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from worker.domain.calendar.closures import CalendarDay, EventFilter
from worker.domain.calendar.ical import ical_day
from worker.errors import CalendarUnavailable

BERLIN = "Europe/Berlin"


def _ics(*events: str) -> str:
    body = "".join(f"BEGIN:VEVENT\nUID:{n}@example\n{event}\nEND:VEVENT\n" for n, event in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//EN\n{body}END:VCALENDAR\n"


def _holiday(text: str, day: str, zone: str = BERLIN) -> str | None:
    return ical_day(text, date.fromisoformat(day), ZoneInfo(zone)).holiday


@pytest.mark.parametrize("zone", [BERLIN, "America/Los_Angeles", "Pacific/Kiritimati", "America/Santiago"])
def test_an_all_day_event_is_a_holiday_on_its_date_in_every_zone(zone: str) -> None:
    text = _ics("DTSTART;VALUE=DATE:20260905\nDTEND;VALUE=DATE:20260907\nSUMMARY:Two days")
    days = [day for day in ("2026-09-04", "2026-09-05", "2026-09-06", "2026-09-07") if _holiday(text, day, zone)]
    assert days == ["2026-09-05", "2026-09-06"]


def test_an_all_day_event_without_an_end_lasts_one_day() -> None:
    text = _ics("DTSTART;VALUE=DATE:20261225\nSUMMARY:Christmas")
    assert [_holiday(text, f"2026-12-{day}") for day in (24, 25, 26)] == [None, "Christmas", None]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("DTSTART:20261224T120000", "DTEND:20261225T000000", True),  # floating: the group's own zone
        ("DTSTART:20261224T120000", "DTEND:20261224T235900", True),
        ("DTSTART:20261224T090000", "DTEND:20261224T100000", False),  # an hour's meeting closes no day
        ("DTSTART:20261223T230000Z", "DTEND:20261224T230000Z", True),  # the whole day in Berlin
        ("DTSTART:20261224T120000Z", "DTEND:20261225T120000Z", False),
        ("DTSTART;TZID=America/New_York:20261224T000000", "DTEND;TZID=America/New_York:20261225T000000", True),
        ("DTSTART;TZID=Asia/Tokyo:20261225T000000", "DTEND;TZID=Asia/Tokyo:20261226T000000", False),
    ],
)
def test_a_timed_event_is_a_holiday_when_it_covers_half_of_the_local_day(start: str, end: str, expected: bool) -> None:
    assert (_holiday(_ics(f"{start}\n{end}\nSUMMARY:Closed"), "2026-12-24") is not None) is expected


def test_recurrences_exceptions_and_moved_occurrences_count() -> None:
    text = _ics(
        "DTSTART;VALUE=DATE:20200501\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20250501\nSUMMARY:Labour Day",
    ).replace(
        "END:VCALENDAR",
        "BEGIN:VEVENT\nUID:0@example\nRECURRENCE-ID;VALUE=DATE:20260501\nDTSTART;VALUE=DATE:20260504\n"
        "SUMMARY:Labour Day (moved)\nEND:VEVENT\nEND:VCALENDAR",
    )
    assert _holiday(text, "2024-05-01") == "Labour Day"
    assert _holiday(text, "2025-05-01") is None
    assert _holiday(text, "2026-05-01") is None
    assert _holiday(text, "2026-05-04") == "Labour Day (moved)"


def test_a_cancelled_event_is_no_holiday() -> None:
    assert _holiday(_ics("DTSTART;VALUE=DATE:20261225\nSTATUS:CANCELLED\nSUMMARY:X"), "2026-12-25") is None


def test_an_event_without_a_summary_has_a_name_all_the_same() -> None:
    assert _holiday(_ics("DTSTART;VALUE=DATE:20261225"), "2026-12-25") == "unnamed event"


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read() -> None:
    text = "\ufeff" + _ics("DTSTART;VALUE=DATE:20261225\nSUMMARY:Noël").replace("\n", "\r\n")
    assert _holiday(text, "2026-12-25") == "Noël"


def test_a_calendar_without_events_has_no_holidays() -> None:
    assert _holiday(_ics(), "2026-12-25") is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not an iCalendar text"),
        ("<html>Sign in</html>", "not an iCalendar text.*<html>"),
        ("BEGIN:VEVENT\nUID:1\nDTSTART:20260101T000000\nEND:VEVENT\n", "not with BEGIN:VCALENDAR"),
        (_ics("DTSTART:2026\nSUMMARY:Short date"), 'event "Short date".*2026'),
        (_ics("SUMMARY:No start"), 'event "No start".*DTSTART'),
        (_ics("DTSTART:20260101T000000\nRRULE:FREQ=YEARLY;INTERVAL=0\nSUMMARY:Endless"), 'event "Endless".*INTERVAL'),
        (_ics("DTSTART:20260101T000000\nRRULE:FREQ=SECONDLY\nSUMMARY:Tick"), 'event "Tick".*FREQ'),
        (_ics("DTSTART:20260101T000000\nRRULE:FREQ=SOMETIMES\nSUMMARY:Odd"), 'event "Odd".*SOMETIMES'),
        (_ics("DTSTART:20260101T000000\nRRULE:every year\nSUMMARY:Odd"), 'event "Odd".*FREQ'),
        (_ics("DTSTART;VALUE=DATE:20261225\nDTEND:never\nSUMMARY:Open end"), 'event "Open end".*DTEND.*never'),
        (_ics("DTSTART;VALUE=DATE:20201225\nRDATE:soon\nSUMMARY:Also"), 'event "Also".*RDATE'),
        (
            _ics("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261224\nSUMMARY:Back"),
            'event "Back".*it ends before it starts',
        ),
        (_ics("DTSTART:20261225T100000Z\nDTEND:20261225T090000Z\nSUMMARY:Back"), 'event "Back".*before it starts'),
        (
            _ics("DTSTART;TZID=Mars/Olympus:20261225T000000\nDURATION:P1D\nSUMMARY:Red"),
            'event "Red".*unknown time zone Mars/Olympus',
        ),
        (_ics("DTSTART;VALUE=DATE:20261225\nSUMMARY:Cut")[:60], "cut off"),
        (
            _ics("DTSTART;VALUE=DATE:20260101\nSUMMARY:Fine", "DTSTART:soon\nSUMMARY:Broken"),
            'event "Broken".*soon',
        ),
    ],
)
def test_a_malformed_file_is_an_error_that_names_what_is_wrong(text: str, complaint: str) -> None:
    with pytest.raises(CalendarUnavailable, match=complaint):
        _holiday(text, "2026-12-25")


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225",
        "DTSTART;VALUE=DATE:20261225\nDURATION:P0D",
        "DTSTART;VALUE=DATE:20261225\nDURATION:P1D",
        "DTSTART;VALUE=DATE:20201225\nDTEND;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY",
        "dtstart;value=date:20261225\ndtend;value=date:20261225",
        "DTSTART;TZID=W. Europe Standard Time:20261225T000000\nDTEND;TZID=W. Europe Standard Time:20261226T000000",
    ],
)
def test_an_all_day_event_closes_its_day_however_its_end_is_written(lines: str) -> None:
    text = _ics(f"{lines}\nSUMMARY:Christmas")
    assert [_holiday(text, f"2026-12-{day}") for day in (24, 25, 26)] == [None, "Christmas", None]


def test_an_event_of_no_length_at_midnight_closes_no_day() -> None:
    assert _holiday(_ics("DTSTART:20261225T000000\nDTEND:20261225T000000\nSUMMARY:Reminder"), "2026-12-25") is None


@pytest.mark.parametrize("status", ["CANCELLED", "Cancelled", "cancelled", " cancelled ", "CANCELED", "Canceled"])
def test_an_event_is_cancelled_in_any_case_and_spelling(status: str) -> None:
    text = _ics(f"DTSTART;VALUE=DATE:20261225\nSTATUS:{status}\nSUMMARY:X")
    assert ical_day(text, date(2026, 12, 25), ZoneInfo(BERLIN)) == CalendarDay()


@pytest.mark.parametrize("status", ["CONFIRMED", "tentative", "Confirmed"])
def test_an_event_that_is_not_cancelled_closes_its_day(status: str) -> None:
    assert _holiday(_ics(f"DTSTART;VALUE=DATE:20261225\nSTATUS:{status}\nSUMMARY:X"), "2026-12-25") == "X"


FEED = _ics(
    "DTSTART;VALUE=DATE:20260217\nSUMMARY:Pancake Day\nCATEGORIES:Observance",
    "DTSTART;VALUE=DATE:20260217\nSUMMARY:Carnival\nCATEGORIES:Public holiday,Regional",
    "DTSTART;VALUE=DATE:20260218\nSUMMARY:Ann's Birthday\nCATEGORIES:Private\nCATEGORIES:Family",
)


@pytest.mark.parametrize(
    ("event_filter", "tuesday", "wednesday"),
    [
        (EventFilter(), CalendarDay("Pancake Day"), CalendarDay("Ann's Birthday")),
        (
            EventFilter(only=("public HOLIDAY",)),
            CalendarDay("Carnival", ("Pancake Day",)),
            CalendarDay(None, ("Ann's Birthday",)),
        ),
        (EventFilter(only=("Regional",)), CalendarDay("Carnival", ("Pancake Day",)), None),
        (EventFilter(only=("carnival",)), CalendarDay("Carnival", ("Pancake Day",)), None),
        (EventFilter(only=("Family",)), CalendarDay(None, ("Pancake Day", "Carnival")), CalendarDay("Ann's Birthday")),
        (EventFilter(excluded=("Pancake  day",)), CalendarDay("Carnival", ("Pancake Day",)), None),
        (EventFilter(excluded=("observance", "Carnival")), CalendarDay(None, ("Pancake Day", "Carnival")), None),
        (EventFilter(excluded=("*birthday*",)), CalendarDay("Pancake Day"), CalendarDay(None, ("Ann's Birthday",))),
        (EventFilter(excluded=("Pancake",)), CalendarDay("Pancake Day"), None),
        (EventFilter(excluded=("[Pancake Day]",)), CalendarDay("Pancake Day"), None),
        (
            EventFilter(("Public holiday", "Observance"), ("Pancake Day",)),
            CalendarDay("Carnival", ("Pancake Day",)),
            None,
        ),
    ],
)
def test_a_filter_chooses_events_by_category_or_summary_and_says_what_it_left_out(
    event_filter: EventFilter, tuesday: CalendarDay, wednesday: CalendarDay | None
) -> None:
    assert ical_day(FEED, date(2026, 2, 17), ZoneInfo(BERLIN), event_filter) == tuesday
    if wednesday:
        assert ical_day(FEED, date(2026, 2, 18), ZoneInfo(BERLIN), event_filter) == wednesday


def test_an_event_that_closes_no_day_is_not_named_as_filtered() -> None:
    text = _ics("DTSTART:20261225T090000\nDTEND:20261225T100000\nSUMMARY:Breakfast")
    assert ical_day(text, date(2026, 12, 25), ZoneInfo(BERLIN), EventFilter(excluded=("Breakfast",))) == CalendarDay()


@pytest.mark.parametrize("day", [date(2026, 12, 24), date(2026, 12, 25)])
def test_a_filter_that_matches_no_event_of_the_calendar_is_an_error(day: date) -> None:
    text = _ics("DTSTART;VALUE=DATE:20261225\nSUMMARY:Christmas Day\nCATEGORIES:Feiertag")
    with pytest.raises(CalendarUnavailable, match=r"only = \['Holiday'\] matches none .* such as 'Feiertag'"):
        ical_day(text, day, ZoneInfo(BERLIN), EventFilter(only=("Holiday",)))


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("DTSTART;TZID=Europe:20261224T000000", "the unknown time zone Europe"),
        (f"DTSTART;TZID={'a' * 5_000}:20261224T000000", "the unknown time zone aaa"),
        ("DTSTART;VALUE=DATE:20261224\nEXDATE;TZID=Europe:20261224T000000", "the unknown time zone Europe"),
        ("DTSTART;VALUE=DATE:20261224\nDTSTART;VALUE=DATE:20261225", "has DTSTART twice"),
        ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=PERIOD:20261224T000000Z/P1D", "a value of the wrong type"),
        ("DTSTART;VALUE=TIME:000000", "a value of the wrong type"),
    ],
)
def test_every_error_of_the_libraries_says_what_is_wrong_with_the_calendar(event: str, reason: str) -> None:
    with pytest.raises(CalendarUnavailable, match=reason) as error:
        _holiday(_ics(event), "2026-12-24")
    assert len(str(error.value)) < 300
    assert "Export the calendar again" in str(error.value)


def test_a_calendar_of_a_hundred_thousand_events_is_refused_at_once() -> None:
    with pytest.raises(CalendarUnavailable, match="more than 1,000,000 characters"):
        _holiday(_ics(*["DTSTART;VALUE=DATE:20261224"] * 100_000), "2026-12-24")


YEARLY = "SUMMARY:Christmas\nRRULE:FREQ=YEARLY;UNTIL="


@pytest.mark.parametrize(
    ("start", "last_day"),
    [
        ("DTSTART;VALUE=DATE:20201225", "20261225"),
        ("DTSTART;VALUE=DATE:20201225", "20261225T000000Z"),
        ("DTSTART;VALUE=DATE:20201225", "20261224T230000Z"),
        ("DTSTART:20201225T060000\nDTEND:20201226T000000", "20261225"),
        ("DTSTART;TZID=Europe/Berlin:20201225T060000\nDTEND;TZID=Europe/Berlin:20201226T000000", "20261225"),
    ],
)
def test_a_rule_includes_the_day_of_its_until_however_it_is_written(start: str, last_day: str) -> None:
    text = _ics(f"{start}\n{YEARLY}{last_day}")
    assert [_holiday(text, f"{year}-12-25") for year in (2025, 2026, 2027)] == ["Christmas", "Christmas", None]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("DTSTART;VALUE=DATE:20261225\nDURATION:-P1D", "its DURATION is negative"),
        ("DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY\nEXRULE:FREQ=YEARLY", "it has an EXRULE"),
    ],
)
def test_an_event_that_would_be_read_in_part_is_an_error(lines: str, complaint: str) -> None:
    with pytest.raises(CalendarUnavailable, match=f'The event "Closed" in the iCalendar text .*: {complaint}'):
        _holiday(_ics(f"{lines}\nSUMMARY:Closed"), "2026-12-25")


def test_a_text_that_cancels_its_events_is_no_calendar() -> None:
    text = _ics("DTSTART;VALUE=DATE:20261225").replace("VERSION:2.0", "VERSION:2.0\nMETHOD:CANCEL")
    with pytest.raises(CalendarUnavailable, match="cancels events"):
        _holiday(text, "2026-12-25")


NEW_YEAR, CHRISTMAS = "DTSTART;VALUE=DATE:20260101\nSUMMARY:New Year", "DTSTART;VALUE=DATE:20261225\nSUMMARY:Christmas"


def test_events_that_share_a_uid_are_an_error_because_one_would_be_lost() -> None:
    text = _ics(NEW_YEAR, CHRISTMAS).replace("UID:1@", "UID:0@")
    with pytest.raises(CalendarUnavailable, match='have the UID \'0@example\', such as "New Year" and "Christmas"'):
        _holiday(text, "2026-12-25")


def test_events_without_a_uid_are_events_of_their_own() -> None:
    text = _ics(NEW_YEAR, CHRISTMAS).replace("UID:0@example", "UID:").replace("UID:1@example", "UID:")
    assert [_holiday(text, day) for day in ("2026-01-01", "2026-12-25")] == ["New Year", "Christmas"]


def test_the_newest_version_of_an_event_counts() -> None:
    text = _ics(f"{NEW_YEAR}\nSEQUENCE:1", CHRISTMAS).replace("UID:1@", "UID:0@")
    assert [_holiday(text, day) for day in ("2026-01-01", "2026-12-25")] == ["New Year", None]


@pytest.mark.parametrize(
    ("summary", "pattern"),
    [("Maria\u0308 Himmelfahrt", "Mari\u00e4 Himmelfahrt"), ("Pancake\u200b Day", "Pancake Day")],
)
def test_a_filter_finds_a_summary_in_every_form_of_unicode(summary: str, pattern: str) -> None:
    text = _ics(f"DTSTART;VALUE=DATE:20261225\nSUMMARY:{summary}")
    day = ical_day(text, date(2026, 12, 25), ZoneInfo(BERLIN), EventFilter(excluded=(pattern,)))
    assert (day.holiday, len(day.filtered)) == (None, 1)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Kiritimati", "America/New_York", BERLIN])
def test_midnight_to_midnight_in_utc_is_the_date_in_every_zone(zone: str) -> None:
    text = _ics("DTSTART:20261225T000000Z\nDTEND:20261226T000000Z\nSUMMARY:Christmas")
    assert [_holiday(text, f"2026-12-{day}", zone) for day in (24, 25, 26)] == [None, "Christmas", None]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;COUNT=0", "expected COUNT to be 1 or more"),
        ("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;COUNT=2;UNTIL=20301231", "it has both COUNT and UNTIL"),
        ("DTSTART:20251225T000000\nRDATE;TZID=Mars/Base:20261225T000000", "RDATE has the unknown time zone Mars/Base"),
        (
            "DTSTART:20251225T000000\nRRULE:FREQ=YEARLY\nEXDATE;TZID=Mars/Base:20261225T000000",
            "EXDATE has the unknown time zone Mars/Base",
        ),
        ("DTSTART;VALUE=DATE:20261225\nSTATUS:CONFIRMED\nSTATUS:CANCELLED", "it has STATUS twice"),
    ],
)
def test_an_event_that_can_be_read_in_two_ways_is_refused(lines: str, complaint: str) -> None:
    with pytest.raises(CalendarUnavailable, match=complaint):
        _holiday(_ics(f"{lines}\nSUMMARY:X"), "2026-12-25")


def test_a_second_calendar_that_is_cut_off_is_refused() -> None:
    text = _ics("DTSTART;VALUE=DATE:20261110\nSUMMARY:Y") + _ics("DTSTART;VALUE=DATE:20261225\nSUMMARY:X")
    assert _holiday(text, "2026-12-25") == "X"
    with pytest.raises(CalendarUnavailable, match="has no END:VCALENDAR, so it is cut off"):
        _holiday(text[:-30], "2026-12-25")


def test_a_summary_in_two_languages_gives_the_first() -> None:
    text = _ics("DTSTART;VALUE=DATE:20261225\nSUMMARY;LANGUAGE=en:Christmas\nSUMMARY;LANGUAGE=de:Weihnachten")
    assert _holiday(text, "2026-12-25") == "Christmas"
