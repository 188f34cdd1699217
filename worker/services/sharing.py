"""Finds the groups of a morning that need the same window from the same source, so that one run asks for all of them.

Every worker reads the same group file, so every worker finds the same groups. A rerun shares nothing, because it must
get newer figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from worker.domain.calendar.schedule import Due, due_groups
from worker.domain.clock import Clock
from worker.domain.countdowns import MAX_ATTEMPTS
from worker.domain.groups import Group
from worker.domain.runs import Run, RunId, RunState, Step
from worker.errors import PermanentError
from worker.genesys.answer_cache import Flights
from worker.genesys.sharing.plan import Sharing
from worker.genesys.source import Order, PlanSource, Source
from worker.groupfiles.reloading import Groups
from worker.services.order import order_for
from worker.state.runs import Runs

LOOK_AHEAD = timedelta(hours=2)
"""Groups that begin within this time share too: their day is over, and its figures no longer change."""

_BEFORE_ROWS = (Step.HOLIDAY_CHECK, Step.EXPORT, Step.POLL)

BuildSource = Callable[[Group, RunId, Sharing], Source]
"""Builds a group's source, which sends requests for a run and shares as told."""

BuildPlanSource = Callable[[Group, RunId, Sharing], PlanSource]
"""Builds what asks for the plan of a group's day, with the requests of a run and shared as told."""


@dataclass(frozen=True, slots=True)
class RunSources:
    """Gives a run its source, which shares requests with the other runs of the morning."""

    runs: Runs
    groups: Groups
    flights_of: Callable[[RunId], Flights]
    build: BuildSource
    build_plan_source: BuildPlanSource
    clock: Clock

    def source_of(self, group: Group, run: Run) -> Source:
        """Return the group's source for a run."""
        return self.build(group, run.id, self._sharing(group, run))

    def plan_source_of(self, group: Group, run: Run) -> PlanSource:
        """Return what asks for the plan of the run's stand-up day."""
        return self.build_plan_source(group, run.id, self._sharing(group, run))

    def _sharing(self, group: Group, run: Run) -> Sharing:
        """Return how the run shares.

        The last attempt of a step shares nothing: another group's order may be the reason for the failures.
        """
        shares = run.id.revision == 1 and run.attempts + 1 < MAX_ATTEMPTS
        companions = partial(self.companions, group) if shares else None
        return Sharing(self.flights_of(run.id), companions, lambda count: self.runs.set(run.id, shared=count))

    def companions(self, group: Group, order: Order) -> Iterator[Order]:
        """Yield the orders that can share requests with this one, its own included, the earliest stand-up first."""
        for due in _of_this_morning(self.groups.file().groups, self.clock()):
            candidate = due.group
            if _source_key(candidate) != _source_key(group):
                continue
            try:
                candidate_order = order_for(candidate, due.reporting_day, 1)
            except PermanentError:
                continue  # the candidate's own run reports it
            if candidate_order.window == order.window and self._needs_rows(RunId(candidate.key, due.reporting_day)):
                yield candidate_order

    def _needs_rows(self, run_id: RunId) -> bool:
        run = self.runs.get(run_id)
        return run is None or (run.state == RunState.OPEN and run.step in _BEFORE_ROWS)


def _source_key(group: Group) -> tuple[object, ...]:
    return group.organisation, group.source, group.media


def _of_this_morning(groups: Iterable[Group], now: datetime) -> list[Due]:
    """Return the groups that are due or will be soon. Just before its next stand-up a group may be both."""
    instants = (now, now + LOOK_AHEAD)
    due_by_run = {
        (due.group.key, due.reporting_day): due for instant in instants for due in due_groups(instant, groups)
    }
    in_time = (due for due in due_by_run.values() if due.catch_up_until >= now)
    return sorted(in_time, key=lambda due: (due.standup_at.astimezone(UTC), due.group.key))
