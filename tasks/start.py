"""Where runs begin: beat's question, and an operator's wish."""

from __future__ import annotations

from datetime import date, datetime

from tasks import alert
from worker import wiring
from worker.alerts import group_files as group_problems
from worker.celery import app
from worker.domain.calendar.business_day import refuse_unless_over
from worker.domain.calendar.schedule import Due, due_groups
from worker.domain.runs import RunId, RunState
from worker.services import runs as chain
from worker.wiring import Parts


@app.task(name="briefing.start_due", ignore_result=True)
def start_due() -> None:
    """Which groups are due and not done? Claims and sends them; the next tick asks the same anew."""
    parts = wiring.parts()
    parts.heartbeat.leave()
    now = wiring.now()
    found = parts.group_file()
    group_problems.tell(parts, found, now)
    for due in due_groups(now, found.groups):
        _start(parts, due, now)


def _start(parts: Parts, due: Due, now: datetime) -> None:
    run_id = RunId(due.group.key, due.reporting_day)
    first_seen = parts.runs.first_seen(due.group.key, now)
    found = parts.runs.get(run_id)
    if found is not None:
        if found.state == RunState.MISSED:
            alert.tell_untold(parts, run_id)
        return
    if due.state == "due":
        chain.begin(parts.runs, run_id, asked_by="beat", standup_at=due.standup_at, source=due.group.source)
    elif first_seen < due.catch_up_until:
        _miss(parts, due, run_id)


def _miss(parts: Parts, due: Due, run_id: RunId) -> None:
    """Too late to begin: say so, once. A group that is younger than its stand-up missed nothing."""
    sentence = f"No worker was there from {due.due_at.isoformat()} until {due.catch_up_until.isoformat()}."
    fields = {"state": RunState.MISSED, "code": "missed", "sentence": sentence, "source": due.group.source}
    if parts.runs.claim(run_id, "beat", standup_at=due.standup_at.isoformat(), **fields):
        parts.measures.run_ended(parts.runs.get(run_id))
        alert.tell(run_id, RunState.MISSED, "missed", sentence)


@app.task(name="briefing.run")
def run(group_key: str, day: str) -> str:
    """Have a group's run of a day: begin it, or resume it where it failed."""
    parts = wiring.parts()
    run_id = RunId(group_key, date.fromisoformat(day))
    group = parts.group(group_key)
    refuse_unless_over(run_id.reporting_day, group.tz, wiring.now())
    chain.begin(parts.runs, run_id, asked_by="operator", standup_at=None, source=group.source)
    return str(run_id)


@app.task(name="briefing.rerun")
def rerun(run_id: str) -> str:
    """Begin a new revision of a run; returns its id, or the old one when that is still under way."""
    parts = wiring.parts()
    asked = RunId.parse(run_id)
    group = parts.group(asked.group)
    refuse_unless_over(asked.reporting_day, group.tz, wiring.now())
    return str(chain.revise(parts.runs, asked, asked_by="operator", source=group.source) or asked)
