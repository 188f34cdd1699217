"""The workers' app, in which the documents of some groups do what ends or occupies a process.

Groups named after a poison get it, all others are rendered. The worker gives `endless` two seconds.
"""

import ctypes
from collections import deque
from itertools import repeat

from worker import step_time
from worker.celery import app
from worker.domain.groups import Group
from worker.domain.runs import Run, StepOutcome
from worker.wiring import rendering

__all__ = ["app"]

_render = rendering.render


def endless(_group: Group, _run: Run) -> StepOutcome:
    """Loop in C, which no other thread of the process can interrupt."""
    deque(repeat(0), maxlen=0)
    raise AssertionError("unreachable")


def greedy(_group: Group, _run: Run) -> StepOutcome:
    """Take all memory."""
    blocks = []
    while True:
        blocks.append(bytearray(10_000_000))


def crashing(_group: Group, _run: Run) -> StepOutcome:
    """Read from an address that is not ours."""
    ctypes.string_at(0)
    raise AssertionError("unreachable")


POISONS = {"greedy": greedy, "crashing": crashing}


def _render_or_poison(group: Group, run: Run) -> StepOutcome:
    if group.key == "endless":
        with step_time.limited_to(2):
            return rendering.processes().call(endless, group, run)
    if group.key in POISONS:
        return rendering.processes().call(POISONS[group.key], group, run)
    return _render(group, run)


rendering.render = _render_or_poison
