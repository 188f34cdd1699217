"""Delivers the message and its documents to every recipient of the group, once."""

from __future__ import annotations

from tasks.step import step_task
from worker.domain.groups import Group
from worker.domain.runs import Run, Step, StepOutcome
from worker.wiring import services


@step_task(Step.DELIVER)
def deliver(group: Group, run: Run) -> StepOutcome:
    """Every recipient gets a message of their own. The step is repeated until all deliveries have ended."""
    return services.delivering().deliver(group, run)
