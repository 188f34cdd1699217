"""The files of an order's exports: each is downloaded and read once, for all groups that share it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import IO, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field

from worker.domain.gap_texts import GapPart, GapText
from worker.domain.groups import known_zones
from worker.domain.rows import Gap, QueueInterval, SourceNote, gap
from worker.errors import MalformedAnswer, SourceUnavailable
from worker.genesys.answer_cache import AnswerCache
from worker.genesys.api.shapes import Shape, read
from worker.genesys.exports import agents, rows
from worker.genesys.exports.job_status import ExportEntity
from worker.genesys.exports.jobs import ExportJobs, base_name
from worker.genesys.exports.plan import PlannedExport
from worker.genesys.exports.progress import AGENTS, QUEUES, Progress
from worker.genesys.exports.starter import ExportStarter
from worker.genesys.exports.views import AGENT_VIEW, QUEUE_VIEW, View
from worker.genesys.sharing.plan import IdKind
from worker.genesys.source import Order
from worker.genesys.tables.table import Table

_WAY_OUT = (
    'The view has changed, or the organisation localizes it: set source = "queries" for the group meanwhile, '
    "and report these headers."
)

R = TypeVar("R", rows.QueueRows, agents.AgentTimes)

Sharers = Iterable[tuple[str, Collection[str]]]
"""Names of orders, each with the ids of its queues or agents."""


class ExportShare(Shape):
    """One order's share of a file, as it is cached for the other groups of the morning.

    ``times`` are milliseconds by routing status and user. ``knows_communicating`` is false if the file lacks that
    time. ``created`` is when the platform started the job. ``asked_by`` is the order whose run downloaded the file.
    """

    asked_by: str
    note: SourceNote
    intervals: tuple[QueueInterval, ...] = ()
    times: dict[str, dict[str, int]] = Field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    created: datetime | None = None
    knows_communicating: bool = True


class ShareFetcher:
    """Gets the shares of an order: from the cache, or by downloading and reading the files."""

    def __init__(self, cache: AnswerCache, jobs: ExportJobs, starter: ExportStarter) -> None:
        self._cache = cache
        self._jobs = jobs
        self._starter = starter

    def shares(self, order: Order, progress: Progress, entities: Mapping[str, ExportEntity]) -> Iterator[ExportShare]:
        """Yield the order's share of each of its files, those of queues first."""
        plan = self._starter.plan(order)
        own_ids = plan.order_share(order.name)
        exports = {export.name: export for export in self._starter.planned_exports(order, plan)}
        for kind in (QUEUES, AGENTS):
            for key in progress.exports(kind):
                entity = _find_entity(entities, progress.ids[key])
                sharers = _sharers(exports.get(base_name(entity))) or [(order.name, own_ids.ids(_ID_KINDS[kind]))]
                yield self._share(order, entity, kind, sharers, plan.lifetime_seconds)

    def _share(
        self, order: Order, entity: ExportEntity, kind: str, sharers: Sharers, lifetime_seconds: float
    ) -> ExportShare:
        def fetch() -> Mapping[str, object]:
            with self._jobs.file(entity) as file:
                return _READERS[kind](entity, file, order, sharers)

        share = self._cache.share_or_ask(fetch, lifetime_seconds, order.name, "export-rows", entity.id or "")
        return read(ExportShare, share, "A cached export")


def _sharers(export: PlannedExport | None) -> Sharers:
    return list(export.batch.shares()) if export and export.batch else []


def _find_entity(entities: Mapping[str, ExportEntity], export_id: str) -> ExportEntity:
    if export_id not in entities:
        raise SourceUnavailable(
            f"The export {export_id} is no longer listed, although it was completed.",
            way_out="The step is retried automatically. If it fails again, run the briefing again.",
        )
    return entities[export_id]


def queue_shares(entity: ExportEntity, file: IO[bytes], order: Order, sharers: Sharers) -> Mapping[str, object]:
    """Return each sharer's share of a file of queues, as JSON values by the sharer's name."""
    sharers = [(name, frozenset(ids)) for name, ids in sharers]
    table = _table(entity, file, order, QUEUE_VIEW)
    all_ids = frozenset().union(*(ids for _, ids in sharers))
    all_rows = rows.queue_intervals(table, order, all_ids)
    file_gaps = tuple(_gaps(entity, table, GapPart.EXPORT_OF_QUEUES.value))

    def share(ids: Collection[str]) -> ExportShare:
        own_rows = _rows_of_sharer(all_rows, lambda: rows.queue_intervals(table, order, ids))
        intervals = tuple(interval for interval in own_rows.intervals if interval.queue_id in ids)
        note = _note(entity, GapPart.EXPORT_OF_QUEUES.value, len(intervals))
        gaps = (*file_gaps, *own_rows.gaps)
        return ExportShare(asked_by=order.name, note=note, intervals=intervals, gaps=gaps, created=_created(entity))

    return {name: share(ids).model_dump(mode="json", by_alias=True) for name, ids in sharers}


def agent_shares(entity: ExportEntity, file: IO[bytes], order: Order, sharers: Sharers) -> Mapping[str, object]:
    """Return each sharer's share of a file of agents, as JSON values by the sharer's name."""
    sharers = [(name, frozenset(ids)) for name, ids in sharers]
    table = _table(entity, file, order, AGENT_VIEW)
    all_ids = frozenset().union(*(ids for _, ids in sharers))
    all_times = agents.agent_times(table, order, all_ids)
    file_gaps = tuple(_gaps(entity, table, GapPart.EXPORT_OF_AGENTS.value))

    def share(ids: Collection[str]) -> ExportShare:
        times = _rows_of_sharer(all_times, lambda: agents.agent_times(table, order, ids))
        own_times = {user: spent for user, spent in times.by_user.items() if user in ids}
        return ExportShare(
            asked_by=order.name,
            note=_note(entity, GapPart.EXPORT_OF_AGENTS.value, len(own_times)),
            times=own_times,
            gaps=(*file_gaps, *times.gaps),
            created=_created(entity),
            knows_communicating=table.has_column("communicatingMs"),
        )

    return {name: share(ids).model_dump(mode="json", by_alias=True) for name, ids in sharers}


def _rows_of_sharer(all_rows: R, read_own: Callable[[], R]) -> R:
    """Return what all sharers read, or what one reads of its own rows if something is missing in those of all.

    What is missing may be in the rows of another group. A file that cannot be read without them is read with them.
    """
    if not all_rows.gaps:
        return all_rows
    try:
        return read_own()
    except MalformedAnswer:
        return all_rows


_READERS: Mapping[str, Callable[[ExportEntity, IO[bytes], Order, Sharers], Mapping[str, object]]] = {
    QUEUES: queue_shares,
    AGENTS: agent_shares,
}
_ID_KINDS: Mapping[str, IdKind] = {QUEUES: "queue_ids", AGENTS: "user_ids"}


def _table(entity: ExportEntity, file: IO[bytes], order: Order, view: View) -> Table:
    """Times without an offset are in the zone for which the job was started, perhaps by another group."""
    zone = ZoneInfo(entity.time_zone if entity.time_zone in known_zones() else order.zone)
    label = GapPart.EXPORT_FILE.value.format(name=entity.name or entity.id)
    return Table(file, view.columns, label, zone, way_out=_WAY_OUT)


def _gaps(entity: ExportEntity, table: Table, title: str) -> Iterator[Gap]:
    if entity.partial:
        yield gap("partial", GapText.EXPORT_INCOMPLETE, export=title)
    yield from rows.unfinished(table, title)


def _note(entity: ExportEntity, title: str, count: int) -> SourceNote:
    return SourceNote(title, entity.id or "", count, "partial" if entity.partial else "complete")


def _created(entity: ExportEntity) -> datetime | None:
    created = entity.created_date_time
    return created if created and created.tzinfo else None
