"""What all steps share: load the run, skip what is done, do the work once, record the outcome.

The broker may deliver a step twice, late or never, with the same result. Only the worker that holds the step's lease
does the work, and all others skip it. Celery gets an error's code and nothing else, because Flower shows exceptions.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Any

import structlog
from celery.exceptions import Ignore
from redis.exceptions import RedisError

from tasks.leases import LeaseKeeper
from worker import step_time
from worker.alerts.rules import BAD_STATES
from worker.broker.transport import BACK
from worker.celery import DELIVER_LIMIT_SECONDS, STEP_LIMIT_SECONDS, app
from worker.domain.countdowns import MAX_ATTEMPTS, MAX_COUNTDOWN_SECONDS, retry_countdown_seconds
from worker.domain.groups import Group
from worker.domain.runs import Finished, RetryLater, Run, RunId, RunState, Step, StepOutcome
from worker.errors import BeingFetched, NotYet, StandupError, StepTooLong, TransientError, frames_of
from worker.groupfiles.reloading import Groups
from worker.services.delivering import RECEIVERS_BUSY
from worker.state.files.artifacts import StoreUnavailable
from worker.state.runs import MAX_RECOVERIES, Runs, holder_of
from worker.state.single_flight import Landings, wakes_at_the_end
from worker.wiring import alerts, stores
from worker.wiring.tracing import traces

Work = Callable[[Group, Run], StepOutcome]

REDIS_AWAY_SECONDS = 5.0
"""How long to wait for a Redis that does not answer. This does not count as a failed attempt."""

_WAIT_EVENTS = {"quota_wait": "waiting for quota", "not_yet": "asked for several groups, to be asked again"}

_NO_REDIS = "Redis does not answer"
_DELAYS = (_NO_REDIS, _WAIT_EVENTS["quota_wait"], RECEIVERS_BUSY)

log = structlog.get_logger("standup.step")


class StepFailed(Exception):
    """A step gave up. It contains the error's code only: ``standup explain RUN`` shows the details."""


def step_task(step: Step) -> Callable[[Work], Any]:
    """Register a step's work as a Celery task. ``work(group, run)`` returns how the step went."""

    def register(work: Work) -> Any:
        @app.task(name=step.task_name, bind=True, max_retries=None, priority=BACK, throws=(StepFailed,))
        def task(self: Any, run_id: str) -> str:
            _run_step(self, step, work, RunId.parse(run_id))
            return run_id

        return task

    return register


def _run_step(task: Any, step: Step, work: Work, run_id: RunId) -> None:
    runs, holder = stores.runs(), holder_of(task.request.root_id or task.request.id)
    entry, run = runs.enter(run_id, step, holder)
    if entry == "done":
        return  # Celery sends the next step: the worker that did this one may have died before that
    if run is None:
        log.info("skipped", because=entry)
        if entry == "closed":
            alerts.run_alerts().report_unreported(run_id)
        raise Ignore
    seconds = _limit_seconds(step)
    with _leases().renewing(run_id, holder, seconds), traces().step(run_id, step) as report:
        outcome = worn_out(step) if entry == "worn_out" else do_work(stores.groups(), work, run, seconds)
        report(outcome.event)
    if not runs.settle(run_id, step, holder, outcome):
        log.warning("the lease was lost; another worker continues")
        raise Ignore
    log_outcome(outcome)
    if isinstance(outcome, RetryLater):
        raise retry(task, _countdown(runs, stores.landings(), run_id, step, outcome))
    if isinstance(outcome, Finished):
        _end(runs, run_id, outcome)


def retry(task: Any, countdown_seconds: float) -> Exception:
    """Send the step's next attempt and return what ends this one. It waits behind the messages that are there.

    Celery would give it the priority of this message. A step that the sweep has sent to the front of the queue would go
    to the front with each attempt, before steps that no worker has begun again yet.
    """
    ending: Exception = task.retry(countdown=countdown_seconds, max_retries=None, priority=BACK, throw=False)
    return ending


def log_outcome(outcome: StepOutcome) -> None:
    """Log a bad end as an error with its sentence, a delay as a warning with its reason, the rest as information."""
    if isinstance(outcome, Finished) and outcome.state in BAD_STATES:
        log.error(outcome.event, code=outcome.changes.get("code"), sentence=outcome.changes.get("sentence"))
    elif isinstance(outcome, RetryLater) and (outcome.changes.get("attempts") or outcome.event in _DELAYS):
        log.warning(outcome.event, because=outcome.detail)
    else:
        log.info(outcome.event)


def _end(runs: Runs, run_id: RunId, outcome: Finished) -> None:
    """Count and report the run's end. A failed run ends the chain."""
    run = runs.get(run_id)
    stores.measures().run_ended(run)
    traces().run_ended(run)
    code, sentence = str(outcome.changes.get("code", "")), str(outcome.changes.get("sentence", ""))
    alerts.run_alerts().report(run_id, outcome.state, code, sentence)
    if outcome.state == RunState.FAILED:
        raise StepFailed(code or "failed") from None


def do_work(groups: Groups, work: Work, run: Run, seconds: float) -> StepOutcome:
    """Do the work, for so many seconds at most, and turn every error into an outcome."""
    try:
        with step_time.limited_to(seconds) as time_of_step, wakes_at_the_end():
            outcome = work(groups.group(run.id.group), run)
        return outcome if time_of_step.exceeded is None else failed(StepTooLong.code, str(time_of_step.exceeded))
    except NotYet as error:
        return _not_yet(error)
    except TransientError as error:
        return after_transient(run, error)
    except StandupError as error:
        return failed(error.code, str(error))
    except RedisError as error:
        return RetryLater(REDIS_AWAY_SECONDS, _NO_REDIS, detail=type(error).__name__)
    except OSError as error:  # the clients turn network errors into ours, so this one is the store's
        return after_transient(run, StoreUnavailable(error))
    except Exception as error:
        # the message may contain names, the stack frames do not
        log.error("unexpected", error=type(error).__name__, frames=frames_of(error))
        return failed("unexpected", f"{type(error).__name__}: {error} This is a fault in the system; please report it.")


def _not_yet(error: NotYet) -> RetryLater:
    wait = min(error.retry_after_seconds or 1.0, MAX_COUNTDOWN_SECONDS)
    if isinstance(error, BeingFetched):
        return RetryLater(wait, "another run is asking for this", awaits=error.flight)
    return RetryLater(wait, _WAIT_EVENTS.get(error.code, "not yet"), detail=str(error))


def after_transient(run: Run, error: TransientError) -> StepOutcome:
    """Return another attempt after a wait, or the end after enough attempts."""
    attempts = run.attempts + 1
    if attempts >= MAX_ATTEMPTS:
        return failed(error.code, f"{error} Gave up after {attempts} attempts.")
    wait = retry_countdown_seconds(attempts, random.random(), error.retry_after_seconds)  # noqa: S311 - jitter
    return RetryLater(wait, f"attempt {attempts} failed: {error.code}", {"attempts": attempts}, detail=str(error))


def failed(code: str, sentence: str) -> Finished:
    """Return the end of a failed run, with the cause for the operator."""
    return Finished(RunState.FAILED, f"failed: {code}", {"code": code, "sentence": sentence}, detail=sentence)


def worn_out(step: Step) -> Finished:
    """Return the end of a run whose step ended, or outlasted, its worker each time."""
    sentence = (
        f"{MAX_RECOVERIES} workers began the step {step} and none ended it: they were killed, perhaps for want of "
        "memory, or the step took too long. It is not begun again, so that it does no harm to other runs."
    )
    if step == Step.DELIVER:
        sentence += " Some recipients may have the message: standup explain shows who."
    return failed("step_never_ended", sentence)


def _limit_seconds(step: Step) -> float:
    return DELIVER_LIMIT_SECONDS if step == Step.DELIVER else STEP_LIMIT_SECONDS


def _countdown(runs: Runs, landings: Landings, run_id: RunId, step: Step, outcome: RetryLater) -> float:
    """Return how long to wait: 0 if the request that the run awaits has been answered in the meantime."""
    if not outcome.awaits or landings.await_landing(outcome.awaits, str(run_id)):
        return outcome.seconds
    return 0.0 if runs.wake(run_id, "it is there already", step) else outcome.seconds


@cache
def _leases() -> LeaseKeeper:
    """Return what renews the leases of this process."""
    return LeaseKeeper(stores.runs())
