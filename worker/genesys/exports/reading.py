"""A file of an export, read once for all groups that share it: each gets its share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import IO
from zoneinfo import ZoneInfo

from pydantic import Field

from worker.domain.groups import known_zones
from worker.domain.rows import Gap, QueueInterval, SourceNote
from worker.genesys.api.shapes import Shape
from worker.genesys.exports import rows
from worker.genesys.exports.standing import Entity
from worker.genesys.exports.views import AGENTS, QUEUES, View
from worker.genesys.reporting.table import ReportTable
from worker.genesys.source import Order

_WAY_OUT = (
    'The view has changed, or the organisation localizes it: set source = "queries" for the group meanwhile, '
    "and report these headers."
)

Orders = Iterable[tuple[str, Collection[str]]]
"""Names of orders, each with the ids of its queues or agents."""


class Share(Shape):
    """What an order gets from a file, as it is kept for the others of its morning.

    ``times`` are milliseconds by routing status and user; ``knows_communicating`` is false where the file lacks that
    time. ``created`` is when the platform took the job up, ``asked_by`` the order whose run fetched the file.
    """

    asked_by: str
    note: SourceNote
    intervals: tuple[QueueInterval, ...] = ()
    times: dict[str, dict[str, int]] = Field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    created: datetime | None = None
    knows_communicating: bool = True


def queue_shares(entity: Entity, file: IO[bytes], order: Order, orders: Orders) -> Mapping[str, object]:
    """Each order's share of a file of queues, as JSON values by the order's name."""
    orders = [(name, frozenset(ids)) for name, ids in orders]
    table, zone = _table(entity, file, order, QUEUES)
    every = frozenset().union(*(ids for _, ids in orders))
    found = rows.queue_intervals(table, order, every, zone)
    gaps = tuple(_gaps(entity, table, "export of queues"))

    def share(ids: Collection[str]) -> Share:
        own = tuple(row for row in found if row.queue_id in ids)
        note = _note(entity, "export of queues", len(own))
        return Share(asked_by=order.name, note=note, intervals=own, gaps=gaps, created=_created(entity))

    return {name: share(ids).model_dump(mode="json", by_alias=True) for name, ids in orders}


def agent_shares(entity: Entity, file: IO[bytes], order: Order, orders: Orders) -> Mapping[str, object]:
    """Each order's share of a file of agents, as JSON values by the order's name."""
    orders = [(name, frozenset(ids)) for name, ids in orders]
    table, _ = _table(entity, file, order, AGENTS)
    every = frozenset().union(*(ids for _, ids in orders))
    found = rows.agent_times(table, order, every)
    gaps = tuple(_gaps(entity, table, "export of agents"))

    def share(ids: Collection[str]) -> Share:
        own = {user: times for user, times in found.items() if user in ids}
        return Share(
            asked_by=order.name,
            note=_note(entity, "export of agents", len(own)),
            times=own,
            gaps=gaps,
            created=_created(entity),
            knows_communicating=table.has("communicatingMs"),
        )

    return {name: share(ids).model_dump(mode="json", by_alias=True) for name, ids in orders}


def _table(entity: Entity, file: IO[bytes], order: Order, view: View) -> tuple[ReportTable, ZoneInfo]:
    """Times without an offset are in the zone for which the job was started, maybe by another group."""
    zone = ZoneInfo(entity.time_zone if entity.time_zone in known_zones() else order.zone)
    where = f"The file of the export {entity.name or entity.id}"
    return ReportTable(file, view.columns, where, zone, way_out=_WAY_OUT), zone


def _gaps(entity: Entity, table: ReportTable, what: str) -> Iterator[Gap]:
    if entity.partial:
        yield Gap("partial", f"The source says that its {what} is incomplete.")
    yield from rows.unfinished(table, what)


def _note(entity: Entity, what: str, count: int) -> SourceNote:
    return SourceNote(what, entity.id or "", count, "partial" if entity.partial else "complete")


def _created(entity: Entity) -> datetime | None:
    created = entity.created_date_time
    return created if created and created.tzinfo else None
