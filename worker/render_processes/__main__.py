"""The process: ``python -m worker.render_processes CONNECTION MEGABYTES`` does one job after another."""

from __future__ import annotations

import gc
import os
import resource
import signal
import sys
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection

import structlog

from worker import logs, step_time
from worker.errors import StandupError, frames_of
from worker.render_processes.job import Answer, Job
from worker.wiring.process import settings

_GRACE_SECONDS = 30

log = structlog.get_logger("standup.render")


def main() -> None:
    """Do jobs until the worker closes the connection."""
    descriptor, megabytes = map(int, sys.argv[1:])
    _limit_memory(megabytes * 1024 * 1024)
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, signal.SIG_IGN)  # the worker that gets them lets its steps end first
    threading.Thread(target=_end_with_worker, daemon=True, name="end-with-worker").start()
    logs.configure(settings().log_level, settings().secret_values)
    connection = Connection(descriptor)
    with suppress(EOFError, BrokenPipeError):
        connection.send(_answer(connection.recv()))
        _keep_libraries()
        while True:
            connection.send(_answer(connection.recv()))


def _answer(job: Job) -> Answer:
    _limit_processor_time(job.seconds)
    structlog.contextvars.bind_contextvars(**job.log_fields)
    try:
        with step_time.limited_to(job.seconds) as time_of_step:
            value = job.function(*job.args)
        return Answer(value, time_of_step.exceeded)
    except Exception as error:
        if not isinstance(error, StandupError | OSError):
            log.error("raised", error=type(error).__name__, frames=frames_of(error))
        return Answer(error=error)
    finally:
        structlog.contextvars.clear_contextvars()


def _keep_libraries() -> None:
    """Let the garbage collector leave out what the first job imported. To look through it takes 4 % of a job."""
    gc.collect()
    gc.freeze()


def _limit_memory(limit_bytes: int) -> None:
    """Let requests for more memory fail. Systems without this limit, such as macOS, refuse it."""
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))


def _limit_processor_time(seconds: float) -> None:
    """Let the system end this process if it loops on after its worker is gone."""
    _, hard_limit = resource.getrlimit(resource.RLIMIT_CPU)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + _GRACE_SECONDS, hard_limit))


def _end_with_worker() -> None:
    """End when the worker does: the standard input is a pipe that it never writes to.

    Read the descriptor itself: Python aborts at its end if a thread still holds the lock of ``sys.stdin.buffer``
    (``_enter_buffered_busy`` in CPython's Modules/_io/bufferedio.c).
    """
    os.read(sys.stdin.fileno(), 1)
    os._exit(0)


if __name__ == "__main__":
    main()
