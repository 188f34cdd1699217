"""Makes the briefing from the rows, or the notice, and stores documents and message with the run."""

from __future__ import annotations

from tasks.step import step_task
from worker.domain.groups import Group
from worker.domain.runs import Run, Step, StepOutcome
from worker.wiring import rendering


@step_task(Step.RENDER)
def render(group: Group, run: Run) -> StepOutcome:
    """Rows → briefing → PDF, workbook, message. An empty day and a holiday are messages without documents."""
    return rendering.render(group, run)
