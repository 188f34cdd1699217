"""Was the reporting day a business day for this group? The step before any export."""

from __future__ import annotations

from tasks.step import step_task
from worker.domain.groups import Group
from worker.domain.runs import Run, Step, StepOutcome
from worker.wiring import services


@step_task(Step.HOLIDAY_CHECK)
def holiday_check(group: Group, run: Run) -> StepOutcome:
    """Business day: export. Holiday: the notice, or the last business day if the group prefers it."""
    return services.holiday_check().check(group, run)
