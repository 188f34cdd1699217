"""What the groups of one morning ask for together, fixed once so that all their runs agree on it.

A plan holds the queues, their members and the management units of every group that shares it. Each batch of a plan is
asked once, by the first run that needs it, and its answer is split by group. A group that is not in the plan, because
it came later or has changed, begins the next plan. A group whose queues cannot be found is left out, and fails alone.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Literal

import structlog

from worker import step_time
from worker.errors import NotYet, PermanentError, StepTooLong, TransientError
from worker.genesys.answer_cache import ANSWER_SECONDS, SHARED_SECONDS, AnswerCache, Flights, UnguardedFlights
from worker.genesys.api.instants import interval_text
from worker.genesys.api.shapes import Shape, read
from worker.genesys.lookups.queues import Lookups, batches, memberships
from worker.genesys.source import Order

Companions = Callable[[Order], Iterable[Order]]
"""Returns the orders of other groups that can be asked together with this one, the earliest stand-up first."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a source shares answers with other runs. By default it does not.

    ``on_shared`` is called with the number of answers that other runs have asked for.
    """

    flights: Flights = field(default_factory=UnguardedFlights)
    companions: Companions | None = None
    on_shared: Callable[[int], None] = lambda _: None


AT_ONCE = 200
"""Orders in a plan: enough to fill requests, and few enough that each run can read the plan."""

_TRIES = 3

IdKind = Literal["queue_ids", "user_ids", "management_units"]

_log = structlog.get_logger(__name__)


class PlannedOrder(Shape):
    """One order in a plan. ``queues`` are as the group names them, ``today`` is the day whose plan it asks for."""

    name: str
    queues: tuple[str, ...]
    queue_ids: tuple[str, ...] = ()
    user_ids: tuple[str, ...] = ()
    management_units: tuple[str, ...] = ()
    today: str = ""

    def ids(self, id_kind: IdKind) -> tuple[str, ...]:
        """Return the ids of one kind."""
        ids: tuple[str, ...] = getattr(self, id_kind)
        return ids


class Plan(Shape):
    """All orders that are asked together, the earliest stand-up first."""

    window: str
    parts: tuple[PlannedOrder, ...]

    @property
    def is_single(self) -> bool:
        """Whether there is only one order."""
        return len(self.parts) == 1

    @property
    def lifetime_seconds(self) -> float:
        """How long answers to it are cached."""
        return ANSWER_SECONDS if self.is_single else SHARED_SECONDS

    @cached_property
    def id(self) -> str:
        """A hash that is the same for the same plan."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def order_share(self, name: str) -> PlannedOrder:
        """Return the entry of an order that is in the plan."""
        return next(planned for planned in self.parts if planned.name == name)

    def single(self, name: str) -> Plan:
        """Return the plan of one of its orders alone."""
        return Plan(window=self.window, parts=(self.order_share(name),))

    def holds(self, order: Order) -> bool:
        """Return whether the order, as it is now, is in the plan."""
        identity = (order.name, order.queues, order.management_units, _today(order))
        return any((part.name, part.queues, part.management_units, part.today) == identity for part in self.parts)

    def batches(self, id_kind: IdKind, name: str, size: int) -> Iterator[Batch]:
        """Yield the batches that contain ids of an order. Each id is in one batch of the plan."""
        own_ids = set(self.order_share(name).ids(id_kind))
        all_ids = list(dict.fromkeys(batch_id for part in self.parts for batch_id in part.ids(id_kind)))
        for number, ids in enumerate(batches(all_ids, size)):
            if own_ids.intersection(ids):
                yield Batch(self, id_kind, number, tuple(ids))


@dataclass(frozen=True, slots=True)
class Batch:
    """Some ids of a plan, which one request asks for."""

    plan: Plan
    id_kind: IdKind
    number: int
    ids: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The cache key of its answer."""
        return (self.id_kind, self.plan.id, str(self.number))

    def shares(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield the orders that have ids in it, each with its ids."""
        for part in self.plan.parts:
            own_ids = frozenset(part.ids(self.id_kind)).intersection(self.ids)
            if own_ids:
                yield part.name, own_ids


class RecentPlans:
    """The plans that this process has read lately. A plan's id is the hash of its content, so none is out of date.

    Each step of a run reads its plan, with all orders of the morning.
    """

    def __init__(self, most: int = 16) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._plans: dict[str, Plan] = {}

    def read(self, plan_id: str, stored: object) -> Plan:
        """Return the plan of this id. ``stored`` is its JSON value. Raises `MalformedAnswer` if it is none."""
        plan = self._plans.get(plan_id)
        if plan is None:
            plan = read(Plan, stored, "A kept plan")
            with self._lock:
                self._plans[plan_id] = plan
                if len(self._plans) > self._most:
                    del self._plans[next(iter(self._plans))]
        return plan


_RECENT_PLANS = RecentPlans()


def units_alone(order: Order) -> Plan:
    """Return the plan of an order that shares with no other, without its queues."""
    part = PlannedOrder(name=order.name, queues=order.queues, management_units=order.management_units)
    return Plan(window=interval_text(order.window), parts=(part,))


class RequestPlanner:
    """Finds the plan that an order is in, or makes one. It remembers the plan, so each step of a run needs its own."""

    def __init__(self, cache: AnswerCache, lookups: Lookups, companions: Companions | None = None) -> None:
        self._cache = cache
        self._lookups = lookups
        self._companions = companions
        self._plans: dict[str, Plan] = {}

    def plan(self, order: Order) -> Plan:
        """Return the plan that contains this order. Raises `LookupFailed` if its own queues cannot be found."""
        if order.name not in self._plans:
            is_unshared = self._companions is None
            self._plans[order.name] = (
                self._plan_of([self._planned(order)], order) if is_unshared else self._shared_plan(order)
            )
        return self._plans[order.name]

    def units_plan(self, order: Order) -> Plan:
        """Return the plan for adherence. An order that shares with no other needs no look-ups for it."""
        return units_alone(order) if self._companions is None else self.plan(order)

    def _shared_plan(self, order: Order) -> Plan:
        """Find the shared plan by its id. If the order has changed since it was planned, plan it again."""
        key = ("plan", interval_text(order.window), *sorted(order.media))
        for _ in range(_TRIES):
            plan_id = self._cache.share_or_ask(lambda: self._make_plan(order, key), SHARED_SECONDS, order.name, *key)
            stored = self._cache.get("plan", str(plan_id))
            if stored is not None and (plan := _RECENT_PLANS.read(str(plan_id), stored)).holds(order):
                return plan
            self._cache.forget(*key, order.name)
        return self._plan_of([self._planned(order)], order)  # the store keeps nothing, so each order asks alone

    def _make_plan(self, order: Order, key: tuple[str, ...]) -> Mapping[str, str]:
        orders = self._with_others(order, key)
        self._lookups.learn(name for companion in orders for name in companion.queues)
        plan = self._plan_of(list(self._parts(order, orders)), order)
        self._cache.put(plan.model_dump(mode="json", by_alias=True), SHARED_SECONDS, "plan", plan.id)
        return {part.name: plan.id for part in plan.parts}

    def _parts(self, order: Order, companions: Iterable[Order]) -> Iterator[PlannedOrder]:
        """Yield the orders with their queues and members, as many as half of the step's time is enough for.

        The others begin the next plan. Unless the look-ups are cached, each queue takes a request.
        """
        unused_seconds = step_time.remaining_seconds(0.0) / 2
        own_part = self._planned(order)
        for companion in companions:
            if companion.name == order.name:
                yield own_part
            elif step_time.remaining_seconds(0.0) >= unused_seconds and (part := self._planned_or_none(companion)):
                yield part

    def _with_others(self, order: Order, key: tuple[str, ...]) -> list[Order]:
        """Return the orders that are in no plan yet, including this one, the earliest stand-up first."""
        candidates = self._companions(order) if self._companions else ()
        free = (
            companion
            for companion in candidates
            if companion.name == order.name or self._cache.get(*key, companion.name) is None
        )
        shared_orders = [order if companion.name == order.name else companion for companion in islice(free, AT_ONCE)]
        return shared_orders if order in shared_orders else [*shared_orders[: AT_ONCE - 1], order]

    def _planned_or_none(self, order: Order) -> PlannedOrder | None:
        try:
            return self._planned(order)
        except (NotYet, StepTooLong):
            raise
        except (PermanentError, TransientError) as error:
            _log.info("left out of the plan", order=order.name, because=error.code)
            return None

    def _planned(self, order: Order) -> PlannedOrder:
        found_queues = self._lookups.queues(order.queues)
        users, _ = memberships(self._lookups, found_queues)
        return PlannedOrder(
            name=order.name,
            queues=order.queues,
            queue_ids=tuple(found_queue.queue.id for found_queue in found_queues),
            user_ids=tuple(sorted(users)),
            management_units=order.management_units,
            today=_today(order),
        )

    def _plan_of(self, parts: list[PlannedOrder], order: Order) -> Plan:
        return Plan(window=interval_text(order.window), parts=tuple(parts))


def _today(order: Order) -> str:
    return interval_text(order.today) if order.today else ""
