"""What the groups of one morning ask for together, fixed once so that all their runs agree on it. Pure but `Together`.

A plan holds the queues, their members and the management units of every group that shares it. Each batch of a plan is
asked once, by the first run that needs it, and its answer is split by group. A group that does not stand in the plan,
because it came later or was changed meanwhile, begins the next one; one whose queues cannot be found is left out, and
fails by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Literal

import structlog

from worker.errors import NotYet, PermanentError, TransientError
from worker.genesys.api.instants import interval_text
from worker.genesys.api.shapes import Shape, read
from worker.genesys.lookups import Lookups, batches, memberships
from worker.genesys.lookups.cache import ANSWER_SECONDS, SHARED_SECONDS, Kept
from worker.genesys.ports import Alone, Flights
from worker.genesys.source import Order

Companions = Callable[[Order], Iterable[Order]]
"""The orders of the other groups that can be served with this one, the earliest stand-up first."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a source shares with other runs; by default not at all.

    ``on_shared`` is told, once the rows are there, how many of their answers other runs have asked for.
    """

    flights: Flights = field(default_factory=Alone)
    companions: Companions | None = None
    on_shared: Callable[[int], None] = lambda _: None


AT_ONCE = 200
"""Orders in a plan: enough to fill requests, and few enough that each run can read it."""

_TRIES = 3

What = Literal["queue_ids", "user_ids", "management_units"]

_log = structlog.get_logger(__name__)


class Part(Shape):
    """One order's share of a plan; ``queues`` are as the group names them."""

    name: str
    queues: tuple[str, ...]
    queue_ids: tuple[str, ...] = ()
    user_ids: tuple[str, ...] = ()
    management_units: tuple[str, ...] = ()

    def ids(self, what: What) -> tuple[str, ...]:
        """The ids of one kind."""
        found: tuple[str, ...] = getattr(self, what)
        return found


class Plan(Shape):
    """The parts of all orders that are asked together, the earliest stand-up first."""

    window: str
    parts: tuple[Part, ...]

    @property
    def alone(self) -> bool:
        """Whether there is only one order."""
        return len(self.parts) == 1

    @property
    def lifetime_seconds(self) -> float:
        """How long answers to it are kept."""
        return ANSWER_SECONDS if self.alone else SHARED_SECONDS

    @cached_property
    def id(self) -> str:
        """The same for the same plan."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def part(self, name: str) -> Part:
        """The part of an order that is in it."""
        return next(part for part in self.parts if part.name == name)

    def just(self, name: str) -> Plan:
        """The plan of one of its orders alone."""
        return Plan(window=self.window, parts=(self.part(name),))

    def holds(self, order: Order) -> bool:
        """Whether the order, as it is now, is in it."""
        asked = (order.name, order.queues, order.management_units)
        return any((part.name, part.queues, part.management_units) == asked for part in self.parts)

    def batches(self, what: What, name: str, size: int) -> Iterator[Batch]:
        """The batches in which an order's ids stand; each id is in one batch of the plan."""
        own = set(self.part(name).ids(what))
        every = list(dict.fromkeys(one for part in self.parts for one in part.ids(what)))
        for number, ids in enumerate(batches(every, size)):
            if own.intersection(ids):
                yield Batch(self, what, number, tuple(ids))


@dataclass(frozen=True, slots=True)
class Batch:
    """Some ids of a plan, which one request asks for."""

    plan: Plan
    what: What
    number: int
    ids: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Under which its answer is kept."""
        return (self.what, self.plan.id, str(self.number))

    def shares(self) -> Iterator[tuple[str, frozenset[str]]]:
        """The orders that have ids in it, each with its ids."""
        for part in self.plan.parts:
            own = frozenset(part.ids(self.what)).intersection(self.ids)
            if own:
                yield part.name, own


def units_alone(order: Order) -> Plan:
    """The plan of an order that shares with nobody, without its queues."""
    part = Part(name=order.name, queues=order.queues, management_units=order.management_units)
    return Plan(window=interval_text(order.window), parts=(part,))


class Together:
    """Finds the plan that an order is in, or makes one; finds it once, so one of these serves one step of one run."""

    def __init__(self, kept: Kept, lookups: Lookups, companions: Companions | None = None) -> None:
        self._kept = kept
        self._lookups = lookups
        self._companions = companions
        self._found: dict[str, Plan] = {}

    def plan(self, order: Order) -> Plan:
        """The plan with this order in it; `LookupFailed` where its own queues cannot be found."""
        if order.name not in self._found:
            alone = self._companions is None
            self._found[order.name] = self._plan_of([self._part(order)], order) if alone else self._shared(order)
        return self._found[order.name]

    def units_plan(self, order: Order) -> Plan:
        """The plan as far as adherence goes; of an order alone it needs no look-ups."""
        return units_alone(order) if self._companions is None else self.plan(order)

    def _shared(self, order: Order) -> Plan:
        """Each order of a plan is told the plan's id; one that is not what it was when it was told is told anew."""
        key = ("plan", interval_text(order.window), *sorted(order.media))
        for _ in range(_TRIES):
            told = self._kept.each_once(lambda: self._make(order, key), SHARED_SECONDS, order.name, *key)
            kept = self._kept.get("plan", str(told))
            if kept is not None and (plan := read(Plan, kept, "A kept plan")).holds(order):
                return plan
            self._kept.forget(*key, order.name)
        return self._plan_of([self._part(order)], order)  # a store that keeps nothing: then each asks for itself

    def _make(self, order: Order, key: tuple[str, ...]) -> Mapping[str, str]:
        orders = self._with_others(order, key)
        self._lookups.learn(name for each in orders for name in each.queues)
        parts = [self._part(order) if each.name == order.name else self._other(each) for each in orders]
        plan = self._plan_of([part for part in parts if part], order)
        self._kept.put(plan.model_dump(mode="json", by_alias=True), SHARED_SECONDS, "plan", plan.id)
        return {part.name: plan.id for part in plan.parts}

    def _with_others(self, order: Order, key: tuple[str, ...]) -> list[Order]:
        """The orders that are in no plan yet, this one among them in its place; the earliest stand-up first."""
        candidates = self._companions(order) if self._companions else ()
        free = (each for each in candidates if each.name == order.name or self._kept.get(*key, each.name) is None)
        chosen = [order if each.name == order.name else each for each in islice(free, AT_ONCE)]
        return chosen if order in chosen else [*chosen[: AT_ONCE - 1], order]

    def _other(self, order: Order) -> Part | None:
        try:
            return self._part(order)
        except NotYet:
            raise
        except (PermanentError, TransientError) as error:
            _log.info("left out of the plan", order=order.name, because=error.code)
            return None

    def _part(self, order: Order) -> Part:
        found = self._lookups.queues(order.queues)
        users, _ = memberships(self._lookups, found)
        return Part(
            name=order.name,
            queues=order.queues,
            queue_ids=tuple(one.queue.id for one in found),
            user_ids=tuple(sorted(users)),
            management_units=order.management_units,
        )

    def _plan_of(self, parts: list[Part], order: Order) -> Plan:
        return Plan(window=interval_text(order.window), parts=tuple(parts))
