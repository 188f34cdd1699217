"""Looks whether the export job has ended, and fetches its rows when it has. No worker waits in between."""

from __future__ import annotations

import random
from datetime import datetime

from tasks.step import step_task
from worker import wiring
from worker.domain.backoff import POLL_DEADLINE_SECONDS, poll_countdown_seconds
from worker.domain.briefing.codec import encode_rows
from worker.domain.runs import Later, Onward, Run, Settlement, Step
from worker.errors import PollTimeout
from worker.genesys.source import ExportJob, Order, WithPdf
from worker.services import runs as chain
from worker.services.order import decode_job, encode_job, order_for
from worker.services.sharing import source_of
from worker.state.artifacts import of_run
from worker.wiring import Parts

ROWS = "rows.json"
SOURCE_PDF = "source.pdf"
"""The source's own PDF, beside the rows; there only if the group asks for one and the source has made it in time."""


@step_task(Step.POLL)
def poll(parts: Parts, run: Run) -> Settlement:
    """One look at the job: later again, or its rows and onward."""
    group = parts.group(run.id.group)
    source = source_of(parts, group, run)
    order = order_for(group, run.briefed_day, run.id.revision)
    job = source.look(order, decode_job(run.job))
    if job.state == "running" and not (job.dispensable and _waited_seconds(run, wiring.now()) >= POLL_DEADLINE_SECONDS):
        parts.waiting.add(job.ids.values(), run.id)  # a look may have started further jobs
        return _again(run, job, wiring.now())
    _wake_others(parts, run, job)
    if order.source_pdf and isinstance(source, WithPdf):
        _keep_pdf(parts, run, source, order, job)
    rows = source.collect(order, job)
    parts.artifacts.put(of_run(run.id, ROWS), encode_rows(rows))
    parts.mornings.rows(group.organisation, wiring.now().date(), run.id)
    return Onward(Step.RENDER, "rows fetched", detail=f"{len(rows.intervals)} intervals, {len(rows.agents)} agents")


def _wake_others(parts: Parts, run: Run, job: ExportJob) -> None:
    """The runs that share the job need not wait for their own looks at it."""
    waiting = {other for job_id in job.ids.values() for other in parts.waiting.take(job_id)} - {run.id}
    chain.wake(parts.runs, map(str, sorted(waiting)), "another run has seen the job end")


def _keep_pdf(parts: Parts, run: Run, source: WithPdf, order: Order, job: ExportJob) -> None:
    """Before the rows, so that a step which is tried again for them does not fetch it twice."""
    name = of_run(run.id, SOURCE_PDF)
    if parts.artifacts.exists(name):
        return
    content = source.pdf(order, job)
    if content is None:
        parts.runs.note(
            run.id, Step.POLL, "the source's own PDF is missing", "The source has not made it, or not in time."
        )
    else:
        parts.artifacts.put(name, content)


def _again(run: Run, job: ExportJob, now: datetime) -> Later:
    """The next look, unless the job has had its time."""
    started_at = run.job_started_at or now
    waited = _waited_seconds(run, now)
    if waited >= POLL_DEADLINE_SECONDS:
        raise PollTimeout(
            f"The export job did not end within {waited:.0f} s (last seen: {job.progress or 'running'}).",
            way_out=f"standup run {run.id.group} --date {run.id.reporting_day} goes on waiting for the same job.",
        )
    wait = poll_countdown_seconds(run.polls, random.random())  # noqa: S311 - jitter
    remaining = max(1.0, POLL_DEADLINE_SECONDS - waited)
    changes: dict[str, str | int] = {
        "polls": run.polls + 1,
        "job": encode_job(job),
        "job_started_at": started_at.isoformat(),
    }
    return Later(min(wait, remaining), "not ready yet", changes, detail=job.progress)


def _waited_seconds(run: Run, now: datetime) -> float:
    """How long ago the job was started, or joined, by this run."""
    return (now - run.job_started_at).total_seconds() if run.job_started_at else 0.0
