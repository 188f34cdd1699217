"""Starts the run's export job at the source, or joins the one that a failed revision left running."""

from __future__ import annotations

from tasks.step import step_task
from worker import wiring
from worker.domain.runs import Onward, Run, Settlement, Step
from worker.services.order import decode_job, encode_job, order_for
from worker.services.sharing import source_of
from worker.wiring import Parts


@step_task(Step.EXPORT)
def export(parts: Parts, run: Run) -> Settlement:
    """Keeps the job with the run before anything else happens, so that no later step starts another."""
    started = {"job_started_at": wiring.now().isoformat()}
    if run.job:
        parts.waiting.add(decode_job(run.job).ids.values(), run.id)
        return Onward(Step.POLL, "joined the export job that was already started", started)
    group = parts.group(run.id.group)
    job = source_of(parts, group, run).start(order_for(group, run.briefed_day, run.id.revision))
    parts.waiting.add(job.ids.values(), run.id)
    ids = ", ".join(f"{name} {value}" for name, value in job.ids.items())
    return Onward(Step.POLL, "export started", started | {"job": encode_job(job)}, detail=ids)
