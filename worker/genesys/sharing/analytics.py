"""Answers of analytics queries: each batch is asked once, and its answer is split by order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from worker.domain.clock import Clock
from worker.genesys.answer_cache import AnswerCache
from worker.genesys.api.session import Answer, Session
from worker.genesys.api.shapes import Shape, read
from worker.genesys.sharing.plan import Batch, Plan
from worker.genesys.sharing.splitting import REFUSALS, BatchSplitter

QUEUE_ROUTE = "/api/v2/analytics/conversations/aggregates/query"
USER_ROUTE = "/api/v2/analytics/users/aggregates/query"

USERS_AT_ONCE = 100
"""More user ids in one query are refused."""

QUEUES_AT_ONCE = 200
"""No limit is stated for queues. 200 make a body of 22 kB (512 kB are allowed) and an answer of at most 8 MB."""

Query = Callable[[Iterable[str]], Mapping[str, object]]


class AnalyticsAnswer(Shape):
    """An answer, or an order's share of one. ``correlation_id`` finds it in Genesys' logs, ``fetched_at`` is aware."""

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
    """A kind of query: its route, the dimension by which its answer is split, and a function that makes the body."""

    route: str
    dimension: str
    query: Query


class Analytics:
    """Asks analytics queries for whole plans."""

    def __init__(self, session: Session, cache: AnswerCache, clock: Clock) -> None:
        self._session = session
        self._cache = cache
        self._clock = clock
        self._splitter = BatchSplitter(cache)

    def of_queues(self, plan: Plan, name: str, query: Query) -> list[tuple[frozenset[str], AnalyticsAnswer]]:
        """Return the answers about an order's queues, with their ids. ``query`` makes the body for some ids."""
        batches = plan.batches("queue_ids", name, QUEUES_AT_ONCE)
        return [self._answer(batch, name, _Kind(QUEUE_ROUTE, "queueId", query)) for batch in batches]

    def of_users(self, plan: Plan, name: str, query: Query) -> list[tuple[frozenset[str], AnalyticsAnswer]]:
        """Return the answers about an order's users, with their ids. ``query`` makes the body for some ids."""
        batches = plan.batches("user_ids", name, USERS_AT_ONCE)
        return [self._answer(batch, name, _Kind(USER_ROUTE, "userId", query)) for batch in batches]

    def _answer(self, batch: Batch, name: str, kind: _Kind) -> tuple[frozenset[str], AnalyticsAnswer]:
        """Ask for a batch. If it is refused, ask for this order alone: one group's mistake must not harm others."""
        own_ids = dict(batch.shares())[name]
        if batch.plan.is_single:
            return own_ids, self._cached_answer(batch, name, kind)
        if not self._splitter.is_split(batch):
            with suppress(*REFUSALS):
                return own_ids, self._cached_answer(batch, name, kind)
        ids = tuple(batch_id for batch_id in batch.ids if batch_id in own_ids)
        return own_ids, self._cached_answer(
            Batch(batch.plan.single(name), batch.id_kind, batch.number, ids), name, kind
        )

    def _cached_answer(self, batch: Batch, name: str, kind: _Kind) -> AnalyticsAnswer:
        stored = self._cache.share_or_ask(
            lambda: self._ask(batch, name, kind), batch.plan.lifetime_seconds, name, *batch.key
        )
        return read(AnalyticsAnswer, stored, f"A kept answer of POST {kind.route}")

    def _ask(self, batch: Batch, name: str, kind: _Kind) -> Mapping[str, object]:
        with self._splitter.guard(batch):
            answer = self._session.post(kind.route, kind.query(batch.ids))
            by_id = _split(answer, kind.dimension)
        origin = {
            "correlationId": answer.correlation_id,
            "fetchedAt": self._clock().isoformat(),
            "askedBy": name,
        }

        def share(ids: frozenset[str]) -> object:
            """Return an `AnalyticsAnswer` as JSON. To make it by the model takes longer (docs/scale.md)."""
            results = [result for batch_id in batch.ids if batch_id in ids for result in by_id.get(batch_id, ())]
            return {**origin, "body": {"results": results}}

        return {order: share(ids) for order, ids in batch.shares()}


def _split(answer: Answer, dimension: str) -> Mapping[str, list[object]]:
    """Return the results by the id that they are about."""
    by_id: dict[str, list[object]] = {}
    for result in read(_Results, answer.body, answer.label).results or ():
        subject = read(_Group, result, answer.label).group.get(dimension, "")
        by_id.setdefault(subject, []).append(result)
    return by_id
