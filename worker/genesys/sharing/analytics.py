"""What an analytics query was answered, with when and under which id: asked once for a batch, split by order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from worker.genesys.api.session import Answer, Session
from worker.genesys.api.shapes import Shape, read
from worker.genesys.lookups.cache import Kept
from worker.genesys.sharing.plan import Batch, Plan
from worker.genesys.sharing.splitting import REFUSALS, Parting

QUEUE_ROUTE = "/api/v2/analytics/conversations/aggregates/query"
USER_ROUTE = "/api/v2/analytics/users/aggregates/query"

USERS_AT_ONCE = 100
"""More user ids in one query are refused."""

QUEUES_AT_ONCE = 200
"""Nothing is stated of queues: 200 make a body of 22 kB, where 512 kB are allowed, and an answer of at most 8 MB."""

Query = Callable[[Iterable[str]], Mapping[str, object]]


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


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of query: where it goes, by which dimension its answer is split, and the body for some ids."""

    route: str
    dimension: str
    query: Query


class Analytics:
    """Asks analytics queries for whole plans."""

    def __init__(self, session: Session, kept: Kept, clock: Callable[[], datetime]) -> None:
        self._session = session
        self._kept = kept
        self._clock = clock
        self._parting = Parting(kept)

    def of_queues(self, plan: Plan, name: str, query: Query) -> list[tuple[frozenset[str], Told]]:
        """What was told of an order's queues, with their ids; ``query`` makes the body for some ids."""
        batches = plan.batches("queue_ids", name, QUEUES_AT_ONCE)
        return [self._told(batch, name, _Kind(QUEUE_ROUTE, "queueId", query)) for batch in batches]

    def of_users(self, plan: Plan, name: str, query: Query) -> list[tuple[frozenset[str], Told]]:
        """What was told of an order's users, with their ids; ``query`` makes the body for some ids."""
        batches = plan.batches("user_ids", name, USERS_AT_ONCE)
        return [self._told(batch, name, _Kind(USER_ROUTE, "userId", query)) for batch in batches]

    def _told(self, batch: Batch, name: str, kind: _Kind) -> tuple[frozenset[str], Told]:
        """A batch that is refused is asked for this order alone: one group's fault is not held against all."""
        own = dict(batch.shares())[name]
        if batch.plan.alone:
            return own, self._once(batch, name, kind)
        if not self._parting.apart(batch):
            with suppress(*REFUSALS):
                return own, self._once(batch, name, kind)
        ids = tuple(one for one in batch.ids if one in own)
        return own, self._once(Batch(batch.plan.just(name), batch.what, batch.number, ids), name, kind)

    def _once(self, batch: Batch, name: str, kind: _Kind) -> Told:
        kept = self._kept.each_once(lambda: self._ask(batch, name, kind), batch.plan.lifetime_seconds, name, *batch.key)
        return read(Told, kept, f"A kept answer of POST {kind.route}")

    def _ask(self, batch: Batch, name: str, kind: _Kind) -> Mapping[str, object]:
        with self._parting.watching(batch):
            answer = self._session.post(kind.route, kind.query(batch.ids))
            by_id = _split(answer, kind.dimension)
        at = self._clock()

        def share(ids: frozenset[str]) -> object:
            results = [one for each in batch.ids if each in ids for one in by_id.get(each, ())]
            body: dict[str, object] = {"results": results}
            told = Told(correlation_id=answer.correlation_id, fetched_at=at, body=body, asked_by=name)
            return told.model_dump(mode="json", by_alias=True)

        return {order: share(ids) for order, ids in batch.shares()}


def _split(answer: Answer, dimension: str) -> Mapping[str, list[object]]:
    """The results by the id that they are about."""
    by_id: dict[str, list[object]] = {}
    for one in read(_Results, answer.body, answer.where).results or ():
        about = read(_Group, one, answer.where).group.get(dimension, "")
        by_id.setdefault(about, []).append(one)
    return by_id
