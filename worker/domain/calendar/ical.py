"""Holidays out of an iCalendar text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from worker.domain.calendar.business_day import elapsed, window_of
from worker.domain.rows import Window
from worker.errors import CalendarUnavailable

HOLIDAY_SHARE = 0.5
"""A closure makes the day a holiday when it covers at least this share of it. Half, because a calendar may be written
in a neighbour's zone and overlap our day by hours without meaning it, and because a team that closes at noon on 24
December has a morning to talk about."""

LAST_MINUTE = timedelta(minutes=1)
"""Calendars write the end of a day as 24:00, as 23:59 or as 23:59:59; up to this much is forgiven."""

_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")


def closes(overlap: timedelta, day_length: timedelta) -> bool:
    """Whether a closure that overlaps a day of this length makes it a holiday."""
    return overlap + LAST_MINUTE >= HOLIDAY_SHARE * day_length


def refuse_endless_rule(rule: str) -> None:
    """ValueError for a recurrence rule that would have the reckoning go on for ever, or by the second."""
    found = re.search(r"FREQ=(\w+)", rule, re.IGNORECASE)
    if not found or found[1].upper() not in _FREQUENCIES:
        raise ValueError(f"expected FREQ to be one of {', '.join(_FREQUENCIES)}")
    if re.search(r"INTERVAL=0+\b", rule, re.IGNORECASE):
        raise ValueError("expected INTERVAL to be 1 or more")


_WAY_OUT = "Export the calendar anew as .ics."


def ical_holiday_on(text: str, day: date, zone: ZoneInfo) -> str | None:
    """The summary of the first event that closes the local day; times without a zone are meant in ``zone``.

    Recurrences, EXDATE and RECURRENCE-ID count; cancelled events do not. Raises `CalendarUnavailable` naming what is
    wrong with the text.
    """
    window = window_of(day, zone)
    for calendar in _calendars(text):
        for event in _events(calendar, window):
            if event.get("STATUS") != "CANCELLED" and closes(_overlap(event, window), elapsed(window)):
                return str(event.get("SUMMARY") or "unnamed event")
    return None


@lru_cache(maxsize=64)
def _calendars(text: str) -> tuple[icalendar.Component, ...]:
    try:
        found = icalendar.Calendar.from_ical(text.removeprefix("\ufeff"), multiple=True)
    except (ValueError, LookupError, TypeError) as error:
        raise CalendarUnavailable(f"This is no iCalendar text: {_first_line(error)}.", way_out=_WAY_OUT) from None
    if not found or any(part.name != "VCALENDAR" for part in found):
        first = text.strip().splitlines()[:1]
        raise CalendarUnavailable(
            f"This is no iCalendar text: it begins with {first}, not with BEGIN:VCALENDAR.", way_out=_WAY_OUT
        )
    return tuple(found)


def _events(calendar: icalendar.Component, window: Window) -> list[Any]:
    """The occurrences that touch the window."""
    try:
        return _occurrences(calendar, window)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise CalendarUnavailable(
            f"{_broken_event(calendar, window)} in the iCalendar text cannot be read: {_first_line(error)}.",
            way_out=_WAY_OUT,
        ) from None


def _occurrences(component: icalendar.Component, window: Window) -> list[Any]:
    for event in component.walk("VEVENT"):
        rules = event.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            refuse_endless_rule(rule.to_ical().decode())
    return list(recurring_ical_events.of(component).between(window.start, window.end))


def _broken_event(calendar: icalendar.Component, window: Window) -> str:
    """Ask the events one by one, to name the one that cannot be read."""
    for event in calendar.walk("VEVENT"):
        try:
            _occurrences(event, window)
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
