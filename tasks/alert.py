"""Alerts operations of a run that has ended: which one failed, at which step, why, and how to rerun it."""

from __future__ import annotations

import random
from typing import Any

import structlog
from redis.exceptions import RedisError

from worker.celery import app
from worker.domain.countdowns import retry_countdown_seconds
from worker.domain.runs import RunId
from worker.errors import ChannelBusy
from worker.wiring import alerts

MAX_RETRIES = 5

log = structlog.get_logger("standup.alert")


@app.task(name="briefing.alert", bind=True, max_retries=MAX_RETRIES, ignore_result=True)
def alert(task: Any, run_id: str) -> None:
    """Send the alert that the run's ending deserves. A busy webhook is tried again, and a ledger that is away too.

    If the ledger is away for longer, `RunAlerts.look` finds the run.
    """
    attempts = task.request.retries
    try:
        alerts.run_alerts().send(RunId.parse(run_id), last_attempt=attempts >= MAX_RETRIES)
    except ChannelBusy as error:
        wait = retry_countdown_seconds(attempts + 1, random.random(), error.retry_after_seconds)  # noqa: S311 - jitter
        raise task.retry(countdown=wait) from None
    except RedisError as error:
        log.warning("alert delayed: the ledger does not answer", run=run_id, error=type(error).__name__)
        raise task.retry(countdown=retry_countdown_seconds(attempts + 1, random.random())) from None  # noqa: S311 - jitter
