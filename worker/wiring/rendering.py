"""The render step, in a process of its own or in this one."""

from __future__ import annotations

from functools import cache

from billiard.process import current_process

from worker.domain.groups import Group
from worker.domain.runs import Run, StepOutcome
from worker.render_processes.pool import RenderProcesses
from worker.wiring import services
from worker.wiring.process import settings


@cache
def processes() -> RenderProcesses:
    """Return this worker's render processes."""
    return RenderProcesses(settings().rendering.processes, settings().rendering.memory_mb)


def render(group: Group, run: Run) -> StepOutcome:
    """Render a run where it can end no other step: in a render process, or in this one if it is a pool's process."""
    if settings().rendering.processes == 0 or _is_process_of_a_pool():
        return render_here(group, run)
    return processes().call(render_here, group, run)


def render_here(group: Group, run: Run) -> StepOutcome:
    """Render a run in this process."""
    return services.rendering().render(group, run)


def _is_process_of_a_pool() -> bool:
    return bool(current_process().name != "MainProcess")
