"""Looks whether the export job has ended, and fetches its rows. No worker waits between two looks."""

from __future__ import annotations

from tasks.step import step_task
from worker.domain.groups import Group
from worker.domain.runs import Run, Step, StepOutcome
from worker.wiring import services


@step_task(Step.POLL)
def poll(group: Group, run: Run) -> StepOutcome:
    """Look once: the next look later, or the rows."""
    return services.export_poll().poll(group, run)
