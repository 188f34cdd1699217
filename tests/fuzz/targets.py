"""The readers of what comes from outside, each as a function of bytes.

An error of `worker.errors` is an answer. Any other exception is a fault, and so is a reader that takes more than
seconds or hundreds of megabytes.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from worker.domain.calendar.closures import EventFilter
from worker.domain.calendar.holidays import schedule_holiday_on
from worker.domain.calendar.ical import ical_day
from worker.domain.rows import Queue, Window
from worker.errors import StandupError
from worker.genesys.adherence.figures import by_agent
from worker.genesys.api import shapes
from worker.genesys.api.json_body import read_object
from worker.genesys.exports.agents import agent_times
from worker.genesys.exports.job_status import ExportEntity, decide
from worker.genesys.exports.rows import queue_intervals, unfinished
from worker.genesys.exports.views import AGENT_VIEW, QUEUE_VIEW
from worker.genesys.lookups import holidays
from worker.genesys.queries import aggregates
from worker.genesys.reporting.definitions import Definition, read_definitions
from worker.genesys.reporting.reading import read_file
from worker.genesys.source import Order
from worker.genesys.tables.limits import Limits
from worker.genesys.tables.table import Table
from worker.genesys.wfm import shapes as plan_shapes
from worker.groupfiles.reading import read as read_groups

CORPUS = Path(__file__).parent / "corpus"
ZONE = ZoneInfo("America/New_York")
DAY = date(2026, 11, 16)
WINDOW = Window(datetime(2026, 11, 16, tzinfo=ZONE), datetime(2026, 11, 17, tzinfo=ZONE))
ORDER = Order(name="standup", window=WINDOW, zone=ZONE.key, queues=("Support", "Billing"), media=("voice", "chat"))
QUEUES = (Queue("q1", "Support"), Queue("q2", "Billing"))
LIMITS = Limits(unpacked_bytes=8_000_000, part_bytes=2_000_000, rows=20_000, cells=200_000, seconds=10.0)

QUEUE_COLUMNS = ("queueName", "intervalStart", "mediaType", "offered", "answered", "answeredInServiceLevel")
QUEUE_COLUMNS += ("abandoned", "serviceLevel", "abandonmentRate", "handled", "averageHandleSeconds")
AGENT_COLUMNS = ("agentName", "interactingSeconds", "communicatingSeconds", "idleSeconds", "scheduledSeconds")
AGENT_COLUMNS += ("exceptionSeconds", "adherence")

ANSWERS = tuple(
    shape
    for module in (shapes, plan_shapes)
    for _, shape in sorted(vars(module).items())
    if isinstance(shape, type) and issubclass(shape, shapes.Shape) and shape is not shapes.Shape
)
"""The shapes of all answers of the API. The first byte of an input chooses one."""

PARTS = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels")
"""The parts of a workbook that an input replaces. The first byte chooses one."""


def report_of_queues(content: bytes) -> None:
    """Read a report file by queue, which may be a text, an archive or a workbook."""
    _report(content, QUEUE_COLUMNS)


def report_of_agents(content: bytes) -> None:
    """Read a report file by agent."""
    _report(content, AGENT_COLUMNS)


def export_of_queues(content: bytes) -> None:
    """Read an export of queues."""
    table = Table(io.BytesIO(content), QUEUE_VIEW.columns, "The file", ZONE, way_out="", limits=LIMITS)
    queue_intervals(table, ORDER, {"q1", "q2"})
    list(unfinished(table, "export"))


def export_of_agents(content: bytes) -> None:
    """Read an export of agents."""
    table = Table(io.BytesIO(content), AGENT_VIEW.columns, "The file", ZONE, way_out="", limits=LIMITS)
    agent_times(table, ORDER, {"u1", "u2"})


def workbook_part(content: bytes) -> None:
    """Read a workbook with one part replaced, because a random change of a packed file only breaks its checksum."""
    part_name, part = PARTS[content[0] % len(PARTS)] if content else PARTS[0], content[1:]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, original in workbook().items():
            archive.writestr(name, part if name == part_name else original)
    _report(packed.getvalue(), QUEUE_COLUMNS)


def adherence_file(content: bytes) -> None:
    """Read a file of historical adherence."""
    by_agent([shapes.read(shapes.AdherenceFile, read_object(content, "The file"), "The file")])


def ical_calendar(content: bytes) -> None:
    """Look a day up in an iCalendar text, with and without a filter."""
    text = content.decode("utf-8", "replace")
    for event_filter in (EventFilter(), EventFilter(only=("*day*",), excluded=("Observance",))):
        ical_day(text, DAY, ZONE, event_filter)


def holiday_file(content: bytes) -> None:
    """Look a day up in a gateway's holiday calendar, and in the schedules of a schedule group."""
    stored = read_object(content, "The calendar")
    with suppress(StandupError):
        holidays._guide_holiday(stored, DAY)
    entity = shapes.read(shapes.ScheduleEntity, stored, "The schedule")
    schedule_holiday_on(DAY, [holidays._schedule(entity, ZONE)], ZONE)


def group_file(content: bytes) -> None:
    """Read groups from a TOML file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "groups.toml")
        path.write_bytes(content)
        for problem in read_groups(path).problems:
            str(problem)


def report_definition(content: bytes) -> None:
    """Read report definitions, and build the columns that they ask for."""
    for definition in read_definitions(content.decode("utf-8", "replace"), "report.json", allow_pdf_alone=True):
        str(definition)


def api_answer(content: bytes) -> None:
    """Read an answer of the API as one of its shapes, and figures from those that have some."""
    shape = ANSWERS[content[0] % len(ANSWERS)] if content else ANSWERS[0]
    answer = shapes.read(shape, read_object(content[1:], "The answer"), "The answer")
    if isinstance(answer, shapes.Aggregates):
        list(aggregates.queue_intervals(answer, WINDOW, {"q1", "q2"}, {"voice"}, "The answer"))
        aggregates.routing_times(answer, {"u1"})


def export_job(content: bytes) -> None:
    """Decide what the state of an export job means."""
    decide(shapes.read(ExportEntity, read_object(content, "The job"), "The job"), 0)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    target.__name__: target
    for target in (
        report_of_queues,
        report_of_agents,
        export_of_queues,
        export_of_agents,
        workbook_part,
        adherence_file,
        ical_calendar,
        holiday_file,
        group_file,
        report_definition,
        api_answer,
        export_job,
    )
}


JSON_PREFIXES: Mapping[str, int] = {
    "adherence_file": 0,
    "holiday_file": 0,
    "report_definition": 0,
    "api_answer": 1,
    "export_job": 0,
}
"""The targets whose inputs are JSON, with the number of bytes before it."""


def check(target: str, content: bytes) -> None:
    """Read an input. Any exception but a named error is a fault."""
    with suppress(StandupError):
        TARGETS[target](content)


def _report(content: bytes, column_ids: tuple[str, ...]) -> None:
    read_file(ORDER, _definition(column_ids), _COMPLETED, QUEUES, io.BytesIO(content))


_COMPLETED = shapes.GuideExport.model_validate({"exportId": "e", "status": "completed"})


@cache
def _definition(column_ids: tuple[str, ...]) -> Definition:
    text = {
        "reportId": "r",
        "name": "Report",
        "dateFrom": "{{window.start}}",
        "dateTo": "{{window.end}}",
        "reportingType": "summary",
        "columns": [{"id": column_id} for column_id in column_ids],
    }
    (definition,) = read_definitions(json.dumps(text), "report.json")
    return definition


@cache
def workbook() -> Mapping[str, bytes]:
    """Return the parts of a small workbook by name."""
    book = Workbook()
    book.active.append(list(QUEUE_COLUMNS))
    book.active.append(["Support", "2026-11-16T09:00", "voice", 10, 8, 7, 2, 0.7, 0.2, 8, 300])
    packed = io.BytesIO()
    book.save(packed)
    with zipfile.ZipFile(packed) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
