"""Deletes what is older than the settings' retention, some times a day."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import structlog

from worker import wiring
from worker.celery import app

log = structlog.get_logger("standup.forget")


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
