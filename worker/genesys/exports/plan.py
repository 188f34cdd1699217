"""Which exports an order needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from worker.genesys.exports import views
from worker.genesys.exports.catalogue import Catalogue
from worker.genesys.exports.jobs import Part
from worker.genesys.exports.progress import AGENTS, PDF, QUEUES
from worker.genesys.exports.views import View
from worker.genesys.lookups import Lookups, batches, memberships
from worker.genesys.source import Order


def parts_of(order: Order, lookups: Lookups, catalogue: Catalogue) -> Iterator[Part]:
    """The exports with their names; an order whose queues have no members needs none of agents.

    `LookupFailed` where a queue does not exist. An empty list of ids would ask for everybody, so it is never sent.
    """
    found = lookups.queues(order.queues)
    queue_ids = [one.queue.id for one in found]
    users, _ = memberships(lookups, found)
    for key, ids in _keyed(QUEUES, queue_ids):
        yield _part(order, catalogue, key, views.QUEUES, {"queueIds": ids, "mediaTypes": order.media})
    for key, ids in _keyed(AGENTS, sorted(users)):
        yield _part(order, catalogue, key, views.AGENTS, {"userIds": ids})
    if order.source_pdf:
        yield _part(order, catalogue, PDF, views.PDF, {"queueIds": queue_ids, "mediaTypes": order.media}, "PDF")


def _keyed(kind: str, ids: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The ids in batches, each with its key: ``queues``, ``queues-2`` …"""
    for number, batch in enumerate(batches(ids), 1):
        yield (kind if number == 1 else f"{kind}-{number}"), batch


def _part(
    order: Order, catalogue: Catalogue, key: str, view: View, wanted: Mapping[str, Iterable[str]], form: str = "CSV"
) -> Part:
    offer = catalogue.offer(view.type) if view.chosen else views.Offer()
    return Part(key, views.body(view, order, f"{order.name}-{key}", wanted, offer, form))
