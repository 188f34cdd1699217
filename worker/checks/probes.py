"""One harmless request for each permission: it starts nothing, and what it asks for is next to nothing.

A 403 means that the permission is missing. Any other answer to a request that was understood, a 400 or a 404 as well,
means that it is there. That the platform looks at permissions before it looks at bodies is an assumption: see
docs/genesys-cloud.md.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from worker.domain.rows import Window
from worker.genesys import adherence_files, holidays
from worker.genesys.aggregates import queue_query, user_query
from worker.genesys.session import Session

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
