"""Gets the plan of the stand-up's day for a run. Nothing that goes wrong with it holds or fails the briefing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import structlog
from redis.exceptions import RedisError

from worker import step_time
from worker.domain.clock import Clock
from worker.domain.countdowns import MAX_COUNTDOWN_SECONDS, POLL_DEADLINE_SECONDS
from worker.domain.groups import Group
from worker.domain.runs import RetryLater, Run, RunId
from worker.domain.today.codec import decode_plan, encode_plan
from worker.domain.today.forecasts import DayForecast, forecast_of
from worker.domain.today.plan import NotKnown, TodayPlan
from worker.errors import BeingFetched, MalformedAnswer, NotYet, StepTooLong, frames_of
from worker.genesys.source import Order
from worker.services.sharing import RunSources
from worker.state.files.artifacts import TODAY, Artifacts, of_run
from worker.state.forecasts import Forecasts
from worker.state.runs import Runs

REQUESTS_SECONDS = 25.0
"""How long a step may begin requests for a plan. The last of them may be silent for half a minute more, and what is
left of the step's own 90 s is for the briefing."""

log = structlog.get_logger("standup.today")


@dataclass(frozen=True, slots=True)
class TodayPlans:
    """Asks for the plan of a run's stand-up day, and stores it with the run so that a repeated step has the same.

    The forecast in it is remembered with the group, because the next briefing says how good it was.
    """

    sources: RunSources
    runs: Runs
    artifacts: Artifacts
    forecasts: Forecasts
    clock: Clock

    def fetch(self, group: Group, run: Run, order: Order) -> RetryLater | None:
        """Store the plan. Return when to ask again if a part of it is still to come, or None.

        The run gives up at the time at which it gives up its export job. What is missing then is "not in time".
        """
        now = self.clock()
        if order.today is None or order.today.end.astimezone(UTC) <= now or self._is_stored(run.id):
            return None
        day = order.today.start.astimezone(group.tz).date()
        plan = self._of_earlier_revision(group, run, day)
        if plan is None:
            started_at = run.job_started_at or now
            seconds_left = POLL_DEADLINE_SECONDS - (now - started_at).total_seconds()
            try:
                plan = self._plan(group, run, order, day, give_up=seconds_left <= 0)
            except NotYet as error:
                return _ask_again(error, started_at, seconds_left)
        if forecast := forecast_of(plan):
            self.forecasts.record(group.key, day, run.id.revision, forecast)
        self.artifacts.put(of_run(run.id, TODAY), encode_plan(plan))
        if lacks := _lacks(plan):
            self.runs.note(run.id, run.step, "today's plan is not whole", lacks)
        return None

    def plan_of(self, group: Group, run_id: RunId) -> TodayPlan | None:
        """Return the stored plan of a run, None if it has none or if it cannot be read."""
        if not self._is_stored(run_id):
            return None
        try:
            return decode_plan(self.artifacts.get(of_run(run_id, TODAY)), group.tz)
        except MalformedAnswer as error:
            log.warning("the plan of today is unreadable", run=str(run_id), error=str(error))
            return None

    def forecasts_of(self, group: Group) -> Mapping[date, DayForecast]:
        """Return the remembered forecasts of a group by day."""
        return self.forecasts.days(group.key) if group.plans_today else {}

    def _is_stored(self, run_id: RunId) -> bool:
        return self.artifacts.exists(of_run(run_id, TODAY))

    def _of_earlier_revision(self, group: Group, run: Run, day: date) -> TodayPlan | None:
        """Return the plan that readers have already, so that a correction is about the reporting day alone.

        A plan with unknown parts is asked for again: perhaps that is what the rerun is for.
        """
        for revision in range(run.id.revision - 1, 0, -1):
            plan = self.plan_of(group, run.id.revised(revision))
            if plan and plan.day == day and plan.is_whole:
                return plan
        return None

    def _plan(self, group: Group, run: Run, order: Order, day: date, *, give_up: bool) -> TodayPlan:
        try:
            with step_time.limited_to(REQUESTS_SECONDS):
                return self.sources.plan_source_of(group, run).plan(order, give_up=give_up)
        except (NotYet, RedisError, OSError):
            raise
        except StepTooLong as error:
            if not give_up:  # the parts that have come are stored
                raise NotYet(f"The plan takes longer than {REQUESTS_SECONDS:.0f} s.") from error
            return _unknown(day, NotKnown.NOT_IN_TIME)
        except Exception as error:
            # the briefing is worth more than its plan; the message may contain names, the stack frames do not
            log.error("the plan of today failed", error=type(error).__name__, frames=frames_of(error))
            return _unknown(day, NotKnown.UNREADABLE)


_REASONS = {
    NotKnown.NO_LICENCE: "no licence for workforce management",
    NotKnown.NO_PERMISSION: "no permission",
    NotKnown.NO_SCHEDULE: "no published schedule",
    NotKnown.NO_FORECAST: "no forecast",
    NotKnown.NO_PLANNING_GROUP: "no planning group with a queue of the group",
    NotKnown.NO_REQUIREMENT: "no required agents",
    NotKnown.NOT_IN_TIME: "the answer came too late",
    NotKnown.UNREADABLE: "an answer could not be read",
}


def _lacks(plan: TodayPlan) -> str:
    """Say for operators what is not known of a plan, why, and what finds the cause. Empty if everything is known."""
    parts = {
        "half-hours": plan.not_known,
        "people": plan.people_not_known,
        "forecast": plan.forecast_not_known,
        "prediction": plan.prediction_not_known,
    }
    lacks = [f"{part}: {_REASONS[reason]}" for part, reason in parts.items() if reason]
    return "; ".join([*lacks, *plan.causes, "standup doctor checks it"]) if lacks else ""


def _unknown(day: date, reason: NotKnown) -> TodayPlan:
    return TodayPlan(day, not_known=reason, people_not_known=reason)


def _ask_again(error: NotYet, started_at: datetime, seconds_left: float) -> RetryLater:
    """Return the next attempt. It is not later than the last one that the run has time for."""
    wait = min(error.retry_after_seconds or 1.0, MAX_COUNTDOWN_SECONDS, max(seconds_left, 1.0))
    changes = {"job_started_at": started_at.isoformat()}
    if isinstance(error, BeingFetched):
        return RetryLater(wait, "another run is asking for the plan of today", changes, awaits=error.flight)
    return RetryLater(wait, "the plan of today is not there yet", changes, detail=str(error))
