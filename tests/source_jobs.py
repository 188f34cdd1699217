"""Waits for a source's job, as the steps of a run do."""

from __future__ import annotations

from tests.waiting import wait_until
from worker.genesys.source import ExportJob, Order, Source


def finished_job(source: Source, order: Order) -> ExportJob:
    """Start the order's job and return it once it has ended."""
    job = source.start(order)

    def is_done() -> bool:
        nonlocal job
        if job.state != "done":
            job = source.look(order, job)
        return job.state == "done"

    wait_until(is_done, f"the job of {order.name} has ended")
    return job
