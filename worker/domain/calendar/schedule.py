"""Which groups are due, and what the next stand-ups will be.

A group stands up on its workdays, holidays included: whether the reporting day was a holiday is found out after the run
was claimed, so that a holiday too is somebody's run and never silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from worker.domain.calendar import business_day
from worker.domain.calendar.holidays import last_business_day
from worker.domain.groups import Group
from worker.domain.groups.calendar_kinds import GuideCalendar, IcalCalendar, ScheduleGroupCalendar
from worker.domain.rows import Window
from worker.errors import CalendarUnavailable

Outcome = Literal["briefing", "notice", "none"]
Holiday = Callable[[Group, date], str | None]
"""Names the holiday that a day is for a group, or None; may raise `CalendarUnavailable`."""

_Outlook = tuple[date, Outcome, str]  # the day that is briefed, the outcome, the reason

LOOK_BACK_DAYS = 7
"""How far back the newest stand-up is sought: a week holds one of every group."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """The newest stand-up of a group whose preparation should have begun; all instants aware, in the group's zone.

    ``due_at`` ≤ now. ``due``: it is not later than ``until``, begin it now. ``missed``: it is later. The caller knows
    which runs there are, and since when it has known the group: where ``until`` lies before that, or before the first
    run of a group that never ran, nothing was missed and nobody is told.
    """

    group: Group
    standup_at: datetime
    reporting_day: date
    state: Literal["due", "missed"]
    due_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """One stand-up to come. ``reporting_day`` and ``window`` are the day that is, or would have been, briefed.

    outcomes: ``briefing`` · ``notice`` the reporting day is a holiday · ``none`` nothing is sent; ``reason`` says why
    """

    group: str
    zone: str
    standup_at: datetime
    reporting_day: date
    window: Window
    outcome: Outcome
    reason: str = ""


def standup_at(group: Group, day: date) -> datetime:
    """The instant of the group's stand-up; a wall time that the zone skips or has twice: see `business_day.instant`."""
    return business_day.instant(day, group.standup_at, group.tz)


def due_at(group: Group, standup_day: date) -> datetime:
    """When to begin: ``lead_minutes`` by a stopwatch before the stand-up, also over a clock change."""
    lead = timedelta(minutes=group.lead_minutes)
    return (standup_at(group, standup_day).astimezone(UTC) - lead).astimezone(group.tz)


def due_groups(now: datetime, groups: Iterable[Group]) -> list[Due]:
    """For each enabled group its newest stand-up that is past its lead time, whether or not it has a run.

    Only the newest: after an outage one briefing is caught up with, not a week of them. Earliest stand-up first.
    """
    found = (_newest(now, group) for group in groups if group.enabled)
    return sorted((due for due in found if due), key=lambda due: (due.standup_at.astimezone(UTC), due.group.key))


def plan(groups: Iterable[Group], start: date, days: int, holiday: Holiday) -> list[Planned]:
    """All stand-ups of the local days from ``start`` on, by instant.

    ``holiday`` names the holiday a day is for a group; it is not asked for calendars that live at the source, since a
    plan needs no network. A day briefed before ``start`` is not known here.
    """
    planned = [entry for group in groups for entry in _planned(group, start, days, holiday)]
    return sorted(planned, key=by_instant)


def by_instant(entry: Planned) -> tuple[datetime, str]:
    """Sorts a plan: stand-ups by instant, groups of one instant by key."""
    return entry.standup_at.astimezone(UTC), entry.group


def _newest(now: datetime, group: Group) -> Due | None:
    today = now.astimezone(group.tz).date()
    # from tomorrow on: on a night of a clock change the lead can reach over midnight
    for back in range(-1, LOOK_BACK_DAYS + 1):
        day = today - back * _DAY
        if _stands_up(group, day) and due_at(group, day).astimezone(UTC) <= now.astimezone(UTC):
            return _due(now, group, day)
    return None


def _due(now: datetime, group: Group, day: date) -> Due:
    begins = standup_at(group, day)
    # a stand-up that the clocks jump over moves forward, maybe beyond a wall time after the jump
    until = max(begins, business_day.instant(day, group.catch_up_until, group.tz), key=lambda at: at.astimezone(UTC))
    return Due(
        group=group,
        standup_at=begins,
        reporting_day=_reporting_day(group, day),
        state="due" if now.astimezone(UTC) <= until.astimezone(UTC) else "missed",
        due_at=due_at(group, day),
        until=until,
    )


def _stands_up(group: Group, day: date) -> bool:
    return business_day.is_workday(day, group.workdays) and business_day.exists(day, group.tz)


def _reporting_day(group: Group, standup_day: date) -> date:
    return business_day.previous_workday(standup_day, group.tz, group.workdays)


def _planned(group: Group, start: date, days: int, holiday: Holiday) -> Iterator[Planned]:
    briefed: dict[date, date] = {}
    for day in (start + n * _DAY for n in range(days)):
        if _stands_up(group, day):
            about, outcome, reason = _outlook(group, _reporting_day(group, day), holiday, briefed)
            if outcome == "briefing":
                briefed.setdefault(about, day)
            window = business_day.window_of(about, group.tz)
            yield Planned(group.key, group.zone, standup_at(group, day), about, window, outcome, reason)


def _outlook(group: Group, day: date, holiday: Holiday, briefed: dict[date, date]) -> _Outlook:
    """What the stand-up about ``day`` will bring; ``briefed``: reporting day → day of the stand-up that had it."""
    if not group.enabled:
        return day, "none", "the group is disabled"
    if isinstance(group.calendar, ScheduleGroupCalendar | GuideCalendar):
        return day, "briefing", f"holidays of {_calendar_name(group.calendar)} are checked on the morning"
    try:
        name = holiday(group, day)
        if name is None:
            return day, "briefing", ""
        return _on_holiday(group, day, name, holiday, briefed)
    except CalendarUnavailable as error:
        return _without_calendar(group, day, error)


def _on_holiday(group: Group, day: date, name: str, holiday: Holiday, briefed: dict[date, date]) -> _Outlook:
    why = f"{day} is a holiday: {name}"
    if group.on_holiday == "notice":
        return day, "notice", why
    instead = last_business_day(day, group.workdays, lambda earlier: holiday(group, earlier))
    if instead is None:
        return day, "notice", f"{why}; no business day in the 30 days before"
    if instead in briefed:
        return instead, "none", f"{why}; {instead} is already briefed on {briefed[instead]}"
    return instead, "briefing", f"{why}; the last business day instead"


def _without_calendar(group: Group, day: date, error: CalendarUnavailable) -> _Outlook:
    if isinstance(group.calendar, IcalCalendar) and group.calendar.on_unreachable == "assume_open":
        return day, "briefing", f"holidays unknown, taken for open: {error}"
    return day, "none", f"held, holidays unknown: {error}"


def _calendar_name(calendar: ScheduleGroupCalendar | GuideCalendar) -> str:
    if isinstance(calendar, GuideCalendar):
        return f'calendar "{calendar.id}"'
    return f'schedule group "{calendar.name or calendar.id}"'
