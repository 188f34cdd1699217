"""What all calendars share: what a day is, and how much of it must be closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day in a calendar. ``holiday`` is None if the day is open.

    ``filtered`` names the events that would close the day, but that the group's filter leaves out.
    """

    holiday: str | None = None
    filtered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events count as closures, by category or summary, in any case. ``*`` matches any text.

    ``only``: no others count, if it is not empty. ``excluded``: these do not count.
    """

    only: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


EVERY_EVENT = EventFilter()

HOLIDAY_SHARE = 0.5
"""A closure makes a day a holiday if it covers at least this share of the day. It is half, because a calendar may be
written in a neighbouring zone and overlap the day by hours without meaning it, and because a team that closes at noon
on 24 December has a morning to talk about."""

LAST_MINUTE = timedelta(minutes=1)
"""Calendars write the end of a day as 24:00, as 23:59 or as 23:59:59. A closure may be this much too short."""


def closes(overlap: timedelta, day_length: timedelta) -> bool:
    """Return whether a closure that overlaps a day of this length makes it a holiday."""
    return overlap + LAST_MINUTE >= HOLIDAY_SHARE * day_length
