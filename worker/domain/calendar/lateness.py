"""Find late briefings, from what the ledger of runs says.

A briefing is late if its run is still open ten minutes after the stand-up, or was never started. A run that started
after its stand-up (a new group, or after an outage) has ten minutes from its start. A failed run has its own alert.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from worker.domain.calendar.schedule import Due
from worker.domain.runs import Run, RunId, RunState, Step

LATE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LateBriefing:
    """A late briefing: its step, the reason, and the command that starts it if nothing else will."""

    run_id: RunId
    group_title: str
    step: str
    code: str
    sentence: str
    command: str = ""


def unfinished(now: datetime, due: Due, run: Run) -> LateBriefing | None:
    """Report the run of a due stand-up if it takes too long."""
    if run.state != RunState.OPEN or now < max(due.standup_at.astimezone(UTC), run.created_at) + LATE_AFTER:
        return None
    progress = f"is not ready: its run is still at the step {run.step}"
    if run.step == Step.DELIVER:
        progress = "is not delivered to everyone: some receivers are busy, and the worker tries them again"
    sentence = (
        f"{_briefing(due)} {progress}. The run continues by itself. If it fails, another alert says why. To see what "
        f"happened so far: standup explain {run.id}"
    )
    return LateBriefing(run.id, due.group.title, run.step.value, "late", sentence)


def never_started(now: datetime, due: Due, first_seen: datetime) -> LateBriefing | None:
    """Report a due stand-up that has no run for too long. ``first_seen``: when it was first seen without one."""
    if due.state != "due" or now < max(due.standup_at.astimezone(UTC), first_seen.astimezone(UTC)) + LATE_AFTER:
        return None
    run_id = RunId(due.group.key, due.reporting_day)
    sentence = (
        f"{_briefing(due)} was never started, although a worker is running. Look for errors of briefing.start_due in "
        "the workers' logs."
    )
    command = f"standup run {run_id.group} --date {run_id.reporting_day}"
    return LateBriefing(run_id, due.group.title, "start", "not_begun", sentence, command)


def _briefing(due: Due) -> str:
    return f"The briefing for the stand-up at {due.standup_at.isoformat(timespec='minutes')}"
