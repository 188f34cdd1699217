"""Find the groups that are due, and plan the next stand-ups.

A group has a stand-up on each of its workdays, holidays included. Whether the reporting day was a holiday is checked
after the run is claimed, so that a holiday too has a run and a notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from worker.domain.calendar import business_day
from worker.domain.calendar.closures import CalendarDay
from worker.domain.calendar.holidays import last_business_day
from worker.domain.groups import Group
from worker.domain.groups.calendar_kinds import GuideCalendar, IcalCalendar, ScheduleGroupCalendar
from worker.domain.rows import Window
from worker.errors import CalendarUnavailable

Outcome = Literal["briefing", "notice", "none"]
CalendarLookup = Callable[[Group, date], CalendarDay]
"""Looks a day up in a group's calendar. May raise `CalendarUnavailable`."""

_Outlook = tuple[date, Outcome, str]  # the day that is briefed, the outcome, the reason

LOOK_BACK_DAYS = 7
"""How far back to look for the newest stand-up. Every group has one within a week."""

_DAY = timedelta(days=1)
LOOK_BACK = LOOK_BACK_DAYS * _DAY


@dataclass(frozen=True, slots=True)
class Due:
    """The newest stand-up of a group whose preparation should have started. All instants are in the group's zone.

    ``due_at`` ≤ now. ``due``: start it now, because it is not later than ``catch_up_until``. ``missed``: it is later.
    The caller knows which runs exist and when the group was first seen. If ``catch_up_until`` is earlier than that,
    nothing was missed and no alert is sent.
    """

    group: Group
    standup_at: datetime
    reporting_day: date
    state: Literal["due", "missed"]
    due_at: datetime
    catch_up_until: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """A future stand-up. ``reporting_day`` and ``window`` are the day that is, or would have been, briefed.

    ``notice``: the reporting day is a holiday. ``none``: nothing is sent. ``reason`` says why.
    """

    group: str
    zone: str
    standup_at: datetime
    reporting_day: date
    window: Window
    outcome: Outcome
    reason: str = ""


def standup_at(group: Group, day: date) -> datetime:
    """Return the instant of the group's stand-up. See `business_day.instant` for clock changes."""
    return business_day.instant(day, group.standup_at, group.tz)


def due_at(group: Group, standup_day: date) -> datetime:
    """Return when to start: ``lead_minutes`` of elapsed time before the stand-up, also over a clock change."""
    lead = timedelta(minutes=group.lead_minutes)
    return (standup_at(group, standup_day).astimezone(UTC) - lead).astimezone(group.tz)


def due_groups(now: datetime, groups: Iterable[Group]) -> list[Due]:
    """Return each enabled group's newest stand-up that is past its lead time, whether or not it has a run.

    Only the newest: after an outage a group gets one briefing, not a week of them. The earliest stand-up comes first.
    """
    newest = (newest_due(now, group) for group in groups if group.enabled)
    return sorted((due for due in newest if due), key=by_standup)


def by_standup(due: Due) -> tuple[datetime, str]:
    """Sort key: the earliest stand-up first, then by group key."""
    return due.standup_at.astimezone(UTC), due.group.key


def newest_due(now: datetime, group: Group) -> Due | None:
    """Return the group's newest stand-up that is past its lead time."""
    for day in _days_around(now, group):
        if _has_standup(group, day) and due_at(group, day).astimezone(UTC) <= now.astimezone(UTC):
            return _due(now, group, day)
    return None


def next_due(now: datetime, group: Group) -> Due | None:
    """Return the group's first stand-up whose preparation starts after ``now``."""
    for day in reversed(_days_around(now + LOOK_BACK, group)):
        if _has_standup(group, day) and due_at(group, day).astimezone(UTC) > now.astimezone(UTC):
            return _due(now, group, day)
    return None


def next_change(now: datetime, group: Group, due: Due | None) -> datetime:
    """Return the first instant after ``now``, in UTC, at which `newest_due` answers something else than ``due``."""
    next_due_at = next(_later_due_instants(now, group), now + LOOK_BACK).astimezone(UTC)
    if due is None or due.state == "missed":
        return next_due_at
    return min(next_due_at, due.catch_up_until.astimezone(UTC) + timedelta.resolution)  # its last instant still counts


def plan(groups: Iterable[Group], start: date, days: int, look_up: CalendarLookup) -> list[Planned]:
    """Return all stand-ups of the local days from ``start`` on, sorted by instant.

    ``look_up`` is not called for calendars at the source, because a plan needs no network. Days that were briefed
    before ``start`` are not known here.
    """
    planned = [entry for group in groups for entry in _planned(group, start, days, look_up)]
    return sorted(planned, key=by_instant)


def by_instant(entry: Planned) -> tuple[datetime, str]:
    """Sort key of a plan: stand-ups by instant, then by group key."""
    return entry.standup_at.astimezone(UTC), entry.group


def _days_around(now: datetime, group: Group) -> list[date]:
    """Return the local days that may have the newest stand-up, the newest first.

    They start with tomorrow, because on a night of a clock change the lead time can begin before midnight.
    """
    today = now.astimezone(group.tz).date()
    return [today - days * _DAY for days in range(-1, LOOK_BACK_DAYS + 1)]


def _later_due_instants(now: datetime, group: Group) -> Iterator[datetime]:
    for day in reversed(_days_around(now + LOOK_BACK, group)):
        if _has_standup(group, day) and (instant := due_at(group, day)).astimezone(UTC) > now.astimezone(UTC):
            yield instant


def _due(now: datetime, group: Group, day: date) -> Due:
    standup = standup_at(group, day)
    # a stand-up that the clocks jump over moves forward and may then be later than catch_up_until
    catch_up_until = max(standup.astimezone(UTC), _instant(group, day, group.catch_up_until)).astimezone(group.tz)
    return Due(
        group=group,
        standup_at=standup,
        reporting_day=_reporting_day(group, day),
        state="due" if now.astimezone(UTC) <= catch_up_until.astimezone(UTC) else "missed",
        due_at=due_at(group, day),
        catch_up_until=catch_up_until,
    )


def _instant(group: Group, day: date, wall: time) -> datetime:
    return business_day.instant(day, wall, group.tz).astimezone(UTC)


def _has_standup(group: Group, day: date) -> bool:
    return business_day.is_workday(day, group.workdays) and business_day.exists(day, group.tz)


def _reporting_day(group: Group, standup_day: date) -> date:
    return business_day.previous_workday(standup_day, group.tz, group.workdays)


def _planned(group: Group, start: date, days: int, look_up: CalendarLookup) -> Iterator[Planned]:
    briefed: dict[date, date] = {}
    for day in (start + n * _DAY for n in range(days)):
        if _has_standup(group, day):
            briefed_day, outcome, reason = _outlook(group, _reporting_day(group, day), look_up, briefed)
            if outcome == "briefing":
                briefed.setdefault(briefed_day, day)
            window = business_day.window_of(briefed_day, group.tz)
            yield Planned(group.key, group.zone, standup_at(group, day), briefed_day, window, outcome, reason)


def _outlook(group: Group, day: date, look_up: CalendarLookup, briefed: dict[date, date]) -> _Outlook:
    """Return what the stand-up about ``day`` gets. ``briefed``: reporting day → day of the stand-up that has it."""
    if not group.enabled:
        return day, "none", "the group is disabled"
    if isinstance(group.calendar, ScheduleGroupCalendar | GuideCalendar):
        return day, "briefing", f"holidays of {_calendar_name(group.calendar)} are checked on the morning"
    try:
        calendar_day = look_up(group, day)
        if calendar_day.holiday is None:
            return day, "briefing", _filtered(day, calendar_day)
        return _on_holiday(group, day, calendar_day, look_up, briefed)
    except CalendarUnavailable as error:
        return _without_calendar(group, day, error)


def _on_holiday(
    group: Group, day: date, calendar_day: CalendarDay, look_up: CalendarLookup, briefed: dict[date, date]
) -> _Outlook:
    reason = f"{day} is a holiday: {calendar_day.holiday}"
    if filtered := _filtered(day, calendar_day):
        reason = f"{reason}. {filtered}"
    if group.on_holiday == "notice":
        return day, "notice", reason
    earlier_day = last_business_day(day, group.workdays, lambda earlier: look_up(group, earlier).holiday)
    if earlier_day is None:
        return day, "notice", f"{reason}. There is no business day in the 30 days before"
    if earlier_day in briefed:
        return earlier_day, "none", f"{reason}. {earlier_day} is already briefed on {briefed[earlier_day]}"
    return earlier_day, "briefing", f"{reason}. The last business day is briefed instead"


def _filtered(day: date, calendar_day: CalendarDay) -> str:
    """Name what the calendar has on a day and the group's filter leaves out."""
    names = ", ".join(calendar_day.filtered)
    return f"Filtered out of the calendar on {day}: {names}" if names else ""


def _without_calendar(group: Group, day: date, error: CalendarUnavailable) -> _Outlook:
    if isinstance(group.calendar, IcalCalendar) and group.calendar.on_unreachable == "assume_open":
        return day, "briefing", f"the holidays are not known, so the day counts as open: {error}"
    return day, "none", f"held, because the holidays are not known: {error}"


def _calendar_name(calendar: ScheduleGroupCalendar | GuideCalendar) -> str:
    if isinstance(calendar, GuideCalendar):
        return f'calendar "{calendar.id}"'
    return f'schedule group "{calendar.name or calendar.id}"'
