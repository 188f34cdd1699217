"""Starts a run's export job, looks whether it has ended, and fetches its rows."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime

from worker.domain.briefing.codec import encode_rows
from worker.domain.clock import Clock
from worker.domain.countdowns import POLL_DEADLINE_SECONDS, poll_countdown_seconds
from worker.domain.groups import Group
from worker.domain.runs import NextStep, RetryLater, Run, Step, StepOutcome
from worker.errors import PollTimeout
from worker.genesys.source import ExportJob, Order, Source, WithPdf
from worker.services.order import decode_job, encode_job, order_of_run
from worker.services.runs import RunStarter
from worker.services.sharing import RunSources
from worker.services.today import TodayPlans
from worker.state.counters import Mornings
from worker.state.files.artifacts import ROWS, SOURCE_PDF, Artifacts, of_run
from worker.state.notices import WaitingRuns
from worker.state.runs import Runs


@dataclass(frozen=True, slots=True)
class ExportStart:
    """Starts the export job, or joins the one that a failed revision left running."""

    sources: RunSources
    waiting: WaitingRuns
    clock: Clock

    def start(self, group: Group, run: Run) -> StepOutcome:
        """Return the job with the outcome, so that the ledger stores it before a later step could start another."""
        started = {"job_started_at": self.clock().isoformat()}
        if run.job:
            self.waiting.add(decode_job(run.job).ids.values(), run.id)
            return NextStep(Step.POLL, "joined the export job that was already started", started)
        job = self.sources.source_of(group, run).start(order_of_run(group, run))
        self.waiting.add(job.ids.values(), run.id)
        ids = ", ".join(f"{name} {value}" for name, value in job.ids.items())
        return NextStep(Step.POLL, "export started", started | {"job": encode_job(job)}, detail=ids)


@dataclass(frozen=True, slots=True)
class ExportPoll:
    """Looks at the export job once. No worker waits between two looks."""

    sources: RunSources
    today_plans: TodayPlans
    runs: Runs
    starter: RunStarter
    waiting: WaitingRuns
    artifacts: Artifacts
    mornings: Mornings
    clock: Clock

    def poll(self, group: Group, run: Run) -> StepOutcome:
        """Look at the job: store its rows if it has ended, look again later if not."""
        source = self.sources.source_of(group, run)
        order = order_of_run(group, run)
        job = source.look(order, decode_job(run.job))
        no_plan_yet = self.today_plans.fetch(group, run, order)
        now = self.clock()
        if job.state == "running" and not (job.dispensable and _waited_seconds(run, now) >= POLL_DEADLINE_SECONDS):
            self.waiting.add(job.ids.values(), run.id)  # the look may have started further jobs
            return look_again(run, job, now)
        if no_plan_yet:
            return replace(no_plan_yet, changes={**no_plan_yet.changes, "attempts": 0})
        self._wake_waiting_runs(run, job)
        if order.source_pdf and isinstance(source, WithPdf):
            self._store_pdf(run, source, order, job)
        return self._store_rows(group, run, source, order, job)

    def _store_rows(self, group: Group, run: Run, source: Source, order: Order, job: ExportJob) -> NextStep:
        rows = source.collect(order, job)
        self.artifacts.put(of_run(run.id, ROWS), encode_rows(rows))
        self.mornings.rows(group.organisation, self.clock().date(), run.id)
        detail = f"{len(rows.intervals)} intervals, {len(rows.agents)} agents"
        return NextStep(Step.RENDER, "rows fetched", detail=detail)

    def _wake_waiting_runs(self, run: Run, job: ExportJob) -> None:
        """Wake the runs that share the job, so that they do not wait for their own next look."""
        waiting = {run_id for job_id in job.ids.values() for run_id in self.waiting.take(job_id)} - {run.id}
        self.starter.wake(sorted(waiting), "another run has seen the job end")

    def _store_pdf(self, run: Run, source: WithPdf, order: Order, job: ExportJob) -> None:
        """Store the source's PDF before the rows, so that a repeated step does not fetch it twice."""
        name = of_run(run.id, SOURCE_PDF)
        if self.artifacts.exists(name):
            return
        content = source.pdf(order, job)
        if content is None:
            reason = "The source has not made it, or not in time."
            self.runs.note(run.id, Step.POLL, "the source's own PDF is missing", reason)
        else:
            self.artifacts.put(name, content)


def look_again(run: Run, job: ExportJob, now: datetime) -> RetryLater:
    """Plan the next look. Raises PollTimeout if the job has had its time.

    Only failures without a good look between them end the step, so this one begins their count again.
    """
    started_at = run.job_started_at or now
    seconds = _waited_seconds(run, now)
    if seconds >= POLL_DEADLINE_SECONDS:
        raise PollTimeout(
            f"The export job did not end within {seconds:.0f} s (last seen: {job.progress or 'running'}).",
            way_out=f"standup run {run.id.group} --date {run.id.reporting_day} continues to wait for the same job.",
        )
    wait = poll_countdown_seconds(run.polls, random.random())  # noqa: S311 - jitter
    remaining = max(1.0, POLL_DEADLINE_SECONDS - seconds)
    changes: dict[str, str | int] = {
        "polls": run.polls + 1,
        "attempts": 0,
        "job": encode_job(job),
        "job_started_at": started_at.isoformat(),
    }
    return RetryLater(min(wait, remaining), "not ready yet", changes, detail=job.progress)


def _waited_seconds(run: Run, now: datetime) -> float:
    """Return how long ago this run started or joined the job."""
    return (now - run.job_started_at).total_seconds() if run.job_started_at else 0.0
