"""The source on the guide's wire: report definitions, an export job for each, files of CSV or XLSX."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from zoneinfo import ZoneInfo

import structlog

from worker.domain.metrics import Metric
from worker.domain.rows import AgentDay, Gap, Queue, QueueInterval, Rows, SourceNote
from worker.errors import DefinitionRefused, ExportFailed, MalformedAnswer, RequestRefused, SourceUnavailable
from worker.genesys.definitions import Definition, read_definitions
from worker.genesys.downloads import Downloads, LinkExpired
from worker.genesys.gaps import fetched_early, percent_only
from worker.genesys.kept import ANSWER_SECONDS, Kept
from worker.genesys.lookups import ID_PREFIX, FoundQueue, Lookups, common_threshold_seconds
from worker.genesys.report_rows import agent_rows, queue_rows, strangers
from worker.genesys.report_table import ReportTable
from worker.genesys.session import Session
from worker.genesys.shapes import GuideExport, read
from worker.genesys.source import Answers, ExportJob, Order

START_ROUTE = "/api/v2/reporting/reports/{reportId}/export"
EXPORT_ROUTE = "/api/v2/reporting/exports/{exportId}"
SOURCE = "reporting"

_COMPLETED = "completed"
_PROCESSING = ("processing", "submitted", "running", "queued", "pending")
_FAILED = ("failed", "cancelled", "canceled")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one definition's file gave."""

    intervals: tuple[QueueInterval, ...]
    agents: tuple[AgentDay, ...]
    gaps: tuple[Gap, ...]
    note: SourceNote


class ReportingSource:
    """Implements `worker.genesys.source.Source`. ``clock`` gives the aware present."""

    def __init__(self, session: Session, answers: Answers, clock: Callable[[], datetime]) -> None:
        self._session = session
        self._clock = clock
        self._kept = Kept(answers, session.organisation.client_key)
        self._lookups = Lookups(session, self._kept)
        self._downloads = Downloads(session)

    def start(self, order: Order) -> ExportJob:
        """Start an export for each definition of the order, or join the one that this order started already.

        `DefinitionRefused` and `LookupFailed` come before anything is started.
        """
        definitions = _definitions(order)
        self._queues(order, definitions)
        ids = {_key(n, one): self._started(order, one) for n, one in enumerate(definitions)}
        return ExportJob(SOURCE, "running", ids, f"0 of {len(ids)} completed")

    def look(self, order: Order, job: ExportJob) -> ExportJob:
        """Ask once for each export that is not known to be completed; `ExportFailed` where one has failed."""
        exports = {key: self._look(order, export_id) for key, export_id in job.ids.items()}
        done = sum(export is not None for export in exports.values())
        return ExportJob(
            SOURCE, "done" if done == len(exports) else "running", job.ids, f"{done} of {len(exports)} completed"
        )

    def collect(self, order: Order, job: ExportJob) -> Rows:
        """Download the files and read them by the columns of their definitions; all of them make one set of rows."""
        definitions = _definitions(order)
        found = self._queues(order, definitions)
        queues = tuple(one.queue for one in found)
        parts = [self._part(order, one, job.ids[_key(n, one)], queues) for n, one in enumerate(definitions)]
        intervals = tuple(row for part in parts for row in part.intervals)
        agents = tuple(day for part in parts for day in part.agents)
        fetched_at = self._clock()
        return Rows(
            queues=queues,
            intervals=intervals,
            agents=agents,
            gaps=(
                *(gap for part in parts for gap in part.gaps),
                *percent_only(intervals, agents),
                *_not_asked(definitions),
                *fetched_early(order.window, fetched_at),
            ),
            notes=tuple(part.note for part in parts),
            service_level_seconds=common_threshold_seconds(found, order.media),
            fetched_at=fetched_at,
        )

    def _queues(self, order: Order, definitions: Iterable[Definition]) -> tuple[FoundQueue, ...]:
        """The order's queues; those that only a filter names are looked up too, so that a misspelt one is found.

        A gateway without the queues' endpoint knows its queues by name alone.
        """
        try:
            self._lookups.queues(name for one in definitions for name in one.queue_names)
            return self._lookups.queues(order.queues)
        except RequestRefused as error:
            if error.status not in (404, 405, 501):
                raise
            _log.info("no_queue_lookup", status=error.status)
            names = (name.removeprefix(ID_PREFIX) for name in order.queues)
            return tuple(FoundQueue(Queue(name, name), {}) for name in names)

    def _started(self, order: Order, definition: Definition) -> str:
        body = definition.body(order.window, order.zone)

        def ask() -> str:
            answer = self._session.post(START_ROUTE, body, ids={"reportId": definition.report_id})
            return read(GuideExport, answer.body, answer.where).export_id

        return self._kept.once(ask, ANSWER_SECONDS, *_start_key(order, definition))

    def _look(self, order: Order, export_id: str) -> GuideExport | None:
        """The export if it is completed. 404 and 503 mean that it is not there yet."""
        kept = self._kept.get("report-export", export_id)
        if kept is not None:
            return read(GuideExport, kept, "A kept export")
        try:
            return self._asked(order, export_id)
        except SourceUnavailable as error:
            _log.info("export_not_yet", export_id=export_id, reason=error.what)
        except RequestRefused as error:
            if error.status != 404:
                raise
            _log.info("export_not_yet", export_id=export_id, reason=error.what)
        return None

    def _asked(self, order: Order, export_id: str) -> GuideExport | None:
        answer = self._session.get(EXPORT_ROUTE, ids={"exportId": export_id})
        export = read(GuideExport, answer.body, answer.where)
        status = export.status.casefold()
        if status in _FAILED:
            self._forget_starts(order)
            raise ExportFailed(
                f"{answer.where}: the export ended {export.status!r}{f' ({export.error})' if export.error else ''}.",
                way_out="Run the briefing again; if it fails again, export the report by hand to see why.",
            )
        if status != _COMPLETED:
            if status not in _PROCESSING:
                _log.warning("unknown_export_state", export_id=export_id, state=export.status[:40])
            return None
        self._kept.put(dict(answer.body), ANSWER_SECONDS, "report-export", export_id)
        return export

    def _forget_starts(self, order: Order) -> None:
        """A rerun starts anew instead of joining what has failed."""
        for definition in _definitions(order):
            self._kept.forget(*_start_key(order, definition))

    def _part(self, order: Order, definition: Definition, export_id: str, queues: tuple[Queue, ...]) -> _Part:
        export = self._completed(order, export_id, self._look(order, export_id))
        try:
            with self._downloads.file(_link(export)) as file:
                return self._read(order, definition, export, queues, file)
        except LinkExpired:
            fresh = self._completed(order, export_id, self._asked(order, export_id))
            with self._downloads.file(_link(fresh)) as file:
                return self._read(order, definition, fresh, queues, file)

    def _completed(self, order: Order, export_id: str, export: GuideExport | None) -> GuideExport:
        if export is None:
            raise SourceUnavailable(
                f"The export {export_id} of {order.name} is not there, although it was completed.",
                way_out="It is tried again by itself; after that, run the briefing again.",
            )
        return export

    def _read(
        self, order: Order, definition: Definition, export: GuideExport, queues: tuple[Queue, ...], file: IO[bytes]
    ) -> _Part:
        zone = ZoneInfo(order.zone)
        table = ReportTable(file, definition, f"The file of the report {definition.name!r}", zone)
        ids_by_name = {queue.name: queue.id for queue in queues}
        agents = tuple(agent_rows(table)) if definition.by_agent else ()
        intervals = () if definition.by_agent else tuple(queue_rows(table, order, ids_by_name, zone))
        status = f"{export.status}, partial" if export.partial else export.status
        note = SourceNote(f"report {definition.name}", export.export_id, len(agents) + len(intervals), status)
        gaps = (*_partial(definition, export), *_without_rows(definition, table, intervals, queues))
        return _Part(intervals, agents, gaps, note)


def _definitions(order: Order) -> tuple[Definition, ...]:
    if order.report is None:
        raise DefinitionRefused(f"{order.name} has no report definition.", way_out="Name one as the group's report.")
    return read_definitions(order.report, order.report_path or "of the group")


def _key(number: int, definition: Definition) -> str:
    return f"{number}:{definition.report_id}"


def _start_key(order: Order, definition: Definition) -> tuple[str, ...]:
    body = json.dumps(definition.body(order.window, order.zone), sort_keys=True)
    return ("report-start", order.name, definition.report_id, body)


def _link(export: GuideExport) -> str:
    if not export.download_url:
        raise MalformedAnswer(f"The export {export.export_id} is completed without a download link.")
    return export.download_url


def _partial(definition: Definition, export: GuideExport) -> Iterator[Gap]:
    if export.partial:
        yield Gap("partial", f"The source says that the report {definition.name!r} is incomplete.")


def _without_rows(
    definition: Definition, table: ReportTable, intervals: Iterable[QueueInterval], queues: Iterable[Queue]
) -> Iterator[Gap]:
    """A queue without rows had no calls, or goes by a slightly different name in the file: then we say so."""
    there = {row.queue_id for row in intervals}
    absent = [queue.name for queue in queues if queue.id not in there]
    odd = strangers(table, {queue.name for queue in queues}) if absent and not definition.by_agent else []
    for name in absent:
        near = difflib.get_close_matches(name, odd, n=1, cutoff=0.8)
        if near:
            yield Gap("partial", f"The report {definition.name!r} has no row for {name!r}, but one for {near[0]!r}.")


_NEEDS: tuple[tuple[Metric, tuple[frozenset[str], ...]], ...] = (
    (
        Metric.SERVICE_LEVEL,
        (frozenset({"serviceLevel"}), frozenset({"answeredInServiceLevel", "answered", "abandoned"})),
    ),
    (Metric.ABANDONMENT, (frozenset({"abandonmentRate"}), frozenset({"abandoned", "offered"}))),
    (
        Metric.OCCUPANCY,
        (frozenset({"occupancy"}), frozenset({"interactingSeconds", "communicatingSeconds", "idleSeconds"})),
    ),
    (Metric.ADHERENCE, (frozenset({"scheduledSeconds", "exceptionSeconds"}),)),
)
"""Which columns, all of one set in one definition, make a metric known."""


def _not_asked(definitions: Iterable[Definition]) -> Iterator[Gap]:
    asked = [one.column_ids for one in definitions]
    for metric, ways in _NEEDS:
        if any(way <= columns for way in ways for columns in asked):
            continue
        name = metric.value.replace("_", " ")
        if metric is Metric.ADHERENCE and any("adherence" in columns for columns in asked):
            yield Gap(
                "percent_only", f"The reports give {name} by agent only, without seconds to add up.", metric.value
            )
        else:
            yield Gap("unavailable", f"No report of this group has the columns for {name}.", metric.value)
