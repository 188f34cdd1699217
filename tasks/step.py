"""The doorway of every step: load the run, skip what is done, do the work once, write down how it went.

The broker may deliver a step twice, late or never; here that comes to the same. Who holds the lease works; everybody
else steps aside. Celery learns the outcome as a code, because its exceptions show in Flower and in the results.
"""

from __future__ import annotations

import random
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from celery.exceptions import Ignore
from redis.exceptions import RedisError

from tasks import alert
from worker import wiring
from worker.celery import app
from worker.domain.backoff import MAX_ATTEMPTS, MAX_COUNTDOWN_SECONDS, retry_countdown_seconds
from worker.domain.runs import Later, Onward, Over, Run, RunId, RunState, Settlement, Step
from worker.errors import BeingFetched, NotYet, StandupError, TransientError
from worker.state.artifacts import StoreUnavailable
from worker.state.runs import LEASE_SECONDS, Runs
from worker.state.single_flight import await_landing
from worker.wiring import Parts

Work = Callable[[Parts, Run], Settlement]

REDIS_AWAY_SECONDS = 5.0
"""Redis comes back or it does not: this is nobody's failed attempt."""

_WAITING = {"quota_wait": "waiting for quota", "not_yet": "asked for several groups, to be asked again"}

log = structlog.get_logger("standup.step")


class StepFailed(Exception):
    """A step gave up; holds the error's code and nothing else. The whole story is in ``standup explain RUN``."""


def step_task(step: Step) -> Callable[[Work], Any]:
    """Make a Celery task of a step's work: ``work(parts, run)`` says how the step went."""

    def register(work: Work) -> Any:
        @app.task(name=step.task_name, bind=True, max_retries=None, throws=(StepFailed,))
        def doorway(task: Any, run_id: str) -> str:
            _go_through(task, step, work, RunId.parse(run_id))
            return run_id

        return doorway

    return register


def _go_through(task: Any, step: Step, work: Work, run_id: RunId) -> None:
    parts = wiring.parts()
    with structlog.contextvars.bound_contextvars(
        run=str(run_id), group=run_id.group, day=run_id.reporting_day.isoformat(), step=step.value
    ):
        holder = uuid.uuid4().hex
        entry = parts.runs.enter(run_id, step, holder)
        if entry == "done":
            return  # the chain goes on: the worker that did this may have died before it sent the next link
        if entry != "mine":
            log.info("stepped aside", because=entry)
            if entry == "closed":
                alert.tell_untold(parts, run_id)
            raise Ignore
        with _lease(parts.runs, run_id, holder):
            how = _do(parts, work, run_id)
        if not parts.runs.settle(run_id, step, holder, how):
            log.warning("the lease was lost; another worker goes on")
            raise Ignore
        if isinstance(how, Over):
            parts.measures.run_ended(parts.runs.get(run_id))
        _tell(task, run_id, how, _countdown(parts, run_id, step, how) if isinstance(how, Later) else 0.0)


def _do(parts: Parts, work: Work, run_id: RunId) -> Settlement:
    """Do the work and turn every error into a settlement."""
    run = parts.runs.get(run_id)
    assert run is not None, "a run that was entered exists"  # noqa: S101 - the ledger just said so
    try:
        return work(parts, run)
    except NotYet as error:
        return _not_yet(error)
    except TransientError as error:
        return after_transient(run, error)
    except StandupError as error:
        return failed(error.code, str(error))
    except RedisError as error:
        return Later(REDIS_AWAY_SECONDS, "Redis does not answer", detail=type(error).__name__)
    except OSError as error:  # network errors have become ours in the clients, so this is the store
        return after_transient(run, StoreUnavailable(error))
    except Exception as error:
        # The message may hold names; the frames never do.
        log.error("unexpected", error=type(error).__name__, frames=traceback.format_tb(error.__traceback__)[-3:])
        return failed("unexpected", f"{type(error).__name__}: {error} This is a fault in the system; please report it.")


def _not_yet(error: NotYet) -> Later:
    wait = min(error.retry_after_seconds or 1.0, MAX_COUNTDOWN_SECONDS)
    if isinstance(error, BeingFetched):
        return Later(wait, "another run is asking for this", awaits=error.flight)
    return Later(wait, _WAITING.get(error.code, "not yet"), detail=str(error))


def after_transient(run: Run, error: TransientError) -> Settlement:
    """Another attempt after a while, or the end when there were enough."""
    attempts = run.attempts + 1
    if attempts >= MAX_ATTEMPTS:
        return failed(error.code, f"{error} Gave up after {attempts} attempts.")
    wait = retry_countdown_seconds(attempts, random.random(), error.retry_after_seconds)  # noqa: S311 - jitter
    return Later(wait, f"attempt {attempts} failed: {error.code}", {"attempts": attempts}, detail=str(error))


def failed(code: str, sentence: str) -> Over:
    """The run ends here, with a cause for the operator."""
    return Over(RunState.FAILED, f"failed: {code}", {"code": code, "sentence": sentence}, detail=sentence)


def _countdown(parts: Parts, run_id: RunId, step: Step, how: Later) -> float:
    """How long to wait; no longer at all where what the run awaits has landed since it looked."""
    if not how.awaits or await_landing(parts.redis, how.awaits, str(run_id)):
        return how.seconds
    return 0.0 if parts.runs.wake(run_id, "it is there already", step) else how.seconds


def _tell(task: Any, run_id: RunId, how: Settlement, countdown: float) -> None:
    """Log the outcome, alert where needed, and let Celery retry or stop the chain."""
    log.info(how.what)
    if isinstance(how, Later):
        raise task.retry(countdown=countdown, max_retries=None)
    if isinstance(how, Onward):
        return
    alert.tell(run_id, how.state, str(how.changes.get("code", "")), str(how.changes.get("sentence", "")))
    if how.state == RunState.FAILED:
        raise StepFailed(str(how.changes.get("code", "failed"))) from None


@contextmanager
def _lease(runs: Runs, run_id: RunId, holder: str) -> Iterator[None]:
    """Renew the lease in the background for as long as the block runs."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(LEASE_SECONDS / 4):
            try:
                runs.renew(run_id, holder)
            except Exception as error:
                log.warning("lease not renewed", error=type(error).__name__)

    thread = threading.Thread(target=renew, daemon=True, name=f"lease-{run_id}")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
