"""Claims a run and sends its chain: the one door for beat, for the shell and for recovery."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import datetime

from celery import chain

from worker.celery import app
from worker.domain.runs import Run, RunId, RunState, Step, steps_from
from worker.state.runs import Runs


class Started(enum.StrEnum):
    """What became of a wish to have a run."""

    BEGUN = "begun"
    RESUMED = "resumed"
    UNDER_WAY = "under_way"
    ALREADY_THERE = "already_there"


def send(run_id: RunId, step: Step = Step.HOLIDAY_CHECK) -> None:
    """Send the chain from ``step`` on. Only the run id travels."""
    links = [app.signature(each.task_name, args=(str(run_id),), immutable=True) for each in steps_from(step)]
    chain(*links).apply_async()


def begin(runs: Runs, run_id: RunId, *, asked_by: str, standup_at: datetime | None, source: str) -> Started:
    """Have the run: claim it, or resume its newest revision where it failed; one that stands or is under way is left
    alone, and so is a failed one that a revision stands in for.
    """
    fields = {"standup_at": standup_at.isoformat() if standup_at else "", "source": source}
    if runs.claim(run_id, asked_by, **fields):
        send(run_id)
        return Started.BEGUN
    newest = runs.latest_revision(run_id)
    step = runs.resume(newest.id, asked_by) if newest else None
    if newest and step:
        send(newest.id, step)
        return Started.RESUMED
    return Started.UNDER_WAY if newest and newest.state == RunState.OPEN else Started.ALREADY_THERE


def revise(runs: Runs, run_id: RunId, *, asked_by: str, source: str) -> RunId | None:
    """Begin a new revision of the run's group and day; None while the newest one is being made.

    One that is being delivered, because some receivers are busy, ends: they get the new one instead. A revision after
    one that gave up waiting for its export job takes that job over instead of starting another.
    """
    newest = runs.latest_revision(run_id)
    if newest is not None and newest.state == RunState.OPEN and newest.step != Step.DELIVER:
        return None
    revised = run_id.revised(newest.id.revision + 1 if newest else 1)
    joined = {"job": newest.job} if newest and newest.code == "poll_timeout" else {}
    if not runs.claim(revised, asked_by, source=source, **joined):
        return None
    send(revised)
    if newest is not None and newest.state == RunState.OPEN:
        wake(runs, [str(newest.id)], f"revision {revised.revision} begun by {asked_by}")
    return revised


def correction_of(runs: Runs, run_id: RunId) -> Run | None:
    """The newest revision, where it is a later one that went out or is about to; one that failed corrects nothing."""
    newest = runs.latest_revision(run_id)
    if newest is None or newest.id.revision <= run_id.revision:
        return None
    return None if newest.state in (RunState.FAILED, RunState.MISSED) else newest


def wake(runs: Runs, run_ids: Iterable[str], because: str) -> None:
    """Send on the runs that wait for another attempt at a step; those that work, or are due anyway, are left alone."""
    for run_id in map(RunId.parse, run_ids):
        run = runs.get(run_id)
        if run is not None and runs.wake(run_id, because, run.step):
            send(run_id, run.step)


def resend_silent(runs: Runs) -> list[RunId]:
    """Send the chains of runs whose step should have moved by now, from where they stand."""
    silent = runs.silent()
    for run_id in silent:
        run = runs.get(run_id)
        if run is not None and run.state == RunState.OPEN:
            runs.note(run_id, run.step, "silent: sent again")
            send(run_id, run.step)
    return silent
