"""The reporting day, its window, and the zone arithmetic behind both.

Two aware datetimes of one zone are subtracted and compared by Python on their wall clocks: the 23 hours of a spring day
come out as 24. Whatever is measured here is measured in UTC, and `elapsed` is how everyone else measures a window.
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
    """The zone skipped this local day altogether, as Samoa did 2011-12-30 when it crossed the date line."""

    code = "no_such_day"


class DayNotOver(PermanentError):
    """The local day goes on, or lies ahead: its briefing would be of a part, and stand in the way of the whole one."""

    code = "day_not_over"


def reporting_day(now: datetime, zone: ZoneInfo, workdays: Collection[Weekday]) -> date:
    """The last workday before the local date of ``now`` (aware): Tuesday → Monday, Monday → Friday."""
    return previous_workday(_in(zone, now).date(), zone, workdays)


def previous_workday(day: date, zone: ZoneInfo, workdays: Collection[Weekday]) -> date:
    """The last workday before ``day``; days that the zone skipped were nobody's workday."""
    for back in range(1, 2 * len(WEEKDAYS) + 1):
        candidate = day - back * _DAY
        if is_workday(candidate, workdays) and exists(candidate, zone):
            return candidate
    raise ValueError("expected at least one workday")


def is_workday(day: date, workdays: Collection[Weekday]) -> bool:
    """Whether the group works on this weekday; holidays are another question."""
    return WEEKDAYS[day.weekday()] in workdays


def exists(day: date, zone: ZoneInfo) -> bool:
    """Whether the zone's calendar had this day."""
    return _first_instant(day, zone).date() == day


def window_of(day: date, zone: ZoneInfo) -> Window:
    """From the first instant of the local day to the first instant of the next, half-open, aware, in the zone.

    The first instant is 00:00 where the zone has it, the earlier one where it has it twice, and where clocks jump over
    it the instant of the jump (01:00 in Santiago). Raises `NoSuchDay` for a day that the zone skipped.
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
    """Raise `DayNotOver` for a day that is not over at ``now`` (aware), `NoSuchDay` for one that never was."""
    if now.astimezone(UTC) < window_of(day, zone).end.astimezone(UTC):
        raise DayNotOver(
            f"{day} is not over in {zone.key}.", way_out=f"Name {_in(zone, now).date() - _DAY} or an earlier day."
        )


def elapsed(window: Window) -> timedelta:
    """How long the window is by a stopwatch: 23 h, 23.5 h, 24 h, 24.5 h, 25 h."""
    return window.end.astimezone(UTC) - window.start.astimezone(UTC)


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """When the zone's wall clock shows ``wall`` on ``day``: of two such instants the first; a time that is jumped
    over moves forward by the length of the jump (02:30 becomes 03:30).
    """
    return _in(zone, datetime.combine(day, wall.replace(fold=0), tzinfo=zone).astimezone(UTC))


def _first_instant(day: date, zone: ZoneInfo) -> datetime:
    """The first instant whose local date is ``day``, or, where the zone skipped that day, a later one."""
    midnight = datetime.combine(day, time.min, tzinfo=zone)
    after = midnight.astimezone(UTC)
    if _in(zone, after).replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return midnight
    return _in(zone, _first_second_on_or_after(day, zone, midnight.replace(fold=1).astimezone(UTC), after))


def _first_second_on_or_after(day: date, zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Halve the stretch around a jump, which need not begin at midnight: Toronto jumped at 23:30 in 1919.

    With ``fold=1`` a wall time inside a jump is reckoned by the offset after it, which gives an instant before it.
    """
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if _in(zone, middle).date() < day:
            before = middle
        else:
            after = middle
    return after


def _in(zone: ZoneInfo, moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no zone: pass an aware datetime")
    return moment.astimezone(zone)
