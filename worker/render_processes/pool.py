"""The render processes of a worker."""

from __future__ import annotations

import multiprocessing
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from queue import Empty, LifoQueue
from typing import ParamSpec, TypeVar

import structlog

from worker import step_time
from worker.errors import NotYet, OutOfMemory, RenderProcessDied, StepTooLong
from worker.render_processes.job import Answer, Job

P = ParamSpec("P")
T = TypeVar("T")

FREE_WITHIN_SECONDS = 20.0
"""How long a step waits for a process. After that it is tried again later, which does not count as an attempt."""

LONGEST_SECONDS = 90.0
"""The longest time of a call outside of a step."""

_GRACE_SECONDS = 2.0
"""A process that checks the time ends its job itself. One that does not is killed this much later."""

log = structlog.get_logger("standup.render")


@dataclass(frozen=True, slots=True)
class RenderProcess:
    """One process and the connection to it."""

    popen: subprocess.Popen[bytes]
    connection: Connection

    @classmethod
    def start(cls, megabytes: int) -> RenderProcess:
        """Start a process that may use so much memory. It ends when this one does."""
        connection, end_of_child = multiprocessing.Pipe()
        with end_of_child:
            descriptor = end_of_child.fileno()
            command = [sys.executable, "-m", __package__, str(descriptor), str(megabytes)]
            popen = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[descriptor])  # noqa: S603 - our module
        return cls(popen, connection)

    def answer_to(self, job: Job) -> Answer:
        """Return the job's answer. Raises StepTooLong or RenderProcessDied, and then the process is of no more use."""
        try:
            self.connection.send(job)
            if not self.connection.poll(job.seconds + _GRACE_SECONDS):
                raise _too_long(job.seconds)
            answer: Answer = self.connection.recv()
        except (EOFError, ConnectionError) as error:
            raise RenderProcessDied(_death(self.popen.wait())) from error
        return answer

    def kill(self) -> None:
        """End the process, whatever it does."""
        self.connection.close()
        self.popen.kill()
        self.popen.wait()
        if self.popen.stdin:
            self.popen.stdin.close()

    @property
    def lives(self) -> bool:
        """Tell whether the process has not ended."""
        return self.popen.poll() is None


class RenderProcesses:
    """At most ``count`` processes, each started when no other is free and kept for the next jobs."""

    def __init__(self, count: int, megabytes: int) -> None:
        self._megabytes = megabytes
        self._free: LifoQueue[RenderProcess | None] = LifoQueue()
        for _ in range(count):
            self._free.put(None)

    def call(self, function: Callable[P, T], *args: P.args, **_: P.kwargs) -> T:
        """Return what a function of a module returns in a process of its own, or raise what it raises there.

        Raises StepTooLong, OutOfMemory or RenderProcessDied if it reaches a limit or ends its process, and NotYet if no
        process is free soon.
        """
        process = self._next_free()
        try:
            process = process if process and process.lives else RenderProcess.start(self._megabytes)
            seconds = step_time.remaining_seconds(LONGEST_SECONDS)
            answer = process.answer_to(Job(function, args, seconds, structlog.contextvars.get_contextvars()))
            if isinstance(answer.error, MemoryError):
                raise _out_of_memory(self._megabytes)
        except Exception:
            if process:
                process.kill()
                process = None
            raise
        finally:
            self._free.put(process)
        if answer.error:
            raise answer.error
        value: T = answer.value
        return value

    def close(self) -> None:
        """End the processes that are free."""
        while not self._free.empty():
            process = self._free.get_nowait()
            if process:
                process.kill()

    def _next_free(self) -> RenderProcess | None:
        try:
            return self._free.get(timeout=FREE_WITHIN_SECONDS)
        except Empty:
            raise NotYet("All render processes of this worker are busy.", retry_after_seconds=5) from None


def _too_long(seconds: float) -> StepTooLong:
    return StepTooLong(
        f"Making the documents did not end within {seconds:.0f} s. Their process was ended.",
        way_out="`standup run` resumes it. If it ends again, look for what is unusual in the group's rows.",
    )


def _out_of_memory(megabytes: int) -> OutOfMemory:
    return OutOfMemory(
        f"Making the documents needs more than {megabytes} MB of memory. Their process was ended.",
        way_out="Look for what is unusual in the group's rows, or raise STANDUP_RENDERING__MEMORY_MB.",
    )


def _death(status: int) -> str:
    """Say how a process ended, by its exit status. A negative one is the number of a signal."""
    cause = signal.Signals(-status).name if status < 0 else f"exit status {status}"
    return f"The process that made the documents ended with {cause}. No other run was in it."
