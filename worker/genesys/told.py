"""What an analytics query was answered, with when and under which id: asked once for a batch, split by order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import structlog

from worker.errors import MalformedAnswer, PermissionMissing, RequestRefused
from worker.genesys.kept import Kept
from worker.genesys.session import Session
from worker.genesys.shapes import Shape, read
from worker.genesys.together import Batch, Plan, What

REFUSALS = (RequestRefused, PermissionMissing, MalformedAnswer)
"""What may be the fault of one group among those that are asked for together."""

BATCH = 100
"""Ids in one query: what the API takes of users, and states for nothing else.

A hundred queues make a body of 11 kB, where 512 kB are allowed, and an answer of 3 to 4 MB for a day in half-hours.
"""

Query = Callable[[Iterable[str]], Mapping[str, object]]

_log = structlog.get_logger(__name__)


class Told(Shape):
    """An answer, or an order's share of one: the id under which Genesys finds it in its logs, the instant (aware)."""

    correlation_id: str
    fetched_at: datetime
    body: dict[str, object]
    asked_by: str = ""


class _Group(Shape):
    group: dict[str, str]


class _Results(Shape):
    results: tuple[dict[str, object], ...] | None = None


class Analytics:
    """Asks analytics queries for whole plans."""

    def __init__(self, session: Session, kept: Kept, clock: Callable[[], datetime]) -> None:
        self._session = session
        self._kept = kept
        self._clock = clock

    def told(
        self, plan: Plan, what: What, name: str, route: str, dimension: str, query: Query
    ) -> list[tuple[frozenset[str], Told]]:
        """An order's ids with what was told of them, batch by batch; ``query`` makes the body for some ids.

        A batch that is refused is asked again for this order alone: one group's fault is not held against all.
        """
        found = []
        for batch in plan.batches(what, name, BATCH):
            own = dict(batch.shares())[name]
            found.append((own, self._of(batch, name, own, route, dimension, query)))
        return found

    def _of(self, batch: Batch, name: str, own: frozenset[str], route: str, dimension: str, query: Query) -> Told:
        def ask(of: Batch) -> Told:
            pieces = self._kept.each_once(
                lambda: self._ask(of, name, route, dimension, query), batch.plan.lifetime_seconds, name, *of.key
            )
            return read(Told, pieces, f"A kept answer of POST {route}")

        if batch.plan.alone:
            return ask(batch)
        if not self._kept.get("apart", *batch.key):
            try:
                return ask(batch)
            except REFUSALS as error:
                _log.warning("refused for several groups, asked one by one", route=route, because=error.code)
                self._kept.put(True, batch.plan.lifetime_seconds, "apart", *batch.key)
        alone = batch.plan.just(name)
        return ask(Batch(alone, batch.what, batch.number, tuple(one for one in batch.ids if one in own)))

    def _ask(self, batch: Batch, name: str, route: str, dimension: str, query: Query) -> Mapping[str, object]:
        answer = self._session.post(route, query(batch.ids))
        results = read(_Results, answer.body, answer.where).results or ()
        by_id: dict[str | None, list[object]] = {}
        for one in results:
            by_id.setdefault(read(_Group, one, answer.where).group.get(dimension), []).append(one)
        at = self._clock()

        def share(ids: frozenset[str]) -> object:
            body: dict[str, object] = {
                "results": [one for each in batch.ids if each in ids for one in by_id.get(each, ())]
            }
            told = Told(correlation_id=answer.correlation_id, fetched_at=at, body=body, asked_by=name)
            return told.model_dump(mode="json", by_alias=True)

        return {order: share(ids) for order, ids in batch.shares()}
