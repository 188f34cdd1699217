"""Which exports an order needs are started, once for all groups that share them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial

import structlog

from worker.genesys.exports.catalogue import Catalogue
from worker.genesys.exports.jobs import ExportJobs, base_name
from worker.genesys.exports.plan import Part, parts_of
from worker.genesys.exports.standing import Entity
from worker.genesys.lookups.cache import Kept
from worker.genesys.sharing.plan import Plan, Together
from worker.genesys.sharing.splitting import REFUSALS
from worker.genesys.source import Order

_APART = "exports-apart"
_STARTED = "export-job"
_log = structlog.get_logger(__name__)


class Starting:
    """Starts exports; where one for several groups is refused or fails for good, each group's own."""

    def __init__(self, kept: Kept, jobs: ExportJobs, together: Together, catalogue: Catalogue) -> None:
        self._kept = kept
        self._jobs = jobs
        self._together = together
        self._catalogue = catalogue

    def plan(self, order: Order) -> Plan:
        """With which orders this one is asked."""
        plan = self._together.plan(order)
        return plan.just(order.name) if self._kept.get(_APART, plan.id) else plan

    def parts(self, order: Order, plan: Plan) -> list[Part]:
        """The exports that the order needs."""
        return list(parts_of(order, plan, self._catalogue))

    def all(self, order: Order) -> dict[str, str]:
        """The ids of all of the order's exports by key: of those that are under way, else of new ones."""
        plan = self.plan(order)
        try:
            return self._ids(self.parts(order, plan), plan)
        except REFUSALS:
            if plan.alone:
                raise
        return self.alone(order)

    def some(self, order: Order, keys: Collection[str]) -> dict[str, str]:
        """The ids of these exports."""
        plan = self.plan(order)
        return self._ids([part for part in self.parts(order, plan) if part.key in keys], plan)

    def alone(self, order: Order) -> dict[str, str]:
        """The ids of exports for this order alone; from now on each order of its plan asks so."""
        plan = self._together.plan(order)
        if not plan.alone:
            _log.warning("exports for several groups are refused or fail, asked one by one", order=order.name)
            self._kept.put(True, plan.lifetime_seconds, _APART, plan.id)
        own = plan.just(order.name)
        return self._ids(self.parts(order, own), own)

    def forget(self, entities: Iterable[Entity]) -> None:
        """Whoever next needs an export that ended badly starts another; a run that has done so is left in peace."""
        for entity in entities:
            key = (_STARTED, base_name(entity))
            if entity.ended_badly and self._kept.get(*key) == entity.id:
                self._kept.forget(*key)

    def _ids(self, parts: list[Part], plan: Plan) -> dict[str, str]:
        """The list is read once, when the first job is not known to have been started."""
        namesakes: dict[str, list[Entity]] = {}
        looked: list[bool] = []

        def start(part: Part) -> str:
            if not looked:
                namesakes.update(self._jobs.named({one.name for one in parts}))
                looked.append(True)
            return self._jobs.start(part, namesakes.get(part.name, []))

        return {
            part.key: self._kept.once(partial(start, part), plan.lifetime_seconds, _STARTED, part.name)
            for part in parts
        }
