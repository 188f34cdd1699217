"""A group's queues, management units, calendar and report definitions, looked up afresh."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from worker.doctor import permissions
from worker.doctor.finding import Finding, Level, of_error, ok, warning, wrong
from worker.doctor.recipients import patiently
from worker.domain.calendar import holidays as calendars
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
from worker.genesys.reporting.definitions import read_definitions
from worker.wiring import now

_UNIT_USERS = "/api/v2/workforcemanagement/managementunits/{managementUnitId}/users"
_LOOK_AHEAD_DAYS = 366

HolidayOn = Callable[[date], str | None]


class Fresh:
    """Answers of this examination alone: what the workers keep may be older than the mistake."""

    def __init__(self) -> None:
        self._kept: dict[str, object] = {}

    def get(self, key: str) -> object | None:
        """What was answered a moment ago."""
        return self._kept.get(key)

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        """Keep it for the rest of the examination."""
        self._kept[key] = value


def check(group: Group, session: Session, fresh: Fresh, missing: frozenset[str]) -> Iterator[Finding]:
    """Everything that the group names. What a ``missing`` permission hides is not looked up: that has its finding."""
    area = f"group {group.key}"
    if permissions.QUEUES not in missing:
        yield from _queues(area, group, Lookups(session, AnswerCache(fresh, session.organisation.client_key)))
    if permissions.ADHERENCE not in missing:
        yield from _units(area, group, session)
    yield from _definitions(area, group)
    if not missing & {permissions.SCHEDULE_GROUPS, permissions.SCHEDULES, permissions.REPORT_READ}:
        yield from _calendar(area, group, session, fresh)


def _queues(area: str, group: Group, lookups: Lookups) -> Iterator[Finding]:
    found = 0
    for name in group.queues:
        try:
            found += len(patiently(lambda name=name: lookups.queues((name,))))  # type: ignore[misc]
        except StandupError as error:
            yield of_error(area, error)
    if found:
        yield ok(area, f"{found} of {len(group.queues)} queues found")


def _units(area: str, group: Group, session: Session) -> Iterator[Finding]:
    for unit in group.management_units:
        try:
            patiently(lambda unit=unit: session.get(_UNIT_USERS, ids={"managementUnitId": unit}))  # type: ignore[misc]
            yield ok(area, f"the management unit {unit} is there")
        except RequestRefused as error:
            if error.status in (400, 404):
                way_out = "Correct management_units: the id stands in the address of Admin > Workforce Management."
                yield warning(area, f"there is no management unit {unit}", way_out)
            else:
                yield of_error(area, error, Level.WARNING)
        except StandupError as error:
            yield of_error(area, error, Level.WARNING)


def _definitions(area: str, group: Group) -> Iterator[Finding]:
    if group.report is None:
        return
    try:
        read = read_definitions(Path(group.report).read_text(encoding="utf-8"), group.report)
    except StandupError as error:
        yield of_error(area, error)
    except (OSError, UnicodeDecodeError) as error:
        what = f"the report definition {group.report} cannot be read ({type(error).__name__})"
        yield wrong(area, what, f"Correct groups.{group.key}.report.")
    else:
        yield ok(area, f"{len(read)} report definition{'s' if len(read) > 1 else ''} in order")


def _calendar(area: str, group: Group, session: Session, fresh: Fresh) -> Iterator[Finding]:
    if isinstance(group.calendar, NoCalendar):
        return
    level = Level.WARNING if getattr(group.calendar, "on_unreachable", "hold") == "assume_open" else Level.WRONG
    try:
        found = _next_holiday(_asker(group, session, fresh), now().astimezone(group.tz).date())
    except (OSError, UnicodeDecodeError) as error:
        yield Finding(area, level, f"its calendar cannot be read ({type(error).__name__})", "Correct calendar.path.")
    except StandupError as error:
        yield of_error(area, error, level)
    else:
        yield _holiday(area, group.calendar.kind, found)


def _holiday(area: str, kind: str, found: tuple[date, str] | None) -> Finding:
    if found is None:
        way_out = "Enter the coming year's holidays, if there are any."
        return warning(area, f"its calendar ({kind}) knows no holiday in the next {_LOOK_AHEAD_DAYS} days", way_out)
    return ok(area, f"its calendar ({kind}) is there; the next holiday is {found[0]}: {found[1]}")


def _asker(group: Group, session: Session, fresh: Fresh) -> HolidayOn:
    calendar = group.calendar
    if isinstance(calendar, CountryCalendar):
        country, subdivision = calendar.country, calendar.subdivision
        return lambda day: calendars.country_holiday_on(country, subdivision, day)
    if isinstance(calendar, IcalCalendar):
        text = Path(calendar.path).read_text(encoding="utf-8")
        return lambda day: calendars.ical_holiday_on(text, day, group.tz)
    assert isinstance(calendar, ScheduleGroupCalendar | GuideCalendar), calendar  # noqa: S101 - none is not asked
    remote = calendar
    return lambda day: patiently(lambda: holidays.holiday_of(session, remote, day, fresh))


def _next_holiday(holiday_on: HolidayOn, today: date) -> tuple[date, str] | None:
    for ahead in range(_LOOK_AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        name = holiday_on(day)
        if name:
            return day, name
    return None
