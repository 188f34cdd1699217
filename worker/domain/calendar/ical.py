"""Find out whether an iCalendar text (RFC 5545) closes a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from worker.domain.calendar.business_day import elapsed, window_of
from worker.domain.calendar.closures import closes, refuse_endless_rule
from worker.domain.rows import Window
from worker.errors import CalendarUnavailable

_WAY_OUT = "Export the calendar again as .ics."


def ical_holiday_on(text: str, day: date, zone: ZoneInfo) -> str | None:
    """Return the summary of the first event that closes the local day. Times without a zone are in ``zone``.

    Recurrences, EXDATE and RECURRENCE-ID are applied, and cancelled events are ignored. Raise `CalendarUnavailable`
    and say what is wrong with the text.
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
        parts = icalendar.Calendar.from_ical(text.removeprefix("\ufeff"), multiple=True)
    except (ValueError, LookupError, TypeError) as error:
        raise CalendarUnavailable(f"This is not an iCalendar text: {_first_line(error)}.", way_out=_WAY_OUT) from None
    if not parts or any(part.name != "VCALENDAR" for part in parts):
        first = text.strip().splitlines()[:1]
        raise CalendarUnavailable(
            f"This is not an iCalendar text: it begins with {first}, not with BEGIN:VCALENDAR.", way_out=_WAY_OUT
        )
    return tuple(parts)


def _events(calendar: icalendar.Component, window: Window) -> list[Any]:
    """Return the occurrences that overlap the window."""
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
    """Read the events one by one and name the one that fails."""
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
    """The dates of an all-day event and times without a zone are in the zone of the window."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    return moment if moment.tzinfo else moment.replace(tzinfo=window.start.tzinfo)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200].rstrip(".")
