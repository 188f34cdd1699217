"""Find the half-hours of a plan that are short of agents, and the window around the worst.

The worst is the one with the most contacts short of the goal, if the predicted service level is known wherever agents
are missing. Otherwise it is the one with the most agents missing. The earlier comes first of equal ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from worker.domain.today.outlook import Extent, RiskWindow, RoomWindow, StaffedHalfHour

HALF_HOUR = timedelta(minutes=30)
LONGEST_WINDOW = 4
"""Half-hours. Over a longer stretch a team cannot move breaks and trainings out of the way."""
MOST_OF_DAY = 0.75
"""So large a share of the day's half-hours that are short is most of the day."""
MOST_RISKS = 3
SMALL_TEAM = 2
"""Where no half-hour requires more agents than this, one more or less is chance."""
ENOUGH_TO_SPARE = 2
"""Agents over, for activities to be moved into a half-hour."""

_DECIMALS = 6
"""Contacts short that differ by less are equal: they differ by the rounding of floats."""


def is_open(half_hour: StaffedHalfHour) -> bool:
    """Return whether agents are required."""
    return bool(half_hour.required)


def not_over(half_hours: Sequence[StaffedHalfHour], instant: datetime) -> Sequence[StaffedHalfHour]:
    """Return the half-hours that end after an instant."""
    return [half_hour for half_hour in half_hours if end_of(half_hour).timestamp() > instant.timestamp()]


def riskiest(half_hours: Sequence[StaffedHalfHour], goal: float | None = None) -> tuple[StaffedHalfHour, ...]:
    """Return the three riskiest half-hours, or those with the fewest agents to spare. ``goal``: service level."""
    candidates = [half_hour for half_hour in half_hours if is_open(half_hour) and half_hour.short is not None]
    return tuple(_ranked(candidates, goal)[:MOST_RISKS])


def window(half_hours: Sequence[StaffedHalfHour], goal: float | None = None) -> RiskWindow | None:
    """Return the run of neighbours of the worst half-hour that are short by at least half of it, None if none is short.

    Where the run is longer than two hours, the neighbours with more agents missing are in the window.
    """
    open_half_hours = [half_hour for half_hour in half_hours if is_open(half_hour)]
    short_half_hours = [half_hour for half_hour in open_half_hours if _short(half_hour) > 0]
    if not short_half_hours:
        return None
    worst = _ranked(short_half_hours, goal)[0]
    first = last = next(index for index, half_hour in enumerate(half_hours) if half_hour is worst)
    while last - first + 1 < LONGEST_WINDOW:
        neighbours = [index for index in (first - 1, last + 1) if _belongs(half_hours, index, first, _short(worst))]
        if not neighbours:
            break
        nearest = max(neighbours, key=lambda index: _short(half_hours[index]))
        first, last = min(first, nearest), max(last, nearest)
    return RiskWindow(
        start=half_hours[first].start,
        end=end_of(half_hours[last]),
        short=max(map(_short, half_hours[first : last + 1])),
        least_short=min(map(_short, half_hours[first : last + 1])),
        extent=_extent(open_half_hours, short_half_hours, goal),
    )


def _extent(
    open_half_hours: Sequence[StaffedHalfHour], short_half_hours: Sequence[StaffedHalfHour], goal: float | None
) -> Extent:
    """Return how much of the day is short, if it is longer than the longest window."""
    share = len(short_half_hours) / len(open_half_hours)
    if len(short_half_hours) <= LONGEST_WINDOW or share < MOST_OF_DAY:
        return Extent.WINDOW
    kinds = {(half_hour.short, _rounded(_contacts_short(half_hour, goal))) for half_hour in short_half_hours}
    if share < 1:
        return Extent.MOST_OF_DAY if len(kinds) > 1 else Extent.MOST_OF_DAY_ALIKE
    return Extent.ALL_DAY if len(kinds) > 1 else Extent.ALL_DAY_ALIKE


def room_after(half_hours: Sequence[StaffedHalfHour], risk_window: RiskWindow) -> RoomWindow | None:
    """Return the first run of half-hours after a window with two agents or more to spare in each, two hours at most."""
    end = risk_window.end.timestamp()
    later_half_hours = [half_hour for half_hour in half_hours if half_hour.start.timestamp() >= end]
    first = next((index for index, half_hour in enumerate(later_half_hours) if _has_room(half_hour)), None)
    if first is None:
        return None
    room = [later_half_hours[first]]
    for index in range(first, min(first + LONGEST_WINDOW, len(later_half_hours)) - 1):
        if not _follows(later_half_hours, index) or not _has_room(later_half_hours[index + 1]):
            break
        room.append(later_half_hours[index + 1])
    return RoomWindow(room[0].start, end_of(room[-1]), min(-_short(half_hour) for half_hour in room))


def end_of(half_hour: StaffedHalfHour) -> datetime:
    """Return when a half-hour ends. Wall-clock arithmetic would be wrong across a clock change."""
    return (half_hour.start.astimezone(UTC) + HALF_HOUR).astimezone(half_hour.start.tzinfo)


def _ranked(half_hours: Sequence[StaffedHalfHour], goal: float | None) -> list[StaffedHalfHour]:
    """Return half-hours with the worst first."""
    short_half_hours = [half_hour for half_hour in half_hours if _short(half_hour) > 0]
    by_contacts = all(_contacts_short(half_hour, goal) is not None for half_hour in short_half_hours)

    def rank(half_hour: StaffedHalfHour) -> tuple[bool, float, int]:
        contacts = _contacts_short(half_hour, goal) if by_contacts and _short(half_hour) > 0 else None
        return _short(half_hour) <= 0, -_rounded(contacts), -_short(half_hour)

    return sorted(half_hours, key=rank)


def _contacts_short(half_hour: StaffedHalfHour, goal: float | None) -> float | None:
    """Return how many more contacts would have to be answered in time. None if that is not known."""
    if goal is None or half_hour.offered is None or half_hour.service_level is None:
        return None
    return max(0.0, goal - half_hour.service_level) * half_hour.offered


def _rounded(contacts: float | None) -> float:
    return round(contacts or 0, _DECIMALS)


def _has_room(half_hour: StaffedHalfHour) -> bool:
    return is_open(half_hour) and half_hour.short is not None and -half_hour.short >= ENOUGH_TO_SPARE


def _belongs(half_hours: Sequence[StaffedHalfHour], index: int, first: int, worst: int) -> bool:
    """Return whether a half-hour next to the window is short by at least half of the worst."""
    if not 0 <= index < len(half_hours) or 2 * _short(half_hours[index]) < worst:
        return False
    return _follows(half_hours, index if index < first else index - 1)


def _follows(half_hours: Sequence[StaffedHalfHour], index: int) -> bool:
    """Return whether the next half-hour begins when this one ends."""
    step = half_hours[index + 1].start.timestamp() - half_hours[index].start.timestamp()
    return step == HALF_HOUR.total_seconds()


def _short(half_hour: StaffedHalfHour) -> int:
    """Return the agents missing, far below 0 where that is not known."""
    return -1_000_000 if half_hour.short is None else half_hour.short
