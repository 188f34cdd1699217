"""What all calendars of closures share: how much of a day must be closed, and which recurrence rules are accepted."""

from __future__ import annotations

import re
from datetime import timedelta

HOLIDAY_SHARE = 0.5
"""A closure makes a day a holiday if it covers at least this share of the day. It is half, because a calendar may be
written in a neighbouring zone and overlap the day by hours without meaning it, and because a team that closes at noon
on 24 December has a morning to talk about."""

LAST_MINUTE = timedelta(minutes=1)
"""Calendars write the end of a day as 24:00, as 23:59 or as 23:59:59. A closure may be this much too short."""

_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")


def closes(overlap: timedelta, day_length: timedelta) -> bool:
    """Return whether a closure that overlaps a day of this length makes it a holiday."""
    return overlap + LAST_MINUTE >= HOLIDAY_SHARE * day_length


def refuse_endless_rule(rule: str) -> None:
    """Raise ValueError for a recurrence rule that never ends to expand, or that repeats by the second."""
    frequency = re.search(r"FREQ=(\w+)", rule, re.IGNORECASE)
    if not frequency or frequency[1].upper() not in _FREQUENCIES:
        raise ValueError(f"expected FREQ to be one of {', '.join(_FREQUENCIES)}")
    if re.search(r"INTERVAL=0+\b", rule, re.IGNORECASE):
        raise ValueError("expected INTERVAL to be 1 or more")
