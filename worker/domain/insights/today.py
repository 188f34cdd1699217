"""Warn of the half-hours of today that are short of agents, by the contacts that are expected not to be in time."""

from __future__ import annotations

from collections.abc import Sequence

from worker.domain.briefing.content import Briefing, Insight
from worker.domain.groups.thresholds import DEFAULT_THRESHOLDS, Thresholds
from worker.domain.metrics import Status
from worker.domain.rounding import FLOAT_ERROR
from worker.domain.today.outlook import StaffedHalfHour


def today_short(day: Briefing, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Insight | None:
    """Report the window around today's worst half-hour, if it costs enough contacts.

    By the platform's prediction with the people scheduled, so many contacts fewer than the goal are in time. Where no
    half-hour is worse than another, the window would be any, so the whole day is reported.
    """
    outlook = day.today
    leading = outlook.leading if outlook else None
    if outlook is None or leading is None or leading.window is None or outlook.goal is None:
        return None
    is_alike = leading.window.extent.is_alike
    expected = _expected(leading.remaining if is_alike else leading.in_window)
    if expected is None:
        return None
    contacts, in_time = expected
    contacts_short = outlook.goal * contacts - in_time
    if contacts_short < thresholds.fewest_contacts - FLOAT_ERROR:
        return None
    figures = {
        "start": leading.window.start,
        "end": leading.window.end,
        "contacts": contacts,
        "service_level": in_time / contacts,
        "goal": outlook.goal,
        "contacts_short": contacts_short,
        "short": leading.window.short,
        "can_move": bool(leading.movable and leading.room),
        **({"extent": leading.window.extent, "first_start": leading.first_start} if is_alike else {}),
    }
    return Insight(
        "today_short", Status.WATCH, figures | ({"planned_medium": leading.medium} if len(outlook.media) > 1 else {})
    )


def _expected(half_hours: Sequence[StaffedHalfHour]) -> tuple[float, float] | None:
    """Return contacts, and those of them in time. None if a figure is not known, or without contacts."""
    pairs = [(half_hour.offered, half_hour.service_level) for half_hour in half_hours]
    known_pairs = [(offered, level) for offered, level in pairs if offered is not None and level is not None]
    contacts = sum(offered for offered, _ in known_pairs)
    if len(known_pairs) < len(pairs) or not contacts:
        return None
    return contacts, sum(offered * level for offered, level in known_pairs)
