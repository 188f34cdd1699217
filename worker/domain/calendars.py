"""Was this day a holiday? Asked of recurring schedules, of an iCalendar text, of a country's public holidays.

Every question has the same form: a local day in, the holiday's name or None out. A calendar that cannot be understood
is `CalendarUnavailable`, never "no holiday": whether to hold or to go on is the group's policy.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import icalendar
import recurring_ical_events
from dateutil.rrule import rrulestr

from worker.domain.business_day import elapsed, is_workday, window_of
from worker.domain.groups import Weekday
from worker.domain.rows import Window
from worker.errors import CalendarUnavailable, SettingsError

HOLIDAY_SHARE = 0.5
"""A closure makes the day a holiday when it covers at least this share of it. Half, because a calendar may be written
in a neighbour's zone and overlap our day by hours without meaning it, and because a team that closes at noon on 24
December has a morning to talk about."""

LAST_MINUTE = timedelta(minutes=1)
"""Calendars write the end of a day as 24:00, as 23:59 or as 23:59:59; up to this much is forgiven."""

_DAY = timedelta(days=1)
_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
_UNTIL_UTC = re.compile(r"UNTIL=(\d{8}T\d{6})Z", re.IGNORECASE)
_NAMES_IN = "en_US"  # without a language the names follow the machine's locale


@dataclass(frozen=True, slots=True)
class Schedule:
    """A closure and its repetitions: ``start`` and ``end`` (exclusive) are naive wall times in the calendar's zone.

    ``rrule`` is iCalendar recurrence text without DTSTART (``FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25``), None for once.
    The first occurrence is ``start`` to ``end`` itself; later ones are as long.
    """

    name: str
    start: datetime
    end: datetime
    rrule: str | None


def holiday_on(day: date, schedules: Iterable[Schedule], zone: ZoneInfo | None = None) -> str | None:
    """The name of the first schedule that closes ``day``.

    ``zone`` is the one the schedules are meant in; it is needed only for a rule whose UNTIL is in UTC (``…Z``). Raises
    `CalendarUnavailable` naming the schedule whose times or rule make no sense.
    """
    midnight = datetime.combine(day, time.min)
    for schedule in schedules:
        length = _length(schedule)
        for start in _starts(schedule, midnight - length, midnight + _DAY, zone):
            if _closes(min(start + length, midnight + _DAY) - max(start, midnight), _DAY):
                return schedule.name
    return None


def ical_holiday_on(text: str, day: date, zone: ZoneInfo) -> str | None:
    """The summary of the first event that closes the local day; times without a zone are meant in ``zone``.

    Recurrences, EXDATE and RECURRENCE-ID count; cancelled events do not. Raises `CalendarUnavailable` naming what is
    wrong with the text.
    """
    window = window_of(day, zone)
    for calendar in _calendars(text):
        for event in _events(calendar, window):
            if event.get("STATUS") != "CANCELLED" and _closes(_overlap(event, window), elapsed(window)):
                return str(event.get("SUMMARY") or "unnamed event")
    return None


def country_holiday_on(country: str, subdivision: str | None, day: date) -> str | None:
    """The English name of the public holiday; `SettingsError` where country or subdivision are not known."""
    check_country(country, subdivision)
    name: str | None = _public_holidays(country, subdivision, day.year).get(day)
    return name


def check_country(country: str, subdivision: str | None) -> None:
    """Raise `SettingsError`, listing those known, unless the pair names a place whose public holidays are known."""
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        near = difflib.get_close_matches(country.upper(), known, n=8, cutoff=0.5) or sorted(known)
        raise SettingsError(
            f'No holidays are known for country "{country}".',
            way_out=f"Expected an ISO 3166-1 code of two capitals; known near it: {', '.join(near)}.",
        )
    places = [*known[country], *holidays.country_holidays(country, expand=False).subdivisions_aliases]
    if subdivision is not None and subdivision not in places:
        raise SettingsError(
            f'No subdivision "{subdivision}" is known in {country}.',
            way_out=f"Expected one of {', '.join(places)}." if places else "Expected none: leave subdivision out.",
        )


def last_business_day(
    before: date, workdays: Collection[Weekday], is_holiday: Callable[[date], str | None], limit: int = 30
) -> date | None:
    """The last workday before ``before`` that is no holiday; None if the ``limit`` days before it hold none."""
    for back in range(1, limit + 1):
        day = before - back * _DAY
        if is_workday(day, workdays) and is_holiday(day) is None:
            return day
    return None


def _closes(overlap: timedelta, day_length: timedelta) -> bool:
    return overlap + LAST_MINUTE >= HOLIDAY_SHARE * day_length


def _length(schedule: Schedule) -> timedelta:
    if schedule.end <= schedule.start:
        raise CalendarUnavailable(
            f'Schedule "{schedule.name}" ends {schedule.end.isoformat()}, not after its start '
            f"{schedule.start.isoformat()}.",
            way_out="Correct it in the calendar.",
        )
    return schedule.end - schedule.start


def _starts(schedule: Schedule, after: datetime, before: datetime, zone: ZoneInfo | None) -> Iterator[datetime]:
    """Starts of the occurrences that can touch the stretch from ``after`` to ``before``."""
    yield schedule.start
    if schedule.rrule:
        text = schedule.rrule.strip().removeprefix("RRULE:")
        try:
            _refuse_endless_rules(text)
            rule = rrulestr(_until_as_wall_time(text, zone), dtstart=schedule.start)
            yield from rule.between(after, before)
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise CalendarUnavailable(
                f'The recurrence rule of schedule "{schedule.name}" makes no sense, "{schedule.rrule}": {error}.',
                way_out="Correct it in the calendar.",
            ) from None


def _refuse_endless_rules(rule: str) -> None:
    found = re.search(r"FREQ=(\w+)", rule, re.IGNORECASE)
    if not found or found[1].upper() not in _FREQUENCIES:
        raise ValueError(f"expected FREQ to be one of {', '.join(_FREQUENCIES)}")
    if re.search(r"INTERVAL=0+\b", rule, re.IGNORECASE):
        raise ValueError("expected INTERVAL to be 1 or more")


def _until_as_wall_time(rule: str, zone: ZoneInfo | None) -> str:
    """An UNTIL in UTC becomes the wall time of ``zone``, because the starts it is compared with are wall times."""

    def wall(found: re.Match[str]) -> str:
        if zone is None:
            raise ValueError("UNTIL is in UTC and the calendar's zone is not known")
        until = datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        return f"UNTIL={until.astimezone(zone):%Y%m%dT%H%M%S}"

    return _UNTIL_UTC.sub(wall, rule)


@lru_cache(maxsize=64)
def _calendars(text: str) -> tuple[icalendar.Component, ...]:
    try:
        found = icalendar.Calendar.from_ical(text.removeprefix("\ufeff"), multiple=True)
    except (ValueError, LookupError, TypeError) as error:
        raise CalendarUnavailable(f"This is no iCalendar text: {_first_line(error)}.", way_out=_ICAL_WAY_OUT) from None
    if not found or any(part.name != "VCALENDAR" for part in found):
        first = text.strip().splitlines()[:1]
        raise CalendarUnavailable(
            f"This is no iCalendar text: it begins with {first}, not with BEGIN:VCALENDAR.", way_out=_ICAL_WAY_OUT
        )
    return tuple(found)


_ICAL_WAY_OUT = "Export the calendar anew as .ics."


def _events(calendar: icalendar.Component, window: Window) -> list[Any]:
    """The occurrences that touch the window."""
    try:
        return list(recurring_ical_events.of(calendar).between(window.start, window.end))
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise CalendarUnavailable(
            f"{_broken_event(calendar, window)} in the iCalendar text cannot be read: {_first_line(error)}.",
            way_out=_ICAL_WAY_OUT,
        ) from None


def _broken_event(calendar: icalendar.Component, window: Window) -> str:
    """Ask the events one by one, to name the one that cannot be read."""
    for event in calendar.walk("VEVENT"):
        try:
            recurring_ical_events.of(event).between(window.start, window.end)
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError):
            return f'The event "{event.get("SUMMARY") or event.get("UID") or "without a name"}"'
    return "An event"


def _overlap(event: Any, window: Window) -> timedelta:
    start, end = (_aware(moment, window).astimezone(UTC) for moment in (event.start, event.end))
    return min(end, window.end.astimezone(UTC)) - max(start, window.start.astimezone(UTC))


def _aware(moment: date | datetime, window: Window) -> datetime:
    """An all-day event's dates and a floating time are meant in the zone of the window."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    return moment if moment.tzinfo else moment.replace(tzinfo=window.start.tzinfo)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200].rstrip(".")


@lru_cache(maxsize=512)
def _public_holidays(country: str, subdivision: str | None, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=subdivision, years=year, expand=False, language=_NAMES_IN)
