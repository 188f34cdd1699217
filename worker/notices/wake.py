"""Makes the polls of the runs that wait for a job due now."""

from __future__ import annotations

from collections.abc import Iterable

from worker.domain.runs import RunId, Step
from worker.morning import chain
from worker.wiring import Parts


def wake(parts: Parts, job_ids: Iterable[str]) -> list[RunId]:
    """Wake every run that waits for one of the jobs; those that were woken.

    The chain is sent once more from the poll on. The message that counts down meanwhile finds the poll done, or the
    next one arranged, and steps aside: see ``worker/state/lua/enter.lua``.
    """
    waiting = {run_id for job_id in job_ids for run_id in parts.waiting.of(job_id)}
    woken = [run_id for run_id in sorted(waiting) if parts.runs.wake(run_id, "notice: the job has ended")]
    for run_id in woken:
        chain.send(run_id, Step.POLL)
    return woken
