"""Resumes runs whose step went silent: a killed worker, a message that Redis lost, a link that was never sent."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import structlog

from worker import wiring
from worker.celery import app
from worker.services import runs as chain
from worker.services.refresh import refresh


@app.task(name="briefing.refresh_lookups", ignore_result=True)
def refresh_lookups() -> None:
    """Ask for a part of what is old, unless briefings are under way: their requests come first."""
    parts = wiring.parts()
    if parts.runs.open_count():
        return
    requests = refresh(parts)
    if requests:
        log.info("look-ups refreshed", requests=requests)


@app.task(name="briefing.expire", ignore_result=True)
def expire() -> None:
    """Rows, documents and records by their age, and answers whose lifetime has ended."""
    parts = wiring.parts()
    now, days = wiring.now(), parts.settings.retention
    old = parts.retention.older(
        {
            "rows": (now - timedelta(days=days.rows_days)).date(),
            "documents": (now - timedelta(days=days.documents_days)).date(),
            "records": (now - timedelta(days=days.records_days)).date(),
        }
    )
    old += parts.retention.answers(None, ended_before=now.timestamp())
    parts.retention.delete(old)
    counts = Counter(item.kind for item in old)
    log.info("expired", **{str(kind): number for kind, number in counts.items()})


log = structlog.get_logger("standup.recover")


@app.task(name="briefing.recover", ignore_result=True)
def recover() -> None:
    """Send the chains of silent runs again, from the step where each stands."""
    for run_id in chain.resend_silent(wiring.parts().runs):
        log.warning("silent run sent again", run=str(run_id))
