"""Find targets that a group misses on most days. They are told once a week: the level is the matter, not yesterday."""

from __future__ import annotations

from worker.domain.briefing.content import Briefing, Tile
from worker.domain.briefing.usual_content import UsualFigure
from worker.domain.statuses import misses

DAYS, MOST_DAYS = 10, 7
"""A goal that was missed on so many of so many business days is missed on most days."""


def missed_days(tile: Tile) -> int | None:
    """Return on how many of the last ten business days the goal was missed.

    None if these are not most of the days, or if one of the days is not known or has few contacts.
    """
    if len(tile.trend) != DAYS or None in tile.trend or any(tile.thin_days):
        return None
    missed = sum(_misses(tile, value) for value in tile.trend)
    return missed if missed >= MOST_DAYS else None


def is_told_on_another_day(day: Briefing, tile: Tile) -> bool:
    """Return whether a missed target has its talking point on another day of the week.

    A target that is missed on most days is told on the first business day of a week, on a day after one that met it,
    and on a day whose figure is unusual.
    """
    is_unusual = isinstance(tile.usual, UsualFigure) and tile.usual.is_unusual
    if missed_days(tile) is None or is_unusual:
        return False
    previous = next((change.days[0] for change in tile.changes if change.kind == "previous"), None)
    is_same_week = previous is not None and previous.isocalendar()[:2] == day.reporting_day.isocalendar()[:2]
    return is_same_week and _misses(tile, tile.trend[-2])


def _misses(tile: Tile, value: float | None) -> bool:
    return value is not None and misses(tile.reading.metric, value, tile.reading.goal)
