"""A recurrence rule that fits no day is an error. It would count as no holiday."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from worker.domain.calendar.ical import ical_day
from worker.domain.calendar.rules import refuse_wrong_rule
from worker.errors import CalendarUnavailable

TEXT = """\
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1@example
DTSTART;VALUE=DATE:20251225
SUMMARY:Christmas
RRULE:{rule}
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("FREQ=YEARLY;BYMONTH=13", "expected BYMONTH to be 1 to 12, found 13"),
        ("FREQ=YEARLY;BYMONTH=0", "expected BYMONTH to be 1 to 12, found 0"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,32", "expected BYMONTHDAY to be 1 to 31, or -31 to -1, found 1,32"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "expected BYMONTHDAY to be 1 to 31"),
        ("FREQ=YEARLY;BYYEARDAY=400", "expected BYYEARDAY to be 1 to 366"),
        ("FREQ=YEARLY;BYWEEKNO=-54", "expected BYWEEKNO to be 1 to 53"),
        ("FREQ=MONTHLY;BYDAY=6FR", "expected BYDAY to be weekdays such as MO, or 1MO to 5MO"),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=6FR", "or 1MO to 5MO, or -1MO for the last one, found 6FR"),
        ("FREQ=YEARLY;BYDAY=54MO", "or 1MO to 53MO"),
        ("FREQ=YEARLY;INTERVAL=-1", "expected INTERVAL to be 1 or more, found -1"),
        ("FREQ=YEARLY;COUNT=-3", "expected COUNT to be 1 or more, found -3"),
        ("FREQ=YEARLY;BYDAY=FR;BYSETPOS=400", "expected BYSETPOS to be 1 to 366"),
        ("FREQ=YEARLY;BYHOUR=24", "expected BYHOUR to be 0 to 23"),
        ("FREQ=YEARLY;RSCALE=GREGORIAN;SKIP=OMIT", "it has the part RSCALE, which is not supported"),
        ("FREQ=YEARLY;X-FOO=1", "it has the part X-FOO, which is not supported"),
    ],
)
def test_a_rule_that_fits_no_day_is_an_error(rule: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        refuse_wrong_rule(rule.lower())
    with pytest.raises(CalendarUnavailable, match=f'The event "Christmas" .*{complaint}'):
        ical_day(TEXT.format(rule=rule), date(2026, 12, 25), ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25",
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-7",
        "FREQ=YEARLY;BYYEARDAY=-7",
        "FREQ=YEARLY;BYMONTH=12;BYDAY=4FR",
        "FREQ=MONTHLY;BYDAY=-1FR,+5MO",
        "FREQ=WEEKLY;INTERVAL=1;BYDAY=FR,TH;WKST=MO",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-5",
    ],
)
def test_a_rule_that_fits_the_day_makes_it_a_holiday(rule: str) -> None:
    day = ical_day(TEXT.format(rule=rule), date(2026, 12, 25), ZoneInfo("Europe/Berlin"))
    assert day.holiday == "Christmas"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This is not an iCalendar text: it is empty"),
        ("\ufeff \n", "This is not an iCalendar text: it is empty"),
        (TEXT.format(rule="FREQ=YEARLY").replace("DTSTART", "X-START"), "it has no DTSTART that can be read"),
        (TEXT.format(rule="FREQ=YEARLY;BYMONTH=13").replace("Chr", "\x1bChr"), 'The event "<U\\+001B>Christmas"'),
        ("\x1b[31m\0", r"parts: '<U\+001B>\[31m<U\+0000>'"),
    ],
)
def test_a_text_that_is_no_calendar_is_named_without_invisible_characters(text: str, sentence: str) -> None:
    with pytest.raises(CalendarUnavailable, match=sentence) as error:
        ical_day(text, date(2026, 12, 25), ZoneInfo("Europe/Berlin"))
    assert str(error.value).isprintable()
