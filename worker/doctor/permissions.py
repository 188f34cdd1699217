"""Check whether an organisation's OAuth client has the permissions that its groups need.

One harmless request probes each permission. It starts nothing and asks for next to nothing. A 403 means that the
permission is missing. Any other answer, a 400 or a 404 too, means that the permission is granted. This assumes that the
platform checks permissions before it checks bodies: see docs/genesys-cloud.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from worker.doctor.finding import Finding, Level, of_error, ok
from worker.doctor.recipients import with_permit
from worker.domain.groups import Group
from worker.domain.groups.calendar_kinds import GuideCalendar, ScheduleGroupCalendar
from worker.domain.rows import Window
from worker.errors import PermissionMissing, RequestRefused, StandupError
from worker.genesys.adherence import files as adherence_files
from worker.genesys.api.session import Session
from worker.genesys.lookups import holidays
from worker.genesys.queries.aggregates import queue_query, user_query
from worker.genesys.wfm import files as schedule_files
from worker.genesys.wfm import schedules as schedules_of_units

UNUSED_ID = "00000000-0000-4000-8000-000000000000"
"""An id that no object has."""

_ONE = {"pageSize": 1, "pageNumber": 1}

_WEEK = "2020-01-06"
"""A Monday long ago."""


def conversation_aggregates(session: Session) -> None:
    """Ask for a minute of a queue that does not exist."""
    session.post(
        "/api/v2/analytics/conversations/aggregates/query", queue_query(_minute(), "UTC", [UNUSED_ID], ["voice"])
    )


def user_aggregates(session: Session) -> None:
    """Ask for a minute of a user who does not exist."""
    session.post("/api/v2/analytics/users/aggregates/query", user_query(_minute(), "UTC", [UNUSED_ID]))


def historical_adherence(session: Session) -> None:
    """Ask for adherence without a management unit: refused as incomplete, so no calculation starts."""
    session.post(adherence_files.ROUTE, {})


def queues(session: Session) -> None:
    """Ask for one queue."""
    session.get("/api/v2/routing/queues", _ONE)


def start_export(session: Session) -> None:
    """Ask for an export without a name: refused as incomplete, so none starts."""
    session.post("/api/v2/analytics/reporting/exports", {})


def list_exports(session: Session) -> None:
    """Ask for one of our exports."""
    session.get("/api/v2/analytics/reporting/exports", _ONE)


def schedule_groups(session: Session) -> None:
    """Ask for one schedule group."""
    session.get(holidays.GROUPS_ROUTE, _ONE)


def schedules(session: Session) -> None:
    """Ask for one schedule."""
    session.get("/api/v2/architect/schedules", _ONE)


def planning_groups(session: Session) -> None:
    """Ask for the planning groups of a business unit that does not exist."""
    session.get(schedules_of_units.PLANNING_GROUPS_ROUTE, {"date": _WEEK}, ids={"businessUnitId": UNUSED_ID})


def published_schedules(session: Session) -> None:
    """Ask for the schedules of a business unit that does not exist."""
    ids = {"businessUnitId": UNUSED_ID, "weekId": _WEEK}
    session.get(schedules_of_units.SCHEDULES_ROUTE, {"includeOnlyPublished": "true"}, ids=ids)


def forecasts(session: Session) -> None:
    """Ask for a forecast that does not exist."""
    ids = {"businessUnitId": UNUSED_ID, "weekDateId": _WEEK, "forecastId": UNUSED_ID}
    session.get(schedule_files.FORECAST_ROUTE, {"weekNumber": 1}, ids=ids)


def start_report(session: Session) -> None:
    """Ask the gateway to export a report that does not exist."""
    session.post("/api/v2/reporting/reports/{reportId}/export", {}, ids={"reportId": UNUSED_ID})


def read_reports(session: Session) -> None:
    """Ask for a gateway's export that does not exist."""
    session.get("/api/v2/reporting/exports/{exportId}", ids={"exportId": UNUSED_ID})


def _minute() -> Window:
    """Return a fixed minute long ago, because recent data costs the platform more."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    return Window(start, start + timedelta(minutes=1))


CONVERSATIONS = "analytics:conversationAggregate:view"
USERS = "analytics:userAggregate:view"
QUEUES = "routing:queue:view"
ADHERENCE = "wfm:historicalAdherence:view"
PLANNING_GROUPS = "wfm:intraday:view"
PUBLISHED_SCHEDULES = "wfm:publishedSchedule:view"
FORECASTS = "wfm:shortTermForecast:view"
EXPORT_ADD = "analytics:dataExport:add"
EXPORT_VIEW = "analytics:dataExport:view"
SCHEDULE_GROUPS = "routing:scheduleGroup:view"
SCHEDULES = "routing:schedule:view"
REPORT_EXPORT = "reports:export"
REPORT_READ = "reports:read"

Probe = Callable[[Session], None]

PERMISSIONS: Mapping[str, tuple[str, Probe]] = {
    CONVERSATIONS: ("queue figures", conversation_aggregates),
    USERS: ("agents' times", user_aggregates),
    QUEUES: ("queues and their members", queues),
    ADHERENCE: ("adherence", historical_adherence),
    PLANNING_GROUPS: ("today's planning groups", planning_groups),
    PUBLISHED_SCHEDULES: ("today's schedule and shifts", published_schedules),
    FORECASTS: ("today's forecast", forecasts),
    EXPORT_ADD: ("starting exports", start_export),
    EXPORT_VIEW: ("finding exports again", list_exports),
    SCHEDULE_GROUPS: ("the holiday calendar", schedule_groups),
    SCHEDULES: ("the holiday calendar", schedules),
    REPORT_EXPORT: ("starting the gateway's exports", start_report),
    REPORT_READ: ("the gateway's exports and calendars", read_reports),
}
"""Permission → its purpose, and the request that probes it."""

_BY_SOURCE: Mapping[str, tuple[str, ...]] = {
    "queries": (CONVERSATIONS, USERS, QUEUES),
    "exports": (EXPORT_ADD, EXPORT_VIEW, QUEUES),
    "reporting": (REPORT_EXPORT, REPORT_READ, QUEUES),
}

_ANSWERED = (400, 404, 409, 413, 422)


@dataclass(frozen=True, slots=True)
class Need:
    """A permission, how serious its absence is, and which groups need it."""

    permission: str
    level: Level
    groups: tuple[str, ...]


def needs_of(groups: Iterable[Group]) -> list[Need]:
    """Return each permission that these groups need once, at the level of the group that needs it most."""
    levels: defaultdict[str, dict[str, Level]] = defaultdict(dict)
    for group in groups:
        for permission, level in _needs(group):
            levels[permission][group.key] = level
    return [
        Need(permission, Level.WRONG if Level.WRONG in by_group.values() else Level.WARNING, tuple(by_group))
        for permission in PERMISSIONS
        if (by_group := levels.get(permission))
    ]


def _needs(group: Group) -> Iterator[tuple[str, Level]]:
    yield from ((permission, Level.WRONG) for permission in _BY_SOURCE[group.source])
    if group.management_units and group.source != "reporting":
        yield ADHERENCE, Level.WARNING  # the briefing goes out without adherence and says so
    if group.plans_today:  # the briefing goes out and says what is not known of today
        yield from ((permission, Level.WARNING) for permission in (PLANNING_GROUPS, PUBLISHED_SCHEDULES, FORECASTS))
    calendar = group.calendar
    if isinstance(calendar, ScheduleGroupCalendar | GuideCalendar):
        level = Level.WRONG if calendar.on_unreachable == "hold" else Level.WARNING
        names = (SCHEDULE_GROUPS, SCHEDULES) if isinstance(calendar, ScheduleGroupCalendar) else (REPORT_READ,)
        yield from ((permission, level) for permission in names)


def check(session: Session, needs: Iterable[Need], area: str) -> Iterator[Finding]:
    """Probe each permission."""
    for need in needs:
        yield _finding(session, need, area)


def _finding(session: Session, need: Need, area: str) -> Finding:
    purpose, probe = PERMISSIONS[need.permission]
    try:
        with_permit(lambda: probe(session))
    except PermissionMissing:
        client = session.organisation.setting("CLIENT_ID")
        return Finding(
            area,
            need.level,
            f"the permission {need.permission} is missing ({purpose}; needed by {_group_names(need.groups)})",
            f"Grant {need.permission} to a role of the OAuth client in {client}: Admin > Integrations > OAuth, "
            "for the divisions of the groups' queues.",
            need.permission,
        )
    except RequestRefused as error:
        if error.status not in _ANSWERED:
            return of_error(area, error, need.level)
    except StandupError as error:
        return of_error(area, error, need.level)
    return ok(area, f"the permission {need.permission} is granted ({purpose})")


def _group_names(groups: tuple[str, ...]) -> str:
    return groups[0] if len(groups) == 1 else f"{groups[0]} and {len(groups) - 1} more"
