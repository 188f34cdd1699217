"""Keeps look-ups fresh outside the morning."""

from __future__ import annotations

import structlog

from worker import wiring
from worker.celery import app
from worker.morning.refresh import refresh

log = structlog.get_logger("standup.refresh")


@app.task(name="briefing.refresh_lookups", ignore_result=True)
def refresh_lookups() -> None:
    """Ask for a part of what is old, unless briefings are under way: their requests come first."""
    parts = wiring.parts()
    if parts.runs.open_count():
        return
    requests = refresh(parts)
    if requests:
        log.info("look-ups refreshed", requests=requests)
