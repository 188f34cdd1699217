"""Was the day a business day for this group? Asks the calendar of the group's choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from worker.domain.calendar import holidays as calendars
from worker.domain.groups import Group
from worker.domain.groups.calendar_kinds import CountryCalendar, GuideCalendar, IcalCalendar, ScheduleGroupCalendar
from worker.domain.runs import RunId
from worker.errors import CalendarUnavailable, PermanentError
from worker.genesys.lookups import holidays
from worker.services.sharing import flights
from worker.wiring import Parts

LOOK_BACK_DAYS = 30


@dataclass(frozen=True, slots=True)
class DayCheck:
    """``holiday`` names the holiday of the day, if it is one; then ``last_business_day`` is the one before it.

    ``assumed_open`` says why the calendar could not be read, where the group's policy is to go on all the same.
    """

    holiday: str | None = None
    last_business_day: date | None = None
    assumed_open: str = ""


def check_day(parts: Parts, group: Group, day: date, run_id: RunId | None = None) -> DayCheck:
    """Look the day up; CalendarUnavailable where the calendar cannot be read and the policy is ``hold``.

    TransientError passes through: the step is tried again before any policy counts.
    """
    try:
        holiday = holiday_on(parts, group, day, run_id)
        if holiday is None:
            return DayCheck()
        before = calendars.last_business_day(
            day, group.workdays, lambda other: holiday_on(parts, group, other, run_id), limit=LOOK_BACK_DAYS
        )
        return DayCheck(holiday, before)
    except PermanentError as error:
        return unreadable(group, error)


def unreadable(group: Group, error: Exception) -> DayCheck:
    """The group's policy for a calendar that cannot be read."""
    if getattr(group.calendar, "on_unreachable", "hold") == "assume_open":
        return DayCheck(assumed_open=str(error))
    raise CalendarUnavailable(
        f"The holiday calendar of {group.title} cannot be read: {error}",
        way_out='Mend it and run the briefing again, or set calendar.on_unreachable = "assume_open".',
    ) from None


def holiday_on(parts: Parts, group: Group, day: date, run_id: RunId | None = None) -> str | None:
    """The name of the holiday on that day, or None."""
    calendar = group.calendar
    if isinstance(calendar, CountryCalendar):
        return calendars.country_holiday_on(calendar.country, calendar.subdivision, day)
    if isinstance(calendar, IcalCalendar):
        return calendars.ical_holiday_on(_text(calendar.path), day, group.tz)
    if isinstance(calendar, ScheduleGroupCalendar | GuideCalendar):
        session, answers = parts.session(group.organisation, run_id), parts.answers(group.organisation)
        return holidays.holiday_of(session, calendar, day, answers, flights(parts, run_id) if run_id else None)
    return None


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CalendarUnavailable(f"The calendar file {path} cannot be read: {type(error).__name__}.") from None
