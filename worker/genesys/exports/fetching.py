"""The files of an order's exports, each fetched and read once for all groups that share it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from worker.errors import SourceUnavailable
from worker.genesys.api.shapes import read
from worker.genesys.exports.jobs import ExportJobs, base_name
from worker.genesys.exports.plan import Part
from worker.genesys.exports.progress import AGENTS, QUEUES, Progress
from worker.genesys.exports.reading import Orders, Share, agent_shares, queue_shares
from worker.genesys.exports.standing import Entity
from worker.genesys.exports.starting import Starting
from worker.genesys.lookups.cache import Kept
from worker.genesys.sharing.plan import What
from worker.genesys.source import Order

_READERS = {QUEUES: queue_shares, AGENTS: agent_shares}
_IDS: Mapping[str, What] = {QUEUES: "queue_ids", AGENTS: "user_ids"}


class Fetching:
    """Gives orders their shares."""

    def __init__(self, kept: Kept, jobs: ExportJobs, starting: Starting) -> None:
        self._kept = kept
        self._jobs = jobs
        self._starting = starting

    def shares(self, order: Order, progress: Progress, entities: Mapping[str, Entity]) -> Iterator[Share]:
        """What the order gets from each of its files, those of queues first."""
        plan = self._starting.plan(order)
        own = plan.part(order.name)
        parts = {part.name: part for part in self._starting.parts(order, plan)}
        for kind in (QUEUES, AGENTS):
            for key in progress.exports(kind):
                entity = _listed(entities, progress.ids[key])
                orders = _sharers(parts.get(base_name(entity))) or [(order.name, own.ids(_IDS[kind]))]
                yield self._share(order, entity, kind, orders, plan.lifetime_seconds)

    def _share(self, order: Order, entity: Entity, kind: str, orders: Orders, lifetime_seconds: float) -> Share:
        def fetch() -> Mapping[str, object]:
            with self._jobs.file(entity) as file:
                return _READERS[kind](entity, file, order, orders)

        kept = self._kept.each_once(fetch, lifetime_seconds, order.name, "export-rows", entity.id or "")
        return read(Share, kept, "A kept export")


def _sharers(part: Part | None) -> Orders:
    return list(part.batch.shares()) if part and part.batch else []


def _listed(entities: Mapping[str, Entity], export_id: str) -> Entity:
    if export_id not in entities:
        raise SourceUnavailable(
            f"The export {export_id} is not listed any more, although it was completed.",
            way_out="It is tried again by itself; after that, run the briefing again.",
        )
    return entities[export_id]
