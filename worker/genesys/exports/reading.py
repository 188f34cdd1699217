"""The files of an order's exports, read one after the other."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import IO
from zoneinfo import ZoneInfo

from worker.domain.rows import Gap, QueueInterval, SourceNote
from worker.genesys.exports import rows
from worker.genesys.exports.standing import Entity
from worker.genesys.exports.views import AGENTS, QUEUES, View
from worker.genesys.report_table import ReportTable
from worker.genesys.source import Order

_WAY_OUT = (
    'The view has changed, or the organisation localizes it: set source = "queries" for the group meanwhile, '
    "and report these headers."
)


class Reading:
    """What the files gave so far.

    ``times`` are milliseconds by routing status and user; ``knows_communicating`` is false where their file lacks that
    time. ``created`` are the instants at which the platform took the jobs up.
    """

    def __init__(self, order: Order) -> None:
        self._order = order
        self._zone = ZoneInfo(order.zone)
        self.intervals: list[QueueInterval] = []
        self.times: dict[str, dict[str, int]] = {}
        self.gaps: list[Gap] = []
        self.notes: list[SourceNote] = []
        self.created: list[datetime] = []
        self.knows_communicating = True

    def take_queues(self, entity: Entity, file: IO[bytes], queue_ids: Collection[str]) -> None:
        """Read half-hours of these queues."""
        table = self._table(entity, file, QUEUES)
        found = rows.queue_intervals(table, self._order, queue_ids, self._zone)
        self.intervals += found
        self._note(entity, table, len(found), "export of queues")

    def take_agents(self, entity: Entity, file: IO[bytes], user_ids: Collection[str]) -> None:
        """Read the times of these users."""
        table = self._table(entity, file, AGENTS)
        found = rows.agent_times(table, self._order, user_ids)
        self.times |= found
        self.knows_communicating &= table.has("communicatingMs")
        self._note(entity, table, len(found), "export of agents")

    def _table(self, entity: Entity, file: IO[bytes], view: View) -> ReportTable:
        where = f"The file of the export {entity.name or entity.id}"
        return ReportTable(file, view.columns, where, self._zone, way_out=_WAY_OUT)

    def _note(self, entity: Entity, table: ReportTable, count: int, what: str) -> None:
        self.notes.append(SourceNote(what, entity.id or "", count, entity.status))
        self.gaps += rows.unfinished(table, what)
        if entity.partial:
            self.gaps.append(Gap("partial", f"The source says that its {what} is incomplete."))
        if entity.created_date_time and entity.created_date_time.tzinfo:
            self.created.append(entity.created_date_time)
