"""The source on the guide's wire: report definitions, an export job for each, files of CSV or XLSX."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import IO, TypeVar

import structlog

from worker.domain.clock import Clock
from worker.domain.rows import Queue, Rows
from worker.errors import DefinitionRefused, ExportFailed, MalformedAnswer, RequestRefused, SourceUnavailable
from worker.genesys.answer_cache import AnswerCache, Answers
from worker.genesys.api.downloads import Downloads, LinkExpired
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import GuideExport
from worker.genesys.api.wire import MEGABYTE
from worker.genesys.gaps import early_fetch_gaps, percent_only_gaps
from worker.genesys.lookups.queues import ID_PREFIX, FoundQueue, Lookups, common_threshold_seconds, objectives
from worker.genesys.reporting.definitions import Definition, read_definitions
from worker.genesys.reporting.exports import ExportLook, ReportExports
from worker.genesys.reporting.gaps import missing_column_gaps, pdf_alone_gaps
from worker.genesys.reporting.reading import FileRows, pdf_rows, read_file
from worker.genesys.source import ExportJob, Order

SOURCE = "reporting"
PDF_LIMIT = 20 * MEGABYTE

R = TypeVar("R")

_log = structlog.get_logger(__name__)


class ReportingSource:
    """Implements `worker.genesys.source.Source` and `WithPdf`."""

    def __init__(self, session: Session, answers: Answers, clock: Clock) -> None:
        self._clock = clock
        cache = AnswerCache(answers, session.organisation.client_key)
        self._lookups = Lookups(session, cache)
        self._exports = ReportExports(session, cache)
        self._downloads = Downloads(session)

    def start(self, order: Order) -> ExportJob:
        """Start an export for each definition of the order, or join the one that this order started already.

        Raises `DefinitionRefused` and `LookupFailed` before anything is started.
        """
        definitions = _definitions(order)
        self._queues(order, definitions)
        ids = {_key(n, definition): self._exports.start(order, definition) for n, definition in enumerate(definitions)}
        return ExportJob(SOURCE, "running", ids, f"0 of {len(ids)} completed")

    def look(self, order: Order, job: ExportJob) -> ExportJob:
        """Ask once for each export that is not known to be completed. `ExportFailed` if one has failed."""
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
        """Download the files and read them by the columns of their definitions. Together they are one set of rows."""
        definitions = _definitions(order)
        found_queues = self._queues(order, definitions)
        queues = tuple(found_queue.queue for found_queue in found_queues)
        file_rows = [
            self._file_rows(order, definition, job.ids[_key(n, definition)], queues)
            for n, definition in enumerate(definitions)
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
                *pdf_alone_gaps(definitions),
                *missing_column_gaps(definition for definition in definitions if not definition.is_pdf),
                *early_fetch_gaps(order.window, fetched_at),
            ),
            notes=tuple(rows.note for rows in file_rows),
            service_level_seconds=common_threshold_seconds(found_queues, order.media),
            objectives=objectives(found_queues, order.media),
            fetched_at=fetched_at,
        )

    def pdf(self, order: Order, job: ExportJob) -> bytes | None:
        """Return the file of the definition whose format is PDF, or None if none is asked for, or it is no PDF."""
        if not order.source_pdf:
            return None
        for n, definition in enumerate(_definitions(order)):
            if definition.is_pdf:
                return self._with_file(job.ids[_key(n, definition)], _pdf_content)
        return None

    def _queues(self, order: Order, definitions: Iterable[Definition]) -> tuple[FoundQueue, ...]:
        """Return the order's queues. Queues that only a filter names are looked up too, so that a wrong one is noticed.

        A gateway without the queues' endpoint knows its queues by name only.
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

    def _file_rows(self, order: Order, definition: Definition, export_id: str, queues: tuple[Queue, ...]) -> FileRows:
        if definition.is_pdf:
            return pdf_rows(definition, self._completed(export_id, self._exports.look(export_id)))
        return self._with_file(export_id, lambda export, file: read_file(order, definition, export, queues, file))

    def _with_file(self, export_id: str, read_content: Callable[[GuideExport, IO[bytes]], R]) -> R:
        """Download the file of an export, once more with a fresh link if the known one has expired."""
        export = self._completed(export_id, self._exports.look(export_id))
        try:
            with self._downloads.file(_link(export)) as file:
                return read_content(export, file)
        except LinkExpired:
            fresh = self._completed(export_id, self._exports.ask(export_id))
            with self._downloads.file(_link(fresh)) as file:
                return read_content(fresh, file)

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


def _definitions(order: Order) -> tuple[Definition, ...]:
    if order.report is None:
        raise DefinitionRefused(f"{order.name} has no report definition.", way_out="Name one as the group's report.")
    path = order.report_path or "of the group"
    return read_definitions(order.report, path, allow_pdf_alone=order.source_pdf)


def _key(number: int, definition: Definition) -> str:
    return f"{number}:{definition.report_id}"


def _pdf_content(export: GuideExport, file: IO[bytes]) -> bytes | None:
    content = file.read(PDF_LIMIT + 1)
    if content.startswith(b"%PDF-") and len(content) <= PDF_LIMIT:
        return content
    _log.warning("no_usable_source_pdf", export_id=export.export_id, size=len(content))
    return None


def _link(export: GuideExport) -> str:
    if not export.download_url:
        raise MalformedAnswer(f"The export {export.export_id} is completed without a download link.")
    return export.download_url
