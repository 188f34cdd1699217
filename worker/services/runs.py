"""Starts runs and sends their chains: the one entry point for beat, the operator's shell and recovery."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from worker.domain.runs import Run, RunId, RunState, Step
from worker.state.runs import Runs

SendChain = Callable[[RunId, Step], None]
"""Sends the Celery tasks of a run from a step on. Only the run id travels."""


class StartResult(enum.StrEnum):
    """The answer to a request for a run."""

    BEGUN = "begun"
    RESUMED = "resumed"
    UNDER_WAY = "under_way"
    ALREADY_THERE = "already_there"


@dataclass(frozen=True, slots=True)
class RunStarter:
    """Begins, resumes, revises and wakes runs."""

    runs: Runs
    send_chain: SendChain

    def begin(self, run_id: RunId, *, asked_by: str, standup_at: datetime | None, source: str) -> StartResult:
        """Claim the run, or resume its newest revision if that failed.

        A run that has ended well, is under way, or failed and has a newer revision is left alone.
        """
        if self.runs.claim(run_id, asked_by, **_fields(standup_at, source)):
            self.send_chain(run_id, Step.HOLIDAY_CHECK)
            return StartResult.BEGUN
        newest = self.runs.latest_revision(run_id)
        step = self.runs.resume(newest.id, asked_by) if newest else None
        if newest and step:
            self.send_chain(newest.id, step)
            return StartResult.RESUMED
        return StartResult.UNDER_WAY if newest and newest.state == RunState.OPEN else StartResult.ALREADY_THERE

    def foresee(self, run_id: RunId) -> StartResult:
        """Return what `begin` would answer now, and change nothing."""
        newest = self.runs.latest_revision(run_id)
        if newest is None:
            return StartResult.BEGUN
        if newest.state in (RunState.FAILED, RunState.MISSED):
            return StartResult.RESUMED
        return StartResult.UNDER_WAY if newest.state == RunState.OPEN else StartResult.ALREADY_THERE

    def revise(self, run_id: RunId, *, asked_by: str, source: str, send_unchanged: bool = False) -> RunId | None:
        """Begin a new revision of the run's group and day. None if the newest one is still being made.

        If no figure has changed, the revision is sent only with ``send_unchanged``.

        A revision that is being delivered, because some receivers are busy, ends: they get the new one instead. If the
        newest revision gave up waiting for its export job, the new one takes that job over.
        """
        newest = self.runs.latest_revision(run_id)
        if newest is not None and newest.state == RunState.OPEN and newest.step != Step.DELIVER:
            return None
        revised = run_id.revised(newest.id.revision + 1 if newest else 1)
        fields: dict[str, str | int] = {"source": source, "send_unchanged": int(send_unchanged)}
        export_job = {"job": newest.job} if newest and newest.code == "poll_timeout" else {}
        if not self.runs.claim(revised, asked_by, **fields, **export_job):
            return None
        self.send_chain(revised, Step.HOLIDAY_CHECK)
        if newest is not None and newest.state == RunState.OPEN:
            self.wake([newest.id], f"revision {revised.revision} begun by {asked_by}")
        return revised

    def wake(self, run_ids: Iterable[RunId], reason: str) -> None:
        """Send on the runs that wait for another attempt at a step. Runs at work or due anyway are left alone."""
        for run_id in run_ids:
            run = self.runs.get(run_id)
            if run is not None and self.runs.wake(run_id, reason, run.step):
                self.send_chain(run_id, run.step)


def _fields(standup_at: datetime | None, source: str) -> dict[str, str]:
    return {"standup_at": standup_at.isoformat() if standup_at else "", "source": source}


def correction_of(runs: Runs, run_id: RunId) -> Run | None:
    """Return the newest later revision that was sent or will be. One that failed or was not sent does not count."""
    unsent_states = (RunState.FAILED, RunState.MISSED, RunState.SKIPPED)
    revisions = (run for run in runs.revisions(run_id) if run.id.revision > run_id.revision)
    return max(
        (run for run in revisions if run.state not in unsent_states), key=lambda run: run.id.revision, default=None
    )
