"""The watchdog: tells operations of a briefing that is not there ten minutes after it should be. Once per run.

It needs beat and a worker itself; that neither of them is there is for `standup doctor` to find, from outside.
"""

from __future__ import annotations

import structlog

from tasks import alert
from worker import wiring
from worker.alerts.webhook import Alert
from worker.celery import app
from worker.domain.calendar import lateness
from worker.domain.calendar.lateness import LateBriefing
from worker.domain.calendar.schedule import Due, due_groups
from worker.domain.runs import RunId
from worker.errors import ChannelBusy
from worker.wiring import Parts

log = structlog.get_logger("standup.watch")


@app.task(name="briefing.watch", ignore_result=True)
def watch() -> None:
    """Look at the newest stand-up of every group; what cannot be told now is told at the next look."""
    parts = wiring.parts()
    for due in due_groups(wiring.now(), parts.group_file().groups):
        late = _late(parts, due)
        if late is None or not parts.watch.claim(late.run_id):
            continue
        log.warning("late", run=str(late.run_id), step=late.step, code=late.code)
        if not _tell(parts, late):
            return


def _late(parts: Parts, due: Due) -> LateBriefing | None:
    now, run_id = wiring.now(), RunId(due.group.key, due.reporting_day)
    run = parts.runs.get(run_id)
    if run is not None:
        return lateness.unfinished(now, due, run)
    return lateness.never_started(now, due, parts.watch.absent_since(run_id, now))


def _tell(parts: Parts, late: LateBriefing) -> bool:
    """False when the webhook is busy: then the others need not be tried either.

    Says nothing about the run's own alert: a run that is late may still fail, and that is news.
    """
    try:
        alert.send(parts, _alert(late))
    except ChannelBusy as error:
        parts.watch.release(late.run_id)
        log.warning("the alert webhook is busy", run=str(late.run_id), because=str(error))
        return False
    parts.watch.told(late.run_id)
    if parts.runs.get(late.run_id):
        parts.runs.note(late.run_id, late.step, "late: operations told")
    return True


def _alert(late: LateBriefing) -> Alert:
    return Alert(
        run_id=str(late.run_id),
        group_title=late.group_title,
        step=late.step,
        code=late.code,
        sentence=late.sentence,
        rerun_command=late.command,
        at=wiring.now(),
        heading=f"Late: {late.group_title}",
    )
