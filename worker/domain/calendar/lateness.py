"""Find late briefings, from what the ledger of runs says.

A briefing is late if its run is still open ten minutes after the stand-up, or was never started. A run that started
after its stand-up (a new group, or after an outage) has ten minutes from its start. A failed run has its own alert.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from worker.domain.calendar.schedule import Due
from worker.domain.runs import Run, RunId, RunState, Step
from worker.domain.wording import first_names

LATE_AFTER = timedelta(minutes=10)

MOST_NAMED = 12

_TO_LOOK = "Look for errors of briefing.start_due in the workers' logs."


@dataclass(frozen=True, slots=True)
class LateBriefing:
    """A late briefing: its step, the reason, and the command that starts it if nothing else will."""

    run_id: RunId
    group_title: str
    step: str
    code: str
    sentence: str
    command: str = ""

    @property
    def cause(self) -> str:
        """What late briefings have in common that one sentence can describe (`of_several`)."""
        return "not_delivered" if self.step == Step.DELIVER.value else self.code


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
    sentence = f"{_briefing(due)} was never started, although a worker is running. {_TO_LOOK}"
    command = f"standup run {run_id.group} --date {run_id.reporting_day}"
    return LateBriefing(run_id, due.group.title, "start", "not_begun", sentence, command)


def of_several(briefings: Sequence[LateBriefing]) -> str:
    """Return the sentence about late briefings of one cause. It names the first groups."""
    subject = f"{len(briefings)} briefings"
    names = first_names([late.run_id.group for late in briefings], MOST_NAMED)
    if briefings[0].code == "not_begun":
        return (
            f"{subject} were never started, although a worker is running: {names}. {_TO_LOOK} To start one: "
            "standup run GROUP --date DAY"
        )
    if briefings[0].cause == "not_delivered":
        progress = "are not delivered to everyone, because some receivers are busy and the worker tries them again"
    else:
        progress = "are not ready"
    return (
        f"{subject} {progress}: {names}. The runs continue by themselves. If one fails, another alert says why. To see "
        "them: standup runs --state open"
    )


def _briefing(due: Due) -> str:
    return f"The briefing for the stand-up at {due.standup_at.isoformat(timespec='minutes')}"
