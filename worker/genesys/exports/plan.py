"""The exports that an order needs: one for each batch of the plan that it shares with other groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from worker.genesys.exports import views
from worker.genesys.exports.catalogue import ViewCatalogue
from worker.genesys.exports.progress import AGENTS, PDF, QUEUES
from worker.genesys.exports.views import View, ViewOffer
from worker.genesys.sharing.plan import Batch, IdKind, Plan
from worker.genesys.source import Order

QUEUES_AT_ONCE, AGENTS_AT_ONCE = 200, 500
"""The platform states no limit for ids, but 10 MB for the file, enough for 200 busy queues of one medium.

If it refuses the ids of several groups as too many, each group asks alone.
"""


@dataclass(frozen=True, slots=True)
class PlannedExport:
    """One export: its key within the order, the request's body, and the batch that other orders may share."""

    key: str
    body: Mapping[str, object]
    batch: Batch | None = None

    @property
    def name(self) -> str:
        """The name by which the job is found again."""
        return str(self.body["name"])


def plan_exports(order: Order, plan: Plan, catalogue: ViewCatalogue) -> Iterator[PlannedExport]:
    """Yield the exports that an order needs, and its own PDF.

    If the queues have no members, there is no export of agents: an empty list of ids would ask for all agents.
    """
    yield from _batches(order, plan, catalogue, "queue_ids")
    yield from _batches(order, plan, catalogue, "user_ids")
    if order.source_pdf:
        filters = {"queueIds": plan.order_share(order.name).queue_ids, "mediaTypes": order.media}
        yield PlannedExport(PDF, views.body(views.PDF_VIEW, order, f"{order.name}-{PDF}", filters, ViewOffer(), "PDF"))


def _batches(order: Order, plan: Plan, catalogue: ViewCatalogue, id_kind: IdKind) -> Iterator[PlannedExport]:
    kind, view, size = _KINDS[id_kind]
    for batch in plan.batches(id_kind, order.name, size):
        key = f"{kind}-{batch.number + 1}" if batch.number else kind
        name, filters = f"{_prefix(order, plan)}-{key}", _filter(order, batch)
        yield PlannedExport(key, views.body(view, order, name, filters, catalogue.offer(view.type)), batch)


_KINDS: Mapping[IdKind, tuple[str, View, int]] = {
    "queue_ids": (QUEUES, views.QUEUE_VIEW, QUEUES_AT_ONCE),
    "user_ids": (AGENTS, views.AGENT_VIEW, AGENTS_AT_ONCE),
}


def _filter(order: Order, batch: Batch) -> dict[str, tuple[str, ...]]:
    if batch.id_kind == "user_ids":
        return {"userIds": batch.ids}
    return {"queueIds": batch.ids, "mediaTypes": order.media}


def _prefix(order: Order, plan: Plan) -> str:
    """A plan of several orders has its own name, the same for all of them."""
    return order.name if plan.is_single else f"standup-{order.window.start.date()}-{plan.id[:16]}"
