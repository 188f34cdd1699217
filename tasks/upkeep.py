"""Upkeep between the mornings: recovers silent runs, refreshes look-ups, deletes old data."""

from __future__ import annotations

import structlog

from worker.celery import app
from worker.wiring import services, stores

log = structlog.get_logger("standup.upkeep")


@app.task(name="briefing.recover", ignore_result=True)
def recover() -> None:
    """Send the chains of runs without progress again: a worker was killed, or Redis lost a message."""
    for run_id in services.recovery().resend_silent():
        log.warning("silent run sent again", run=str(run_id))


@app.task(name="briefing.refresh_lookups", ignore_result=True)
def refresh_lookups() -> None:
    """Refresh a part of the old look-ups, unless briefings are under way."""
    requests = services.lookup_refresh().refresh()
    if requests:
        log.info("look-ups refreshed", requests=requests)


@app.task(name="briefing.expire", ignore_result=True)
def expire() -> None:
    """Delete rows, documents and records by their age, and stored answers that have expired."""
    if not stores.state_version().is_newer():
        log.info("expired", **services.expiry().expire())
