"""Resumes runs whose step went silent: a killed worker, a message that Redis lost, a link that was never sent."""

from __future__ import annotations

import structlog

from worker import wiring
from worker.celery import app
from worker.morning import chain

log = structlog.get_logger("standup.recover")


@app.task(name="briefing.recover", ignore_result=True)
def recover() -> None:
    """Send the chains of silent runs again, from the step where each stands."""
    for run_id in chain.resend_silent(wiring.parts().runs):
        log.warning("silent run sent again", run=str(run_id))
