"""Starts the exports of an order, once for all groups that share them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial

import structlog

from worker.genesys.answer_cache import AnswerCache
from worker.genesys.exports.catalogue import ViewCatalogue
from worker.genesys.exports.job_status import ExportEntity
from worker.genesys.exports.jobs import ExportJobs, base_name
from worker.genesys.exports.plan import PlannedExport, plan_exports
from worker.genesys.sharing.plan import Plan, RequestPlanner
from worker.genesys.sharing.splitting import REFUSALS
from worker.genesys.source import Order

_SPLIT = "exports-apart"
_STARTED = "export-job"
_log = structlog.get_logger(__name__)


class ExportStarter:
    """Starts exports. If one for several groups is refused or fails permanently, each group starts its own."""

    def __init__(self, cache: AnswerCache, jobs: ExportJobs, planner: RequestPlanner, catalogue: ViewCatalogue) -> None:
        self._cache = cache
        self._jobs = jobs
        self._planner = planner
        self._catalogue = catalogue

    def plan(self, order: Order) -> Plan:
        """Return the plan that the order shares, or its own if the shared plan was split."""
        plan = self._planner.plan(order)
        return plan.single(order.name) if self._cache.get(_SPLIT, plan.id) else plan

    def planned_exports(self, order: Order, plan: Plan) -> list[PlannedExport]:
        """Return the exports that the order needs."""
        return list(plan_exports(order, plan, self._catalogue))

    def start_all(self, order: Order) -> dict[str, str]:
        """Return the ids of all of the order's exports by key. Exports that are running are joined."""
        plan = self.plan(order)
        try:
            return self._ids(self.planned_exports(order, plan), plan)
        except REFUSALS:
            if plan.is_single:
                raise
        return self.start_alone(order)

    def start_some(self, order: Order, keys: Collection[str]) -> dict[str, str]:
        """Return the ids of these exports."""
        plan = self.plan(order)
        return self._ids([export for export in self.planned_exports(order, plan) if export.key in keys], plan)

    def start_alone(self, order: Order) -> dict[str, str]:
        """Return the ids of exports for this order alone. From now on each order of its plan asks alone."""
        plan = self._planner.plan(order)
        if not plan.is_single:
            _log.warning("exports for several groups are refused or fail, asked one by one", order=order.name)
            self._cache.put(True, plan.lifetime_seconds, _SPLIT, plan.id)
        own_plan = plan.single(order.name)
        return self._ids(self.planned_exports(order, own_plan), own_plan)

    def forget(self, entities: Iterable[ExportEntity]) -> None:
        """Forget failed exports, so that the next run that needs one starts another."""
        for entity in entities:
            key = (_STARTED, base_name(entity))
            if entity.ended_badly and self._cache.get(*key) == entity.id:
                self._cache.forget(*key)

    def _ids(self, planned: list[PlannedExport], plan: Plan) -> dict[str, str]:
        """Return the ids by key. The list is read once, if a job is not known to have been started."""
        namesakes: dict[str, list[ExportEntity]] = {}
        list_read: list[bool] = []

        def start(part: PlannedExport) -> str:
            if not list_read:
                namesakes.update(self._jobs.by_name({planned.name for planned in planned}))
                list_read.append(True)
            return self._jobs.start(part, namesakes.get(part.name, []))

        return {
            part.key: self._cache.get_or_ask(partial(start, part), plan.lifetime_seconds, _STARTED, part.name)
            for part in planned
        }
