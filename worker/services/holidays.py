"""Tells whether a day was a business day for a group, by the calendar that the group chose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from worker.domain.calendar import holidays as calendars
from worker.domain.calendar.closures import CalendarDay
from worker.domain.calendar.ical import ical_day
from worker.domain.countdowns import MAX_ATTEMPTS
from worker.domain.groups import Group
from worker.domain.groups.calendar_kinds import CountryCalendar, GuideCalendar, IcalCalendar, ScheduleGroupCalendar
from worker.domain.runs import Finished, NextStep, Run, RunId, RunState, Step, StepOutcome
from worker.errors import CalendarUnavailable, NotYet, PermanentError, TransientError
from worker.genesys.access import OrganisationAccess
from worker.genesys.lookups import holidays as remote_calendars
from worker.state.runs import Runs

LOOK_BACK_DAYS = 30


@dataclass(frozen=True, slots=True)
class DayCheck:
    """``holiday`` is the name of the day's holiday, if it is one. Then ``last_business_day`` is the one before it.

    ``assumed_open`` says why the calendar could not be read, if the group's policy is to continue in that case.
    """

    holiday: str | None = None
    last_business_day: date | None = None
    assumed_open: str = ""


@dataclass(frozen=True, slots=True)
class Holidays:
    """Looks holidays up: in the country's rules, in an iCalendar file, or at the organisation."""

    organisations: OrganisationAccess

    def check_day(self, group: Group, day: date, run_id: RunId | None = None) -> DayCheck:
        """Check a day. Raises CalendarUnavailable if the calendar cannot be read and the group's policy is ``hold``.

        TransientError passes through: the step is repeated before any policy applies.
        """
        try:
            holiday = self.holiday_on(group, day, run_id)
            if holiday is None:
                return DayCheck()
            last_business_day = calendars.last_business_day(
                day, group.workdays, lambda earlier: self.holiday_on(group, earlier, run_id), limit=LOOK_BACK_DAYS
            )
            return DayCheck(holiday, last_business_day)
        except PermanentError as error:
            return unreadable(group, error)

    def holiday_on(self, group: Group, day: date, run_id: RunId | None = None) -> str | None:
        """Return the name of the holiday on that day, or None."""
        return self.calendar_day(group, day, run_id).holiday

    def calendar_day(self, group: Group, day: date, run_id: RunId | None = None) -> CalendarDay:
        """Look the day up in the group's calendar, whatever its kind."""
        if isinstance(group.calendar, IcalCalendar):
            return ical_day(_read(group.calendar.path), day, group.tz, group.calendar.event_filter)
        return CalendarDay(self._holiday_without_filter(group, day, run_id))

    def _holiday_without_filter(self, group: Group, day: date, run_id: RunId | None) -> str | None:
        calendar = group.calendar
        if isinstance(calendar, CountryCalendar):
            country, subdivision, categories = calendar.country, calendar.subdivision, calendar.categories
            return calendars.country_holiday_on(country, subdivision, day, categories, group.language)
        if isinstance(calendar, ScheduleGroupCalendar | GuideCalendar):
            session = self.organisations.open_session(group.organisation, run_id)
            flights = self.organisations.flights_of(run_id) if run_id else None
            answers = self.organisations.answers_of(group.organisation)
            return remote_calendars.holiday_of(session, calendar, day, answers, flights)
        return None


def unreadable(group: Group, error: Exception) -> DayCheck:
    """Apply the group's policy for a calendar that cannot be read."""
    if getattr(group.calendar, "on_unreachable", "hold") == "assume_open":
        return DayCheck(assumed_open=str(error))
    raise CalendarUnavailable(
        f"The holiday calendar of {group.title} cannot be read: {error}",
        way_out='Correct it and run the briefing again, or set calendar.on_unreachable = "assume_open".',
    ) from None


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CalendarUnavailable(
            f"The calendar file {path} is not in UTF-8.", way_out="Save it in UTF-8, as RFC 5545 wants it."
        ) from None
    except OSError as error:
        raise CalendarUnavailable(f"The calendar file {path} cannot be read: {type(error).__name__}.") from None


@dataclass(frozen=True, slots=True)
class HolidayCheck:
    """The step before the export: was the reporting day a business day for this group?"""

    runs: Runs
    holidays: Holidays

    def check(self, group: Group, run: Run) -> StepOutcome:
        """Business day: export. Holiday: send the notice, or brief the last business day if the group prefers it."""
        day = self._check_day(group, run)
        if day.assumed_open:
            return NextStep(Step.EXPORT, "calendar unreadable, assumed open", {"assumed_open": day.assumed_open})
        if day.holiday is None:
            return NextStep(Step.EXPORT, "business day")
        if group.on_holiday == "last_business_day" and day.last_business_day:
            return self.brief_last_business_day(run, day.holiday, day.last_business_day)
        last_day = day.last_business_day.isoformat() if day.last_business_day else ""
        changes = {"outcome": "notice", "holiday_name": day.holiday, "last_business_day": last_day}
        return NextStep(Step.RENDER, "holiday", changes, detail=day.holiday)

    def brief_last_business_day(self, run: Run, holiday: str, day: date) -> StepOutcome:
        """Brief the last business day instead, unless the group has that briefing already."""
        detail = f"{holiday}, {day}"
        if run.id.revision == 1 and any(map(_was_sent, self._runs_about(run, day))):
            return Finished(RunState.SKIPPED, "holiday; the last business day was briefed already", detail=detail)
        changes = {"briefed_day": day.isoformat(), "holiday_name": holiday}
        return NextStep(Step.EXPORT, "holiday: the last business day instead", changes, detail=detail)

    def _check_day(self, group: Group, run: Run) -> DayCheck:
        """Ask the calendar. After enough attempts at one that does not answer, apply the group's policy."""
        try:
            return self.holidays.check_day(group, run.id.reporting_day, run.id)
        except NotYet:
            raise
        except TransientError as error:
            if run.attempts + 1 < MAX_ATTEMPTS:
                raise
            return unreadable(group, error)

    def _runs_about(self, run: Run, day: date) -> Iterator[Run]:
        """Yield the runs that briefed that day. On a chain of holidays, the run of each day may have briefed it."""
        for days in range((run.id.reporting_day - day).days):
            run_id = RunId(run.id.group, day + timedelta(days=days))
            yield from (revision for revision in self.runs.revisions(run_id) if revision.briefed_day == day)


def _was_sent(run: Run) -> bool:
    return run.state in (RunState.DELIVERED, RunState.PARTLY_DELIVERED)
