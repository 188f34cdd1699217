"""Check a group's queues, management units, calendar and report definitions without cached answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from worker.doctor import permissions, plans
from worker.doctor.finding import Finding, Level, PlaceOf, of_error, ok, warning
from worker.doctor.recipients import with_permit
from worker.domain.calendar import holidays as calendars
from worker.domain.calendar.ical import ical_day
from worker.domain.clock import Clock
from worker.domain.groups import Group
from worker.domain.groups.calendar_kinds import (
    CountryCalendar,
    GuideCalendar,
    IcalCalendar,
    NoCalendar,
    ScheduleGroupCalendar,
)
from worker.errors import RequestRefused, StandupError
from worker.genesys.answer_cache import AnswerCache
from worker.genesys.api.session import Session
from worker.genesys.lookups import holidays
from worker.genesys.lookups.queues import Lookups
from worker.genesys.reporting.definitions import definition_text, read_definitions

_UNIT_USERS = "/api/v2/workforcemanagement/managementunits/{managementUnitId}/users"
_LOOK_AHEAD_DAYS = 366

HolidayOn = Callable[[date], str | None]


class ExaminationAnswers:
    """Answers of this examination only. The workers' cached answers may be older than the mistake."""

    def __init__(self) -> None:
        self._answers: dict[str, object] = {}

    def get(self, key: str) -> object | None:
        """Return an answer that this examination got before, or None."""
        return self._answers.get(key)

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        """Keep an answer for the rest of the examination."""
        self._answers[key] = value


def check(
    group: Group,
    session: Session,
    answers: ExaminationAnswers,
    missing_permissions: frozenset[str],
    clock: Clock,
    place_of: PlaceOf,
) -> Iterator[Finding]:
    """Check everything that the group names, except what needs a missing permission, which has its own finding."""
    area = f"group {group.key}"
    if permissions.QUEUES not in missing_permissions:
        lookups = Lookups(session, AnswerCache(answers, session.organisation.client_key))
        yield from _queues(area, group, lookups, place_of)
    if permissions.ADHERENCE not in missing_permissions:
        yield from _units(area, group, session, place_of)
    if permissions.PLANNING_GROUPS not in missing_permissions:
        yield from _placed(plans.check(area, group, session, answers, clock), place_of("management_units", ""))
    yield from _definitions(area, group, place_of)
    if not missing_permissions & {permissions.SCHEDULE_GROUPS, permissions.SCHEDULES, permissions.REPORT_READ}:
        yield from _placed(_calendar(area, group, session, answers, clock), place_of("calendar", ""))


def _placed(findings: Iterable[Finding], place: str) -> Iterator[Finding]:
    """Yield the findings, those that are not in order with this place."""
    for finding in findings:
        yield finding if finding.level == Level.OK else replace(finding, place=place)


def _queues(area: str, group: Group, lookups: Lookups, place_of: PlaceOf) -> Iterator[Finding]:
    known_count = 0
    for name in group.queues:
        try:
            known_count += len(with_permit(lambda name=name: lookups.queues((name,))))  # type: ignore[misc]
        except StandupError as error:
            yield of_error(area, error, place=place_of("queues", name))
    if known_count:
        yield ok(area, f"{known_count} of {len(group.queues)} queues found")


def _units(area: str, group: Group, session: Session, place_of: PlaceOf) -> Iterator[Finding]:
    for unit in group.management_units:
        place = place_of("management_units", unit)
        try:
            with_permit(lambda unit=unit: session.get(_UNIT_USERS, ids={"managementUnitId": unit}))  # type: ignore[misc]
            yield ok(area, f"the management unit {unit} exists")
        except RequestRefused as error:
            if error.status in (400, 404):
                way_out = "Correct management_units: the id is in the address of its page in Workforce Management."
                yield warning(area, f"there is no management unit {unit}", way_out, place=place)
            else:
                yield of_error(area, error, Level.WARNING, place=place)
        except StandupError as error:
            yield of_error(area, error, Level.WARNING, place=place)


def _definitions(area: str, group: Group, place_of: PlaceOf) -> Iterator[Finding]:
    if group.report is None:
        return
    try:
        text = definition_text(group.report)
        definitions = read_definitions(text, group.report, allow_pdf_alone=group.wants_source_pdf)
    except StandupError as error:
        yield of_error(area, error, place=place_of("report", ""))
    else:
        yield ok(area, f"{len(definitions)} report definition{'s' if len(definitions) > 1 else ''} in order")


def _calendar(
    area: str, group: Group, session: Session, answers: ExaminationAnswers, clock: Clock
) -> Iterator[Finding]:
    if isinstance(group.calendar, NoCalendar):
        return
    level = Level.WARNING if getattr(group.calendar, "on_unreachable", "hold") == "assume_open" else Level.WRONG
    try:
        holiday = _next_holiday(_holiday_lookup(group, session, answers), clock().astimezone(group.tz).date())
    except (OSError, UnicodeDecodeError) as error:
        yield Finding(area, level, f"its calendar cannot be read ({type(error).__name__})", "Correct calendar.path.")
    except StandupError as error:
        yield of_error(area, error, level)
    else:
        yield _holiday(area, group.calendar.kind, holiday)


def _holiday(area: str, kind: str, holiday: tuple[date, str] | None) -> Finding:
    if holiday is None:
        way_out = "Enter the coming year's holidays, if there are any."
        return warning(area, f"its calendar ({kind}) knows no holiday in the next {_LOOK_AHEAD_DAYS} days", way_out)
    return ok(area, f"its calendar ({kind}) can be read; the next holiday is {holiday[0]}: {holiday[1]}")


def _holiday_lookup(group: Group, session: Session, answers: ExaminationAnswers) -> HolidayOn:
    calendar = group.calendar
    if isinstance(calendar, CountryCalendar):
        country, subdivision, categories = calendar.country, calendar.subdivision, calendar.categories
        return lambda day: calendars.country_holiday_on(country, subdivision, day, categories, group.language)
    if isinstance(calendar, IcalCalendar):
        text = Path(calendar.path).read_text(encoding="utf-8")
        event_filter = calendar.event_filter
        return lambda day: ical_day(text, day, group.tz, event_filter).holiday
    assert isinstance(calendar, ScheduleGroupCalendar | GuideCalendar), calendar  # noqa: S101 - _calendar excludes the others
    remote = calendar
    return lambda day: with_permit(lambda: holidays.holiday_of(session, remote, day, answers))


def _next_holiday(holiday_on: HolidayOn, today: date) -> tuple[date, str] | None:
    for ahead in range(_LOOK_AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        name = holiday_on(day)
        if name:
            return day, name
    return None
