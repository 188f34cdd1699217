"""Tells operations which run failed, at which step, why, and how to rerun it; and when the group is well again.

Once per cause and day (`worker.state.streaks`). When the broker cannot take the task, the process that has the news
tells it itself; when nobody takes it, it is a line in the alerts file. Nothing here needs the mail server.
"""

from __future__ import annotations

import json
import random
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import structlog
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from worker import wiring
from worker.alerts import rules as alarm
from worker.alerts.webhook import Alert
from worker.celery import app
from worker.domain.backoff import retry_countdown_seconds
from worker.domain.runs import Run, RunId, RunState
from worker.errors import ChannelBusy, DeliveryRefused, StandupError
from worker.state import once
from worker.wiring import Parts

MAX_RETRIES = 5

UNTOLD_AFTER = timedelta(seconds=60)
UNTOLD_AGAIN_SECONDS = 600

_QUICKLY = {"max_retries": 3, "interval_start": 0.2, "interval_step": 0.3, "interval_max": 1}

log = structlog.get_logger("standup.alert")


@app.task(name="briefing.alert", bind=True, max_retries=MAX_RETRIES, ignore_result=True)
def alert(task: Any, run_id: str) -> None:
    """Tell what there is to tell of a run that has ended; a busy webhook is tried again."""
    parts = wiring.parts()
    run = parts.runs.get(RunId.parse(run_id))
    if run is None or run.alerted:
        return
    due = alarm.due_alert(parts, run, wiring.now())
    try:
        told = due is not None and send(parts, due)
    except ChannelBusy as error:
        if task.request.retries >= MAX_RETRIES and due is not None:
            _write_down(parts, due, str(error))
            return
        wait = retry_countdown_seconds(task.request.retries + 1, random.random(), error.retry_after_seconds)  # noqa: S311 - jitter
        raise task.retry(countdown=wait) from None
    if due is None or told:
        _note(parts, run, told)


def _note(parts: Parts, run: Run, told: bool) -> None:
    if run.state in alarm.WELL:
        parts.streaks.end(run.id.group, run.id.reporting_day)
    elif told:
        parts.watch.told(run.id)  # an operator who resumes it knows that it is late
    parts.runs.set(run.id, alerted=1)
    parts.runs.note(run.id, run.step, "operations alerted" if told else "operations know: no further alert")


def tell(run_id: RunId, state: RunState, code: str, sentence: str) -> None:
    """Have operations told of a run's ending, whatever works: by the task, from this process, or in the alerts file."""
    parts = wiring.parts()
    if state not in (*alarm.BAD, *alarm.WELL) or (state in alarm.WELL and not _was_failing(parts, run_id)):
        return
    try:
        # without ignore_result Celery tries the result backend for 20 s first, and ends in a RuntimeError
        app.send_task("briefing.alert", args=[str(run_id)], ignore_result=True, retry=True, retry_policy=_QUICKLY)
    except (OperationalError, RedisError) as error:
        log.error("the broker takes no alert: sent from here", run=str(run_id), error=type(error).__name__)
        _tell_from_here(parts, run_id, state, code, sentence)


def tell_untold(parts: Parts, run_id: RunId) -> None:
    """Tell of a run that ended a while ago and of which nobody was told: who ended it may have died before it told."""
    run = parts.runs.get(run_id)
    if run is None or run.alerted or run.state == RunState.OPEN:
        return
    ended = run.finished_at or run.created_at
    if wiring.now() - ended > UNTOLD_AFTER and once.first(
        parts.redis, f"standup:untold:{run_id}", UNTOLD_AGAIN_SECONDS
    ):
        tell(run_id, run.state, run.code, run.sentence)


def _was_failing(parts: Parts, run_id: RunId) -> bool:
    try:
        return parts.streaks.open(run_id.group) is not None
    except RedisError:
        return False  # good news can wait


def _tell_from_here(parts: Parts, run_id: RunId, state: RunState, code: str, sentence: str) -> None:
    """Without the ledger: nobody knows whether it was told before, and twice is better than never."""
    if state not in alarm.BAD:
        return
    told = Alert(
        run_id=str(run_id),
        group_title=run_id.group,
        step="",
        code=code,
        sentence=sentence,
        rerun_command=alarm.command(run_id, state, code),
        at=wiring.now(),
    )
    send_or_write_down(parts, told)


def send_or_write_down(parts: Parts, due: Alert) -> None:
    """Send at once, from this process; what the webhook does not take becomes a line in the alerts file."""
    try:
        send(parts, due)
    except StandupError as error:
        _write_down(parts, due, str(error))


def send(parts: Parts, due: Alert) -> bool:
    """True when the webhook took it; a webhook that refuses, or that nobody has set, leaves a line in the file.

    `ChannelBusy`: later may go, and nothing is written down.
    """
    if parts.alerts is None:
        _write_down(parts, due, "no alert webhook is set")
        return True
    try:
        parts.alerts.send(due)
    except DeliveryRefused as error:
        _write_down(parts, due, str(error))
        return False
    return True


def _write_down(parts: Parts, due: Alert, why: str) -> None:
    """The last resort: one JSON line in the alerts file, and one in the log, which names nobody."""
    log.error("alert not delivered", run=due.run_id, code=due.code, because=why, file=str(parts.settings.alerts_file))
    line = json.dumps(asdict(due) | {"at": due.at.isoformat(), "not_delivered": why}, ensure_ascii=False)
    try:
        parts.settings.alerts_file.parent.mkdir(parents=True, exist_ok=True)
        with parts.settings.alerts_file.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    except OSError as error:
        log.error("the alerts file cannot be written", error=type(error).__name__)
