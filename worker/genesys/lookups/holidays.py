"""Holiday calendars of the organisation: Architect schedule groups, and the guide's calendar resource."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from worker.domain.calendar.holidays import Schedule, schedule_holiday_on
from worker.domain.groups.calendar_kinds import GuideCalendar, ScheduleGroupCalendar
from worker.errors import LookupFailed, MalformedAnswer, RequestRefused
from worker.genesys.answer_cache import CALENDAR_REFRESH_SECONDS, CALENDAR_SECONDS, AnswerCache, Answers, Flights
from worker.genesys.api.paging import entities
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import HolidayCalendar, ScheduleEntity, ScheduleGroupEntity, Shape, read

GROUPS_ROUTE = "/api/v2/architect/schedulegroups"
GROUP_ROUTE = "/api/v2/architect/schedulegroups/{scheduleGroupId}"
SCHEDULE_ROUTE = "/api/v2/architect/schedules/{scheduleId}"
GUIDE_ROUTE = "/api/v2/reporting/holidaycalendars/{calendarId}"

_MIDNIGHT = re.compile(r"T00:00(:00(\.0+)?)?Z?$")
"""A time that a date may have. Any other is an instant, of which it is open in which zone its date is meant."""

_UNNAMED = "Holiday"


class _ScheduleGroup(Shape):
    """A schedule group with its active holiday schedules, as it is cached."""

    zone: str | None = None
    schedules: tuple[ScheduleEntity, ...] = ()


def holiday_of(
    session: Session,
    calendar: ScheduleGroupCalendar | GuideCalendar,
    day: date,
    answers: Answers | None = None,
    flights: Flights | None = None,
) -> str | None:
    """Return the name of the holiday on that local day, or None. With ``answers`` the calendar is asked for only once.

    Raises `LookupFailed` if the calendar does not exist, `CalendarUnavailable` if a schedule makes no sense, and the
    errors of `Session`. The group's policy says what an unreadable calendar means.
    """
    cache = AnswerCache(answers or _NoAnswers(), session.organisation.client_key, flights)
    key, ask = _asking(session, calendar)
    stored = cache.get_or_ask(ask, CALENDAR_SECONDS, *key)
    if isinstance(calendar, GuideCalendar):
        return _guide_holiday(stored, day)
    group = read(_ScheduleGroup, stored, "A kept schedule group")
    zone = _zone(group.zone)
    return schedule_holiday_on(day, [_schedule(entity, zone) for entity in group.schedules], zone)


class _NoAnswers:
    """Stores nothing."""

    def get(self, key: str) -> object | None:
        return None

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        return None


def refresh(session: Session, calendar: ScheduleGroupCalendar | GuideCalendar, cache: AnswerCache) -> bool:
    """Ask for a calendar whose cached answer is old, so that no morning has to. Returns whether it was asked for."""
    key, ask = _asking(session, calendar)
    return cache.refresh(ask, CALENDAR_SECONDS, *key, after_seconds=CALENDAR_REFRESH_SECONDS)


def _asking(
    session: Session, calendar: ScheduleGroupCalendar | GuideCalendar
) -> tuple[tuple[str, ...], Callable[[], object]]:
    """Return the cache key of a calendar, and a function that asks for it."""
    if isinstance(calendar, GuideCalendar):
        ids = {"calendarId": calendar.id}
        return ("holidaycalendar", calendar.id), lambda: dict(session.get(GUIDE_ROUTE, ids=ids).body)
    name, group_id = calendar.name or "", calendar.id or ""
    return ("schedulegroup", name, group_id), lambda: _ask_group(session, name, group_id)


def _guide_holiday(stored: object, day: date) -> str | None:
    calendar = read(HolidayCalendar, stored, f"GET {GUIDE_ROUTE}")
    for holiday in calendar.holidays:
        if _date(holiday.date) == day:
            return holiday.name or _UNNAMED
    return None


def _ask_group(session: Session, name: str, group_id: str) -> object:
    entity = _by_id(session, group_id) if group_id else _by_name(session, name)
    references = (reference.id for reference in entity.holiday_schedules or ())
    schedules = [
        schedule for schedule in (_ask_schedule(session, schedule_id) for schedule_id in references) if schedule
    ]
    return _ScheduleGroup(zone=entity.time_zone, schedules=tuple(schedules)).model_dump(by_alias=True)


def _by_id(session: Session, group_id: str) -> ScheduleGroupEntity:
    try:
        answer = session.get(GROUP_ROUTE, ids={"scheduleGroupId": group_id})
    except RequestRefused as error:
        if error.status != 404:
            raise
        raise _not_found(session, f"There is no schedule group with the id {group_id!r}.") from None
    group = read(ScheduleGroupEntity, answer.body, answer.label)
    if not _is_active(group):
        raise _not_found(session, f"The schedule group {group.name!r} ({group_id}) is {group.state}.")
    return group


def _is_active(entity: ScheduleEntity | ScheduleGroupEntity) -> bool:
    return entity.state in (None, "active")


def _by_name(session: Session, name: str) -> ScheduleGroupEntity:
    groups = [read(ScheduleGroupEntity, entity, f"GET {GROUPS_ROUTE}") for entity in _entities_named(session, name)]
    matching = [group for group in groups if group.name == name and _is_active(group)]
    if len(matching) == 1:
        return _by_id(session, matching[0].id) if matching[0].holiday_schedules is None else matching[0]
    if matching:
        ids = ", ".join(group.id for group in matching)
        raise _not_found(session, f"The name {name!r} belongs to {len(matching)} schedule groups: {ids}.")
    near = ", ".join(repr(group.name) for group in groups[:8])
    raise _not_found(
        session, f"There is no active schedule group named {name!r}.{f' There are: {near}.' if near else ''}"
    )


def _entities_named(session: Session, name: str) -> Iterator[object]:
    return entities(session, GROUPS_ROUTE, {"name": name})


def _not_found(session: Session, problem: str) -> LookupFailed:
    return LookupFailed(
        f"Organisation {session.organisation.name!r}: {problem}",
        way_out="Look it up in Admin > Architect > Schedule Groups and correct the group's calendar.",
    )


def _ask_schedule(session: Session, schedule_id: str) -> ScheduleEntity | None:
    """Return the schedule if it is active.

    Raise `LookupFailed` where the group refers to a schedule that does not exist: its holidays would pass unnoticed.
    """
    try:
        answer = session.get(SCHEDULE_ROUTE, ids={"scheduleId": schedule_id})
    except RequestRefused as error:
        if error.status != 404:
            raise
        raise LookupFailed(
            f"Organisation {session.organisation.name!r}: the schedule group refers to the holiday schedule "
            f"{schedule_id!r}, which does not exist.",
            way_out="Remove it from the group in Admin > Architect > Schedule Groups, or replace it.",
        ) from None
    entity = read(ScheduleEntity, answer.body, answer.label)
    return entity if _is_active(entity) else None


def _schedule(entity: ScheduleEntity, zone: ZoneInfo | None) -> Schedule:
    label = f"The schedule {entity.name!r}"
    start, end = (_local(text, label, zone) for text in (entity.start, entity.end))
    return Schedule(entity.name, start, end, entity.rrule or None)


def _local(text: str, label: str, zone: ZoneInfo | None) -> datetime:
    """Return a local time. The API promises no offset: an instant is converted, and midnight in UTC is a date."""
    try:
        moment = datetime.fromisoformat(text)
        is_date = moment.utcoffset() == timedelta(0) and moment.time() == time.min
        if moment.tzinfo is None or is_date:
            return moment.replace(tzinfo=None)
        if zone is not None:
            return moment.astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        pass
    raise MalformedAnswer(f"{label} has the time {text[:40]!r}, which is no local date-time.")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(_MIDNIGHT.sub("", text.strip()))
    except ValueError:
        raise MalformedAnswer(f"The holiday calendar has the date {text[:40]!r}, which is none.") from None


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise MalformedAnswer(f"The schedule group has the zone {name!r}, which is not known.") from None
