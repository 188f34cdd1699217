"""Times, zones and lengths of time as people say them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_SECONDS_UP_TO = 120
_HOURS_UP_TO = 48
_MINUTES_BESIDE_HOURS_UP_TO = 10


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the page: the present instant, and the zone of the machine that shows it."""

    now: datetime
    zone: ZoneInfo

    @property
    def place(self) -> str:
        """Return whose clocks the page's own times follow: "Berlin", or "UTC"."""
        return place(self.zone, self.now)

    def distance(self, instant: datetime) -> str:
        """Return "now", "in 18 min", "in 1 h 18", "5 h ago" or "3 days ago"."""
        minutes = round((instant - self.now).total_seconds() / 60)
        if minutes == 0:
            return "now"
        return f"in {_minutes_text(minutes)}" if minutes > 0 else f"{_minutes_text(-minutes)} ago"

    def clock(self, seconds_from_now: float) -> str:
        """Return the time of the page's own clock in so many seconds."""
        return f"{(self.now + timedelta(seconds=math.ceil(seconds_from_now))).astimezone(self.zone):%H:%M:%S}"


def place(zone: ZoneInfo, instant: datetime) -> str:
    """Return the city of a zone: "New York". A zone without a city is called by its distance from UTC.

    The names of such zones mislead: Etc/GMT+5 is five hours behind UTC.
    """
    area, _, name = zone.key.rpartition("/")
    if area and not area.startswith("Etc"):
        return name.replace("_", " ")
    offset = instant.astimezone(zone).isoformat()[-6:]
    return "UTC" if offset == "+00:00" else f"UTC{offset}"


def day_text(instant: datetime) -> str:
    """Return "Friday 20 November 2026"."""
    return f"{instant:%A} {instant.day} {instant:%B %Y}"


def duration(length: timedelta) -> str:
    """Return "40 s", "12 min" or "1 h 18"."""
    seconds = round(length.total_seconds())
    return f"{seconds} s" if seconds < _SECONDS_UP_TO else _minutes_text(round(seconds / 60))


def _minutes_text(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes} min"
    if minutes < _HOURS_UP_TO * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest:02}" if rest and hours < _MINUTES_BESIDE_HOURS_UP_TO else f"{hours} h"
    return f"{minutes // (24 * 60)} days"
