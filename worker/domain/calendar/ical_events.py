"""Refuses events of an iCalendar text that the libraries would read wrongly in silence.

icalendar leaves out a property that it cannot parse, and reads a time of an unknown zone as one without a zone.
recurring-ical-events swaps start and end of an event that ends before it starts, keeps one of several events with the
same UID, and knows neither EXRULE nor a calendar that cancels its events.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from worker.domain.addresses import visible
from worker.errors import CalendarUnavailable

WAY_OUT = "Export the calendar again as .ics."


def prepare_events(calendar: icalendar.Component, zone: ZoneInfo) -> None:
    """Raise `CalendarUnavailable` for what would be read wrongly, and write the ends of rules as the libraries expect.

    All-day rules that end at an instant in UTC end on its day in ``zone``.
    """
    if str(calendar.get("METHOD") or "").strip().upper() == "CANCEL":
        raise CalendarUnavailable("This iCalendar text cancels events, so it is no calendar.", way_out=WAY_OUT)
    for event in calendar.walk("VEVENT"):
        try:
            reason = _reason_to_refuse(event)
        except Exception as error:
            reason = _repeated_property(event) or reason_of(error)
        if reason:
            raise unreadable(label_of(event), reason)
        _include_last_day(event, zone)
    _refuse_shared_uids(calendar)


def _reason_to_refuse(event: Any) -> str:
    if event.get("EXRULE") is not None:
        return "it has an EXRULE, which is not supported; use EXDATE"
    if reason := _unreadable_property(event) or _repeated_property(event):
        return reason
    if event.get("DTSTART") is None:
        return "it has no DTSTART that can be read"
    return _unknown_zone(event) or _reversed(event)


def _repeated_property(event: Any) -> str:
    """Name a property that must not occur twice (RFC 5545, section 3.6.1)."""
    names = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "STATUS")
    return next((f"it has {name} twice" for name in names if isinstance(event.get(name), list)), "")


def _unreadable_property(event: Any) -> str:
    names = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS")
    return next((f"{name}: {visible(str(detail))}" for name, detail in event.errors if name in names), "")


def _unknown_zone(event: Any) -> str:
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE"):
        values = event.get(name) or []
        for value in values if isinstance(values, list) else [values]:
            zone = value.params.get("TZID")
            if zone and any(isinstance(moment, datetime) and moment.tzinfo is None for moment in _moments(value)):
                return f"{name} has the unknown time zone {visible(str(zone))}"
    return ""


def _moments(value: Any) -> list[Any]:
    """Return the instants of a property, which may be a list of instants or periods."""
    moments = [entry.dt for entry in getattr(value, "dts", [value])]
    return [moment[0] if isinstance(moment, tuple) else moment for moment in moments]


def _reversed(event: Any) -> str:
    start, end, length = event.get("DTSTART"), event.get("DTEND"), event.get("DURATION")
    if length is not None and length.dt < timedelta(0):
        return "its DURATION is negative"
    if start is None or end is None:
        return ""
    first, last = (_sortable(value.dt) for value in (start, end))
    return "it ends before it starts" if last < first else ""


def _sortable(moment: date | datetime) -> datetime:
    moment = moment if isinstance(moment, datetime) else datetime.combine(moment, time.min)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def unreadable(label: str, reason: object) -> CalendarUnavailable:
    """Return the error for an event that cannot be read."""
    return CalendarUnavailable(f"{label} in the iCalendar text cannot be read: {reason}.", way_out=WAY_OUT)


def _include_last_day(event: Any, zone: ZoneInfo) -> None:
    """Let a rule include the day of its UNTIL, also where UNTIL is not of the same kind as DTSTART.

    RFC 5545, section 3.3.10, wants both to be dates or both to be times, but calendars mix them. A date then means the
    whole day, and an instant its day. Midnight in UTC is how exporters write a date.
    """
    rules, start = event.get("RRULE") or [], event.get("DTSTART")
    for rule in rules if isinstance(rules, list) else [rules]:
        ends = rule.get("UNTIL") or []
        if start is not None and ends:
            rule["UNTIL"] = [_last_moment(end, start.dt, zone) for end in (ends if isinstance(ends, list) else [ends])]


def _last_moment(end: date | datetime, start: date | datetime, zone: ZoneInfo) -> date | datetime:
    if isinstance(start, datetime):
        if isinstance(end, datetime):
            return end
        last = datetime.combine(end, time(23, 59, 59), tzinfo=start.tzinfo)
        return last.astimezone(UTC) if start.tzinfo else last
    if not isinstance(end, datetime):
        return end
    is_utc_midnight = end.utcoffset() == timedelta(0) and end.time() == time.min
    return end.date() if end.tzinfo is None or is_utc_midnight else end.astimezone(zone).date()


def _refuse_shared_uids(calendar: icalendar.Component) -> None:
    """Raise `CalendarUnavailable` if several events have one UID, and nothing says which of them is the newest.

    An empty UID is none. Changes of one occurrence (RECURRENCE-ID) share the UID of their event.
    """
    starts: defaultdict[tuple[str, int], dict[object, Any]] = defaultdict(dict)
    events: list[Any] = list(calendar.walk("VEVENT"))
    for event in events:
        uid = str(event.get("UID") or "").strip()
        if not uid:
            event.pop("UID", None)
        elif event.get("RECURRENCE-ID") is None and event.get("DTSTART") is not None:
            starts[uid, int(event.get("SEQUENCE") or 0)][event["DTSTART"].dt] = event
    for (uid, _), versions in starts.items():
        if len(versions) > 1:
            names = " and ".join(label_of(event).removeprefix("The event ") for event in list(versions.values())[:2])
            raise CalendarUnavailable(
                f"Several events in the iCalendar text have the UID {uid[:60]!r}, such as {names}, and only one of "
                "them would count.",
                way_out="Give each event a UID of its own.",
            )


def label_of(event: Any) -> str:
    """Return what an error calls an event."""
    return f'The event "{visible(text_of(event, "SUMMARY") or text_of(event, "UID")) or "without a name"}"'


def text_of(event: Any, name: str) -> str:
    """Return a text of an event, the first if it has several, as in several languages."""
    texts = event.get(name) or ""
    return str(texts[0] if isinstance(texts, list) else texts)


def reason_of(error: Exception) -> str:
    """Say what a library's error means.

    zoneinfo opens the file of a zone, so that `TZID=Europe`, which is a folder, raises IsADirectoryError.
    """
    if isinstance(error, OSError):
        return f"it has the unknown time zone {visible(str(error.filename or '').rpartition('/')[2][:60])}"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, TypeError | AttributeError):
        return "a property has a value of the wrong type"
    return visible(str(error).strip().split("\n")[0][:200]).rstrip(".: ")
