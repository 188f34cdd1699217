"""Which permissions an organisation's groups need, and whether its OAuth client has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from worker.doctor.finding import Finding, Level, of_error, ok
from worker.doctor.recipients import patiently
from worker.domain.groups import Group
from worker.domain.groups.calendar_kinds import GuideCalendar, ScheduleGroupCalendar
from worker.domain.rows import Window
from worker.errors import PermissionMissing, RequestRefused, StandupError
from worker.genesys.adherence import files as adherence_files
from worker.genesys.api.session import Session
from worker.genesys.lookups import holidays
from worker.genesys.queries.aggregates import queue_query, user_query

NOBODY = "00000000-0000-4000-8000-000000000000"
"""An id that nothing has."""

_ONE = {"pageSize": 1, "pageNumber": 1}


def conversation_aggregates(session: Session) -> None:
    """A minute of a queue that does not exist."""
    session.post("/api/v2/analytics/conversations/aggregates/query", queue_query(_minute(), "UTC", [NOBODY], ["voice"]))


def user_aggregates(session: Session) -> None:
    """A minute of a user who does not exist."""
    session.post("/api/v2/analytics/users/aggregates/query", user_query(_minute(), "UTC", [NOBODY]))


def historical_adherence(session: Session) -> None:
    """No management unit: refused as incomplete, so that no calculation is started."""
    session.post(adherence_files.ROUTE, {})


def queues(session: Session) -> None:
    """One queue."""
    session.get("/api/v2/routing/queues", _ONE)


def start_export(session: Session) -> None:
    """An export without a name: refused as incomplete, so that none is started."""
    session.post("/api/v2/analytics/reporting/exports", {})


def list_exports(session: Session) -> None:
    """One export of ours, if there is any."""
    session.get("/api/v2/analytics/reporting/exports", _ONE)


def schedule_groups(session: Session) -> None:
    """One schedule group."""
    session.get(holidays.GROUPS_ROUTE, _ONE)


def schedules(session: Session) -> None:
    """One schedule."""
    session.get("/api/v2/architect/schedules", _ONE)


def start_report(session: Session) -> None:
    """The gateway's export of a report that does not exist."""
    session.post("/api/v2/reporting/reports/{reportId}/export", {}, ids={"reportId": NOBODY})


def read_reports(session: Session) -> None:
    """A gateway's export that does not exist."""
    session.get("/api/v2/reporting/exports/{exportId}", ids={"exportId": NOBODY})


def _minute() -> Window:
    """Long past, for data that settles late costs the platform more; the same one whenever it is asked."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    return Window(start, start + timedelta(minutes=1))


CONVERSATIONS = "analytics:conversationAggregate:view"
USERS = "analytics:userAggregate:view"
QUEUES = "routing:queue:view"
ADHERENCE = "wfm:historicalAdherence:view"
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
    EXPORT_ADD: ("starting exports", start_export),
    EXPORT_VIEW: ("finding exports again", list_exports),
    SCHEDULE_GROUPS: ("the holiday calendar", schedule_groups),
    SCHEDULES: ("the holiday calendar", schedules),
    REPORT_EXPORT: ("starting the gateway's exports", start_report),
    REPORT_READ: ("the gateway's exports and calendars", read_reports),
}
"""Permission → what it is for, and how to find out."""

_BY_SOURCE: Mapping[str, tuple[str, ...]] = {
    "queries": (CONVERSATIONS, USERS, QUEUES),
    "exports": (EXPORT_ADD, EXPORT_VIEW, QUEUES),
    "reporting": (REPORT_EXPORT, REPORT_READ, QUEUES),
}

_ANSWERED = (400, 404, 409, 413, 422)


@dataclass(frozen=True, slots=True)
class Need:
    """A permission, how bad it is to lack it, and which groups need it."""

    permission: str
    level: Level
    groups: tuple[str, ...]


def needs_of(groups: Iterable[Group]) -> list[Need]:
    """What these groups need, each permission once, at the level of the group that needs it most."""
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
        yield ADHERENCE, Level.WARNING  # the briefing goes out without it, and says so
    calendar = group.calendar
    if isinstance(calendar, ScheduleGroupCalendar | GuideCalendar):
        level = Level.WRONG if calendar.on_unreachable == "hold" else Level.WARNING
        names = (SCHEDULE_GROUPS, SCHEDULES) if isinstance(calendar, ScheduleGroupCalendar) else (REPORT_READ,)
        yield from ((permission, level) for permission in names)


def check(session: Session, needs: Iterable[Need], area: str) -> Iterator[Finding]:
    """Ask for each permission."""
    for need in needs:
        yield _finding(session, need, area)


def _finding(session: Session, need: Need, area: str) -> Finding:
    purpose, probe = PERMISSIONS[need.permission]
    try:
        patiently(lambda: probe(session))
    except PermissionMissing:
        client = session.organisation.setting("CLIENT_ID")
        return Finding(
            area,
            need.level,
            f"the permission {need.permission} is missing ({purpose}; needed by {_named(need.groups)})",
            f"Grant {need.permission} to a role of the OAuth client in {client}: Admin > Integrations > OAuth, "
            "for the divisions of the groups' queues.",
            need.permission,
        )
    except RequestRefused as error:
        if error.status not in _ANSWERED:
            return of_error(area, error, need.level)
    except StandupError as error:
        return of_error(area, error, need.level)
    return ok(area, f"the permission {need.permission} is there ({purpose})")


def _named(groups: tuple[str, ...]) -> str:
    return groups[0] if len(groups) == 1 else f"{groups[0]} and {len(groups) - 1} more"
