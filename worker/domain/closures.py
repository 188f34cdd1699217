"""What all calendars agree on: how much closure makes a holiday, and which recurrence rules are followed."""

from __future__ import annotations

import re
from datetime import timedelta

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
