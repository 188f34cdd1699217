"""Starts the run's export job at the source, or joins the one that a failed revision left running."""

from __future__ import annotations

from tasks.step import step_task
from worker.domain.groups import Group
from worker.domain.runs import Run, Step, StepOutcome
from worker.wiring import services


@step_task(Step.EXPORT)
def export(group: Group, run: Run) -> StepOutcome:
    """Start the job. The ledger stores it before any later step begins."""
    return services.export_start().start(group, run)
