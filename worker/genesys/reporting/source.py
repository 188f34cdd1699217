"""The source on the guide's wire: report definitions, an export job for each, files of CSV or XLSX."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from zoneinfo import ZoneInfo

import structlog

from worker.domain.rows import AgentDay, Gap, Queue, QueueInterval, Rows, SourceNote
from worker.errors import DefinitionRefused, ExportFailed, MalformedAnswer, RequestRefused, SourceUnavailable
from worker.genesys.answer_cache import AnswerCache, Answers
from worker.genesys.api.downloads import Downloads, LinkExpired
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import GuideExport
from worker.genesys.gaps import early_fetch_gaps, percent_only_gaps
from worker.genesys.lookups.queues import ID_PREFIX, FoundQueue, Lookups, common_threshold_seconds, objectives
from worker.genesys.reporting.agent_rows import agent_rows
from worker.genesys.reporting.columns import COLUMNS, MAY_EXCEED_ONE
from worker.genesys.reporting.definitions import Definition, read_definitions
from worker.genesys.reporting.exports import ExportLook, ReportExports
from worker.genesys.reporting.gaps import missing_column_gaps, missing_queue_gaps, partial_gaps
from worker.genesys.reporting.queue_rows import queue_rows
from worker.genesys.source import ExportJob, Order
from worker.genesys.tables.columns import TableColumn
from worker.genesys.tables.table import Table

SOURCE = "reporting"

_RELABEL = "Make the labels of the report definition those of the file."

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _FileRows:
    """What one definition's file gave."""

    intervals: tuple[QueueInterval, ...]
    agents: tuple[AgentDay, ...]
    gaps: tuple[Gap, ...]
    note: SourceNote


class ReportingSource:
    """Implements `worker.genesys.source.Source`. ``clock`` gives the aware present."""

    def __init__(self, session: Session, answers: Answers, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        cache = AnswerCache(answers, session.organisation.client_key)
        self._lookups = Lookups(session, cache)
        self._exports = ReportExports(session, cache)
        self._downloads = Downloads(session)

    def start(self, order: Order) -> ExportJob:
        """Start an export for each definition of the order, or join the one that this order started already.

        `DefinitionRefused` and `LookupFailed` come before anything is started.
        """
        definitions = _definitions(order)
        self._queues(order, definitions)
        ids = {_key(n, definition): self._exports.start(order, definition) for n, definition in enumerate(definitions)}
        return ExportJob(SOURCE, "running", ids, f"0 of {len(ids)} completed")

    def look(self, order: Order, job: ExportJob) -> ExportJob:
        """Ask once for each export that is not known to be completed; `ExportFailed` where one has failed."""
        looks = [self._exports.look(export_id) for export_id in job.ids.values()]
        if any(look.failed for look in looks):
            self._forget_starts(order)
            raise ExportFailed(
                "; ".join(look.failed for look in looks if look.failed),
                way_out="Run the briefing again. If it fails again, export the report by hand to see why.",
            )
        waiting = [look.waiting for look in looks if look.export is None]
        progress = "; ".join((f"{len(looks) - len(waiting)} of {len(looks)} completed", *waiting))
        return ExportJob(SOURCE, "running" if waiting else "done", job.ids, progress)

    def collect(self, order: Order, job: ExportJob) -> Rows:
        """Download the files and read them by the columns of their definitions; all of them make one set of rows."""
        definitions = _definitions(order)
        found_queues = self._queues(order, definitions)
        queues = tuple(found_queue.queue for found_queue in found_queues)
        file_rows = [
            self._file_rows(order, found_queue, job.ids[_key(n, found_queue)], queues)
            for n, found_queue in enumerate(definitions)
        ]
        intervals = tuple(row for rows in file_rows for row in rows.intervals)
        agents = tuple(day for rows in file_rows for day in rows.agents)
        fetched_at = self._clock()
        return Rows(
            queues=queues,
            intervals=intervals,
            agents=agents,
            gaps=(
                *(gap for rows in file_rows for gap in rows.gaps),
                *percent_only_gaps(intervals, agents),
                *missing_column_gaps(definitions),
                *early_fetch_gaps(order.window, fetched_at),
            ),
            notes=tuple(rows.note for rows in file_rows),
            service_level_seconds=common_threshold_seconds(found_queues, order.media),
            objectives=objectives(found_queues, order.media),
            fetched_at=fetched_at,
        )

    def _queues(self, order: Order, definitions: Iterable[Definition]) -> tuple[FoundQueue, ...]:
        """The order's queues; those that only a filter names are looked up too, so that a misspelt one is found.

        A gateway without the queues' endpoint knows its queues by name alone.
        """
        try:
            self._lookups.queues(name for definition in definitions for name in definition.queue_names)
            return self._lookups.queues(order.queues)
        except RequestRefused as error:
            if error.status not in (404, 405, 501):
                raise
            _log.info("no_queue_lookup", status=error.status)
            names = (name.removeprefix(ID_PREFIX) for name in order.queues)
            return tuple(FoundQueue(Queue(name, name), {}) for name in names)

    def _file_rows(self, order: Order, definition: Definition, export_id: str, queues: tuple[Queue, ...]) -> _FileRows:
        export = self._completed(export_id, self._exports.look(export_id))
        try:
            with self._downloads.file(_link(export)) as file:
                return self._read(order, definition, export, queues, file)
        except LinkExpired:
            fresh = self._completed(export_id, self._exports.ask(export_id))
            with self._downloads.file(_link(fresh)) as file:
                return self._read(order, definition, fresh, queues, file)

    def _completed(self, export_id: str, look: ExportLook) -> GuideExport:
        if look.export is None:
            raise SourceUnavailable(
                f"The export {export_id} is not there, although it was completed ({look.waiting or look.failed}).",
                way_out="The step is retried automatically. If it fails again, run the briefing again.",
            )
        return look.export

    def _forget_starts(self, order: Order) -> None:
        """Let a rerun start new exports instead of joining failed ones."""
        for definition in _definitions(order):
            self._exports.forget(order, definition)

    def _read(
        self, order: Order, definition: Definition, export: GuideExport, queues: tuple[Queue, ...], file: IO[bytes]
    ) -> _FileRows:
        label = f"The file of the report {definition.name!r}"
        table = Table(file, table_columns(definition), label, ZoneInfo(order.zone), way_out=_RELABEL)
        status = f"{export.status}, partial" if export.partial else export.status
        if definition.by_agent:
            people = agent_rows(table, order, definition.statements)
            note = SourceNote(f"report {definition.name}", export.export_id, len(people.agents), status)
            return _FileRows((), people.agents, (*partial_gaps(definition, export), *people.gaps), note)
        by_queue = queue_rows(table, order, queues, definition.statements)
        note = SourceNote(f"report {definition.name}", export.export_id, len(by_queue.intervals), status)
        missing_queues = missing_queue_gaps(definition, by_queue.unknown_names, by_queue.intervals, queues)
        gaps = (*partial_gaps(definition, export), *by_queue.gaps, *missing_queues)
        return _FileRows(by_queue.intervals, (), gaps, note)


def _definitions(order: Order) -> tuple[Definition, ...]:
    if order.report is None:
        raise DefinitionRefused(f"{order.name} has no report definition.", way_out="Name one as the group's report.")
    return read_definitions(order.report, order.report_path or "of the group")


def table_columns(definition: Definition) -> list[TableColumn]:
    """Return the columns to look for in the definition's file, each under its id or its label."""
    return [
        TableColumn(
            column.id,
            COLUMNS[column.id],
            (column.id, column.label or ""),
            may_exceed_one=column.id in MAY_EXCEED_ONE,
        )
        for column in definition.columns
    ]


def _key(number: int, definition: Definition) -> str:
    return f"{number}:{definition.report_id}"


def _link(export: GuideExport) -> str:
    if not export.download_url:
        raise MalformedAnswer(f"The export {export.export_id} is completed without a download link.")
    return export.download_url
