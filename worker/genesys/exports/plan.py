"""Which exports an order needs: one for each batch of the plan that it shares with the groups of its morning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from worker.genesys.exports import views
from worker.genesys.exports.catalogue import Catalogue
from worker.genesys.exports.progress import AGENTS, PDF, QUEUES
from worker.genesys.exports.views import Offer, View
from worker.genesys.sharing.plan import Batch, Plan, What
from worker.genesys.source import Order

QUEUES_AT_ONCE, AGENTS_AT_ONCE = 200, 500
"""The platform tells no limit for ids, but one of 10 MB for the file, which 200 busy queues of one medium keep well.

Where it finds the ids of several groups too many, it says so, and each group asks alone.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One export: its key within the order, the request's body, and the ids that it is for, if others share it."""

    key: str
    body: Mapping[str, object]
    batch: Batch | None = None

    @property
    def name(self) -> str:
        """By which the job is found again."""
        return str(self.body["name"])


def parts_of(order: Order, plan: Plan, catalogue: Catalogue) -> Iterator[Part]:
    """The exports that an order needs of its plan, and its own PDF.

    An order whose queues have no members needs none of agents: an empty list of ids would ask for everybody.
    """
    yield from _batches(order, plan, catalogue, "queue_ids")
    yield from _batches(order, plan, catalogue, "user_ids")
    if order.source_pdf:
        wanted = {"queueIds": plan.part(order.name).queue_ids, "mediaTypes": order.media}
        yield Part(PDF, views.body(views.PDF, order, f"{order.name}-{PDF}", wanted, Offer(), "PDF"))


def _batches(order: Order, plan: Plan, catalogue: Catalogue, what: What) -> Iterator[Part]:
    kind, view, size = _KINDS[what]
    for batch in plan.batches(what, order.name, size):
        key = f"{kind}-{batch.number + 1}" if batch.number else kind
        name, wanted = f"{_prefix(order, plan)}-{key}", _filter(order, batch)
        yield Part(key, views.body(view, order, name, wanted, catalogue.offer(view.type)), batch)


_KINDS: Mapping[What, tuple[str, View, int]] = {
    "queue_ids": (QUEUES, views.QUEUES, QUEUES_AT_ONCE),
    "user_ids": (AGENTS, views.AGENTS, AGENTS_AT_ONCE),
}


def _filter(order: Order, batch: Batch) -> dict[str, tuple[str, ...]]:
    if batch.what == "user_ids":
        return {"userIds": batch.ids}
    return {"queueIds": batch.ids, "mediaTypes": order.media}


def _prefix(order: Order, plan: Plan) -> str:
    """A plan of several orders has a name of its own, the same for all of them."""
    return order.name if plan.alone else f"standup-{order.window.start.date()}-{plan.id[:16]}"
