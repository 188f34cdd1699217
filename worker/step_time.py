"""How long the present step may still take, which its long loops ask.

A thread cannot be stopped from outside, so loops over rows, pages and requests check the time themselves. The end of a
step is a context variable, as a log line's run id is: a loop deep in a renderer needs it, and nothing between the task
and that loop does. Outside of a step there is no limit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from worker.errors import StepTooLong

T = TypeVar("T")

ROWS_BETWEEN_CHECKS = 256


class StepTime:
    """The time of one step. ``exceeded`` is the error of the first check after its end.

    Code between the loop and the task may handle that error as one of its own, and go on with less. The task looks here
    whether the step has been over its time.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._ends_at = clock() + seconds
        self.exceeded: StepTooLong | None = None

    @property
    def remaining_seconds(self) -> float:
        """How long the step may still take, 0 after its end."""
        return max(0.0, self._ends_at - self._clock())

    def check(self, activity: str) -> None:
        """Raise `StepTooLong` if the time is over. ``activity`` says what took it, e.g. ``reading rows.csv``."""
        if self._clock() > self._ends_at:
            self.exceeded = StepTooLong(
                f"The step takes longer than {self._seconds:.0f} s. It was ended while {activity}.",
                way_out="`standup run` resumes it. If it ends again, give the group fewer queues, or its report fewer "
                "columns.",
            )
            raise self.exceeded


_present: ContextVar[StepTime | None] = ContextVar("step_time", default=None)


@contextmanager
def limited_to(seconds: float, clock: Callable[[], float] = time.monotonic) -> Iterator[StepTime]:
    """Limit what is done in this block, and in this thread, to so many seconds."""
    step_time = StepTime(seconds, clock)
    token = _present.set(step_time)
    try:
        yield step_time
    finally:
        _present.reset(token)


def check(activity: str) -> None:
    """Raise `StepTooLong` if the present step has no time left."""
    step_time = _present.get()
    if step_time is not None:
        step_time.check(activity)


def remaining_seconds(outside_of_a_step: float) -> float:
    """Return how long the present step may still take."""
    step_time = _present.get()
    return step_time.remaining_seconds if step_time else outside_of_a_step


def checked(rows: Iterable[T], activity: str) -> Iterator[T]:
    """Yield the rows, and check the time now and then."""
    for number, row in enumerate(rows):
        if number % ROWS_BETWEEN_CHECKS == 0:
            check(activity)
        yield row
