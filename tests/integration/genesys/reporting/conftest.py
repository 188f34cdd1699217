"""The guide's wire with scripted answers: report definitions, the files that answer them, and the page of a day."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest

from renderers.message import render
from tests.integration.genesys.conftest import MemoryAnswers, Reply, ScriptedApi, order
from worker.domain.compose import build
from worker.domain.groups import Deliver, Group, Targets
from worker.domain.rows import Rows
from worker.genesys.api.session import Session
from worker.genesys.reporting.source import ReportingSource
from worker.genesys.source import Order

QUEUES = "/api/v2/routing/queues"
START = "/api/v2/reporting/reports/standup/export"
EXPORT = "/api/v2/reporting/exports/exp-1"

GUIDE = {
    "reportId": "standup",
    "name": "Daily Supervisor Standup Report",
    "dateFrom": "{{window.start}}",
    "dateTo": "{{window.end}}",
    "reportingType": "summary",
    "columns": [
        {"id": "queueName", "label": "Queue Name"},
        {"id": "serviceLevel", "label": "Service Level %"},
        {"id": "abandonmentRate", "label": "Abandonment Rate %"},
        {"id": "occupancy", "label": "Occupancy %"},
    ],
    "filters": [{"metric": "queueName", "type": "equals", "value": "Support_Engineering"}],
}
GUIDE_FILE = "Queue Name,Service Level %,Abandonment Rate %,Occupancy %\nSupport_Engineering,81.25,4.5,78\n"

COUNTS = ("queueName", "intervalStart", "mediaType", "offered", "answered", "answeredInServiceLevel", "abandoned")
COUNTS += ("handled", "averageHandleSeconds", "averageAnswerSeconds")
PEOPLE = ("agentName", "interactingSeconds", "communicatingSeconds", "idleSeconds", "scheduledSeconds")
PEOPLE += ("exceptionSeconds", "exceptionCount", "adherence")


def definition(*columns: str, report: str = "standup") -> dict[str, object]:
    return {**GUIDE, "reportId": report, "columns": [{"id": column} for column in columns]}


def reported(*definitions: object, **fields: object) -> Order:
    text = json.dumps(definitions[0] if len(definitions) == 1 else definitions)
    return order(queues=("Support_Engineering",), report=text, report_path="reports/standup.json", **fields)


@pytest.fixture
def source(
    session: Session, answers: MemoryAnswers, clock: Callable[[], datetime], api: ScriptedApi
) -> ReportingSource:
    api.script("GET", QUEUES, Reply({"entities": [{"id": "q1", "name": "Support_Engineering"}], "pageCount": 1}))
    api.script("POST", START, Reply({"exportId": "exp-1", "status": "processing"}, 202))
    api.script("GET", EXPORT, completed(api))
    api.script("GET", "/files/1", Reply(GUIDE_FILE.encode()))
    return ReportingSource(session, answers, clock)


def completed(api: ScriptedApi, **fields: object) -> Reply:
    return Reply({"exportId": "exp-1", "status": "completed", "downloadUrl": f"{api.url}/files/1", **fields})


def collected(source: ReportingSource, the_order: Order) -> Rows:
    return source.collect(the_order, source.look(the_order, source.start(the_order)))


def from_file(source: ReportingSource, api: ScriptedApi, content: str | bytes, the_order: Order | None = None) -> Rows:
    api.script("GET", "/files/1", Reply(content if isinstance(content, bytes) else content.encode()))
    return collected(source, the_order or reported(definition(*COUNTS)))


def page_of(rows: Rows, the_order: Order) -> str:
    """The message of a group's day, as plain text."""
    group = Group(
        key="support",
        title="Support",
        zone=the_order.zone,
        standup_at=time(7),
        catch_up_until=time(12),
        queues=the_order.queues,
        media=the_order.media,
        targets=Targets(service_level=0.8, abandonment=0.05, occupancy=(0.78, 0.86), adherence=0.92),
        deliver=Deliver(),
    )
    briefing = build(
        run_id="support:2026-11-16",
        group=group,
        reporting_day=date(2026, 11, 16),
        revision=1,
        window=the_order.window,
        generated_at=datetime(2026, 11, 17, 12, tzinfo=UTC),
        rows=rows,
        history={},
        business_days=(),
    )
    return render(briefing).text
