"""Tells operations which run failed, at which step, why, and how to rerun it. Once."""

from __future__ import annotations

import random
from typing import Any

import structlog

from worker import wiring
from worker.celery import app
from worker.channels.alert import Alert
from worker.domain.backoff import retry_countdown_seconds
from worker.domain.runs import Run, RunId, RunState
from worker.errors import ChannelBusy, DeliveryRefused
from worker.wiring import Parts

MAX_RETRIES = 5

log = structlog.get_logger("standup.alert")


@app.task(name="briefing.alert", bind=True, max_retries=MAX_RETRIES, ignore_result=True)
def alert(task: Any, run_id: str) -> None:
    """Send one alert for a run that ended badly; a busy webhook is tried again, a refusing one is logged."""
    parts = wiring.parts()
    run = parts.runs.get(RunId.parse(run_id))
    if run is None or run.alerted:
        return
    if parts.alerts is None:
        log.error("no alert webhook is set", run=run_id, code=run.code)
        return
    try:
        parts.alerts.send(_alert(parts, run))
    except ChannelBusy as error:
        wait = retry_countdown_seconds(task.request.retries + 1, random.random(), error.retry_after_seconds)  # noqa: S311 - jitter
        raise task.retry(countdown=wait) from None
    except DeliveryRefused as error:
        log.error("the alert webhook refuses", run=run_id, because=str(error))
        return
    parts.runs.set(run.id, alerted=1)
    parts.watch.claim(run.id)  # an operator who resumes it knows that it is late
    parts.runs.note(run.id, run.step, "operations alerted")


def _alert(parts: Parts, run: Run) -> Alert:
    group = next((each for each in parts.group_file().groups if each.key == run.id.group), None)
    return Alert(
        run_id=str(run.id),
        group_title=group.title if group else run.id.group,
        step=run.step.value,
        code=run.code,
        sentence=run.sentence,
        rerun_command=_command(run),
        at=run.finished_at or wiring.now(),
    )


def _command(run: Run) -> str:
    """A failed run is taken up where it stopped; one that reached somebody, or never began, is made anew."""
    if run.state == RunState.FAILED:
        return f"standup run {run.id.group} --date {run.id.reporting_day}"
    return f"standup rerun {run.id}"
