"""Which briefings are late. Pure: what the ledger says is handed in.

Late means: ten minutes after the stand-up the run is still open, or was never begun. A run that was begun after its
stand-up (a new group, an outage that was caught up with) has ten minutes from then on. One that failed has an alert of
its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from worker.domain.calendar.schedule import Due
from worker.domain.runs import Run, RunId, RunState, Step

PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Late:
    """A briefing that is not there: at which step, why, and the command that begins it where nothing else will."""

    run_id: RunId
    group_title: str
    step: str
    code: str
    sentence: str
    command: str = ""


def slow(now: datetime, due: Due, run: Run) -> Late | None:
    """The run of a due stand-up, if it is under way for too long."""
    if run.state != RunState.OPEN or now < max(due.standup_at.astimezone(UTC), run.created_at) + PATIENCE:
        return None
    where = f"is not there yet: its run is still at the step {run.step}"
    if run.step == Step.DELIVER:
        where = "is not with everybody yet: some receivers are busy and are asked again"
    sentence = (
        f"{_briefing(due)} {where}. It goes on by itself; if it fails, another alert says why. The story so far: "
        f"standup explain {run.id}"
    )
    return Late(run.id, due.group.title, run.step.value, "late", sentence)


def absent(now: datetime, due: Due, since: datetime) -> Late | None:
    """A due stand-up without a run, if it was without one for too long; ``since``: when that was first seen."""
    if due.state != "due" or now < max(due.standup_at.astimezone(UTC), since.astimezone(UTC)) + PATIENCE:
        return None
    run_id = RunId(due.group.key, due.reporting_day)
    sentence = (
        f"{_briefing(due)} was never begun, although a worker is there. Look for errors of briefing.start_due in the "
        "workers' logs."
    )
    command = f"standup run {run_id.group} --date {run_id.reporting_day}"
    return Late(run_id, due.group.title, "start", "not_begun", sentence, command)


def _briefing(due: Due) -> str:
    return f"The briefing for the stand-up at {due.standup_at.isoformat(timespec='minutes')}"
