"""Find out whether an iCalendar text (RFC 5545) closes a day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from worker.domain.addresses import visible
from worker.domain.calendar.business_day import elapsed, window_of
from worker.domain.calendar.closures import EVERY_EVENT, CalendarDay, EventFilter, closes
from worker.domain.calendar.ical_events import WAY_OUT, label_of, prepare_events, reason_of, text_of, unreadable
from worker.domain.calendar.rules import refuse_wrong_rule
from worker.domain.rows import Window
from worker.domain.wording import visible_text
from worker.errors import CalendarUnavailable

_DAY = timedelta(days=1)
LONGEST_TEXT = 1_000_000
"""Characters. 6.5 million, with 100,000 events, took the libraries 31 s of processor time and 0.7 GB."""

_EXAMPLES = 4
_BEGINNINGS = re.compile(r"^\ufeff?BEGIN:VCALENDAR\s*$", re.IGNORECASE | re.MULTILINE)
_CANCELLED = ("CANCELLED", "CANCELED")


def ical_day(text: str, day: date, zone: ZoneInfo, event_filter: EventFilter = EVERY_EVENT) -> CalendarDay:
    """Return the holiday of a local day, and the events that would close it but do not pass the filter.

    Times without a zone are in ``zone``. Recurrences, EXDATE and RECURRENCE-ID are applied, and cancelled events are
    ignored. Raise `CalendarUnavailable` and say what is wrong with the text, whatever error the libraries raise.
    """
    try:
        return _calendar_day(text, window_of(day, zone), zone, event_filter)
    except CalendarUnavailable:
        raise
    except Exception as error:
        raise unreadable("An event", reason_of(error)) from None


def _calendar_day(text: str, window: Window, zone: ZoneInfo, event_filter: EventFilter) -> CalendarDay:
    if len(text) > LONGEST_TEXT:
        raise CalendarUnavailable(
            f"The iCalendar text has more than {LONGEST_TEXT:,} characters.", way_out="Export fewer years or calendars."
        )
    names: list[str] = []
    filtered: list[str] = []
    calendars = _calendars(text, zone)
    _refuse_idle_filter(calendars, event_filter)
    for calendar in calendars:
        for event in _closing_events(calendar, window):
            (names if _passes(event, event_filter) else filtered).append(_name(event))
    return CalendarDay(names[0] if names else None, tuple(dict.fromkeys(filtered)))


def _refuse_idle_filter(calendars: tuple[icalendar.Component, ...], event_filter: EventFilter) -> None:
    """Raise an error for ``only`` that matches no event of the whole calendar: every holiday would be filtered out."""
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if event_filter.only and events and not any(_has_word(event, event_filter.only) for event in events):
        words = dict.fromkeys(word for event in events for word in (*_categories(event), _name(event)))
        examples = ", ".join(repr(word[:40]) for word in list(words)[:_EXAMPLES])
        raise CalendarUnavailable(
            f"The calendar's filter only = {list(event_filter.only)} matches none of its events.",
            way_out=f"Use words of its categories or summaries, such as {examples}.",
        )


def _has_word(event: Any, patterns: tuple[str, ...]) -> bool:
    return _matches([_comparable(word) for word in (_name(event), *_categories(event))], patterns)


def _closing_events(calendar: icalendar.Component, window: Window) -> Iterator[Any]:
    for event in _events(calendar, window):
        if not _is_cancelled(event) and closes(_overlap(event, window), elapsed(window)):
            yield event


def _is_cancelled(event: Any) -> bool:
    """Property values of STATUS are case-insensitive (RFC 5545, section 2)."""
    return str(event.get("STATUS") or "").strip().upper() in _CANCELLED


def _passes(event: Any, event_filter: EventFilter) -> bool:
    if event_filter.only and not _has_word(event, event_filter.only):
        return False
    return not _has_word(event, event_filter.excluded)


def _matches(words: list[str], patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(word, _comparable(pattern).replace("[", "[[]")) for pattern in patterns for word in words)


def _comparable(text: str) -> str:
    """Return a text without invisible characters, capitals and repeated spaces."""
    return visible_text(text).casefold()


def _name(event: Any) -> str:
    return text_of(event, "SUMMARY") or "unnamed event"


def _categories(event: Any) -> list[str]:
    """Return the categories, which may be several lines of several values each."""
    lines = event.get("CATEGORIES") or []
    return [str(category) for line in (lines if isinstance(lines, list) else [lines]) for category in line.cats]


@lru_cache(maxsize=64)
def _calendars(text: str, zone: ZoneInfo) -> tuple[icalendar.Component, ...]:
    if not text.strip("\ufeff\n\r\t "):
        raise CalendarUnavailable("This is not an iCalendar text: it is empty.", way_out=WAY_OUT)
    try:
        parts = icalendar.Calendar.from_ical(text.removeprefix("\ufeff"), multiple=True)
    except (ValueError, LookupError) as error:
        raise CalendarUnavailable(f"This is not an iCalendar text: {reason_of(error)}.", way_out=WAY_OUT) from None
    except Exception as error:
        raise CalendarUnavailable(f"This iCalendar text cannot be read: {reason_of(error)}.", way_out=WAY_OUT) from None
    if len(parts) < len(_BEGINNINGS.findall(text)) or (
        not parts and text.lstrip("\ufeff\n\r ").upper().startswith("BEGIN:VCALENDAR")
    ):
        raise CalendarUnavailable("This iCalendar text has no END:VCALENDAR, so it is cut off.", way_out=WAY_OUT)
    if not parts or any(part.name != "VCALENDAR" for part in parts):
        first = visible(text.removeprefix("\ufeff").strip().splitlines()[0][:60])
        raise CalendarUnavailable(
            f"This is not an iCalendar text: it begins with {first!r}, not with BEGIN:VCALENDAR.", way_out=WAY_OUT
        )
    for part in parts:
        prepare_events(part, zone)
    return tuple(parts)


def _events(calendar: icalendar.Component, window: Window) -> list[Any]:
    """Return the occurrences that overlap the window."""
    try:
        return _occurrences(calendar, window)
    except Exception as error:
        raise unreadable(_broken_event(calendar, window), reason_of(error)) from None


def _occurrences(component: icalendar.Component, window: Window) -> list[Any]:
    for event in component.walk("VEVENT"):
        rules = event.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            refuse_wrong_rule(rule.to_ical().decode())
    return list(recurring_ical_events.of(component).between(window.start, window.end))


def _broken_event(calendar: icalendar.Component, window: Window) -> str:
    """Read the events one by one and name the one that fails."""
    for event in calendar.walk("VEVENT"):
        try:
            _occurrences(event, window)
        except Exception:
            return label_of(event)
    return "An event"


def _overlap(event: Any, window: Window) -> timedelta:
    """Return for how long an occurrence overlaps the window.

    An all-day event that ends on the day it starts covers that day. RFC 5545, section 3.6.1, wants the day after as its
    end, but calendars write the same day.
    """
    first, last = event.start, event.end
    if _is_utc_midnight(first) and _is_utc_midnight(last):
        first, last = first.date(), last.date()
    if not isinstance(first, datetime) and not isinstance(last, datetime):
        last = max(last, first + _DAY)
    start, end = (_aware(moment, window).astimezone(UTC) for moment in (first, last))
    return min(end, window.end.astimezone(UTC)) - max(start, window.start.astimezone(UTC))


def _is_utc_midnight(moment: date | datetime) -> bool:
    """Return whether a date may have been written as its midnight in UTC, which is half a day late in the far east."""
    return isinstance(moment, datetime) and moment.utcoffset() == timedelta(0) and moment.time() == time.min


def _aware(moment: date | datetime, window: Window) -> datetime:
    """The dates of an all-day event and times without a zone are in the zone of the window."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    return moment if moment.tzinfo else moment.replace(tzinfo=window.start.tzinfo)
