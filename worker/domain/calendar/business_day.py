"""Find the reporting day and its window in the group's time zone.

Python subtracts and compares two aware datetimes of one zone by their wall clocks, so that the 23 hours of a spring day
come out as 24. All arithmetic here is therefore in UTC. Use `elapsed` to measure a window.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from worker.domain.groups import WEEKDAYS, Weekday
from worker.domain.rows import Window
from worker.errors import PermanentError

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class NoSuchDay(PermanentError):
    """The zone skipped this local day, as Samoa skipped 2011-12-30 when it crossed the date line."""

    code = "no_such_day"


class DayNotOver(PermanentError):
    """The local day is not over. Its briefing would cover a part and would then prevent the complete one."""

    code = "day_not_over"


def reporting_day(now: datetime, zone: ZoneInfo, workdays: Collection[Weekday]) -> date:
    """Return the last workday before the local date of ``now`` (aware): Tuesday → Monday, Monday → Friday."""
    return previous_workday(_local(now, zone).date(), zone, workdays)


def previous_workday(day: date, zone: ZoneInfo, workdays: Collection[Weekday]) -> date:
    """Return the last workday before ``day``. A day that the zone skipped is not a workday."""
    for days in range(1, 2 * len(WEEKDAYS) + 1):
        candidate = day - days * _DAY
        if is_workday(candidate, workdays) and exists(candidate, zone):
            return candidate
    raise ValueError("expected at least one workday")


def next_workday(day: date, zone: ZoneInfo, workdays: Collection[Weekday]) -> date:
    """Return the first workday after ``day``, on which its stand-up is: Monday → Tuesday, Friday → Monday."""
    for days in range(1, 2 * len(WEEKDAYS) + 1):
        candidate = day + days * _DAY
        if is_workday(candidate, workdays) and exists(candidate, zone):
            return candidate
    raise ValueError("expected at least one workday")


def is_workday(day: date, workdays: Collection[Weekday]) -> bool:
    """Return whether the group works on this weekday. Holidays are not considered."""
    return WEEKDAYS[day.weekday()] in workdays


def exists(day: date, zone: ZoneInfo) -> bool:
    """Return whether the zone has this local day."""
    return _first_instant(day, zone).date() == day


def window_of(day: date, zone: ZoneInfo) -> Window:
    """Return the window from the first instant of the local day to the first instant of the next.

    The first instant is 00:00, the earlier one if 00:00 occurs twice, and the instant of the jump if clocks jump over
    it (01:00 in Santiago). Raise `NoSuchDay` for a day that the zone skipped.
    """
    try:
        start, end = _first_instant(day, zone), _first_instant(day + _DAY, zone)
    except OverflowError:
        raise NoSuchDay(f"{day} is at the end of the calendar.", way_out="Name another day.") from None
    if start.date() != day:
        raise NoSuchDay(
            f"{day} does not exist in {zone.key}: its clocks went straight to {start.date()}.",
            way_out="Name the day before or after it.",
        )
    return Window(start, end)


def refuse_unless_over(day: date, zone: ZoneInfo, now: datetime) -> None:
    """Raise `DayNotOver` for a day that is not over at ``now`` (aware), `NoSuchDay` for one that the zone skipped."""
    if now.astimezone(UTC) < window_of(day, zone).end.astimezone(UTC):
        raise DayNotOver(
            f"{day} is not over in {zone.key}.", way_out=f"Name {_local(now, zone).date() - _DAY} or an earlier day."
        )


def elapsed(window: Window) -> timedelta:
    """Return the elapsed time of the window: 23 h, 23.5 h, 24 h, 24.5 h or 25 h."""
    return window.end.astimezone(UTC) - window.start.astimezone(UTC)


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return when the zone's wall clock shows ``wall`` on ``day``, the first time if it does so twice.

    A time that the clocks jump over moves forward by the length of the jump: 02:30 becomes 03:30.
    """
    return _local(datetime.combine(day, wall.replace(fold=0), tzinfo=zone).astimezone(UTC), zone)


def _first_instant(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant whose local date is ``day``, or a later one if the zone skipped that day."""
    midnight = datetime.combine(day, time.min, tzinfo=zone)
    late = midnight.astimezone(UTC)
    if _local(late, zone).replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return midnight
    early = midnight.replace(fold=1).astimezone(UTC)
    return _local(_first_second_on_or_after(day, zone, early, late), zone)


def _first_second_on_or_after(day: date, zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    """Search the time around a jump by halving. A jump need not begin at midnight: Toronto jumped at 23:30 in 1919.

    With ``fold=1`` the offset after a jump applies to a wall time inside it, which gives an instant before the jump
    (PEP 495). ``early`` is before the searched second, ``late`` is on or after it.
    """
    while late - early > _SECOND:
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if _local(middle, zone).date() < day:
            early = middle
        else:
            late = middle
    return late


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no zone: pass an aware datetime")
    return moment.astimezone(zone)
