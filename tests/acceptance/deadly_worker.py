"""The workers' app, in which rendering for the group ``deadly`` kills the worker, as a lack of memory does."""

import os
import signal

from tests.waiting import wait_until
from worker.celery import app
from worker.domain.groups import Group
from worker.domain.runs import Run, RunId, RunState, StepOutcome
from worker.services.rendering import Rendering
from worker.wiring import stores

__all__ = ["app"]

_render = Rendering.render


def _render_or_die(self: Rendering, group: Group, run: Run) -> StepOutcome:
    if group.key != "deadly":
        return _render(self, group, run)
    wait_until(lambda: _has_ended(RunId("healthy", run.id.reporting_day)), "the other run has ended")
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def _has_ended(run_id: RunId) -> bool:
    run = stores.runs().get(run_id)
    return run is not None and run.state != RunState.OPEN


Rendering.render = _render_or_die  # type: ignore[method-assign]
