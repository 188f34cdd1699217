"""Find the half-hours of a plan that are short of agents, and the window around the worst."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta

from worker.domain.today.outlook import RiskWindow, StaffedHalfHour

HALF_HOUR = timedelta(minutes=30)
LONGEST_WINDOW = 4
"""Half-hours. Over a longer stretch a team cannot move breaks and trainings out of the way."""
MOST_RISKS = 3
SMALL_TEAM = 2
"""Where no half-hour requires more agents than this, one more or less is chance."""


def is_open(half_hour: StaffedHalfHour) -> bool:
    """Return whether agents are required."""
    return bool(half_hour.required)


def riskiest(half_hours: Sequence[StaffedHalfHour]) -> tuple[StaffedHalfHour, ...]:
    """Return the three half-hours with the most agents missing, or with the fewest to spare.

    The earlier comes first of equal ones.
    """
    candidates = [half_hour for half_hour in half_hours if is_open(half_hour) and half_hour.short is not None]
    return tuple(sorted(candidates, key=lambda half_hour: -_short(half_hour))[:MOST_RISKS])


def window(half_hours: Sequence[StaffedHalfHour]) -> RiskWindow | None:
    """Return the run of neighbours of the worst half-hour that are short by at least half of it, None if none is short.

    Where the run is longer than two hours, the neighbours with more agents missing are in the window.
    """
    worst = max((half_hour for half_hour in half_hours if is_open(half_hour)), key=_short, default=None)
    if worst is None or _short(worst) <= 0:
        return None
    first = last = half_hours.index(worst)
    while last - first + 1 < LONGEST_WINDOW:
        neighbours = [index for index in (first - 1, last + 1) if _belongs(half_hours, index, first, _short(worst))]
        if not neighbours:
            break
        nearest = max(neighbours, key=lambda index: _short(half_hours[index]))
        first, last = min(first, nearest), max(last, nearest)
    # in UTC, because wall-clock arithmetic is wrong across a clock change
    last_start = half_hours[last].start
    end = (last_start.astimezone(UTC) + HALF_HOUR).astimezone(last_start.tzinfo)
    return RiskWindow(half_hours[first].start, end, _short(worst), last - first + 1)


def _belongs(half_hours: Sequence[StaffedHalfHour], index: int, first: int, worst: int) -> bool:
    """Return whether a half-hour next to the window is short by at least half of the worst."""
    if not 0 <= index < len(half_hours) or 2 * _short(half_hours[index]) < worst:
        return False
    earlier = index if index < first else index - 1
    step = half_hours[earlier + 1].start.timestamp() - half_hours[earlier].start.timestamp()
    return step == HALF_HOUR.total_seconds()


def _short(half_hour: StaffedHalfHour) -> int:
    """Return the agents missing, far below 0 where that is not known."""
    return -1_000_000 if half_hour.short is None else half_hour.short
