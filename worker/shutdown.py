"""Ends a worker that was asked to end and waits for a step that never does.

Celery waits for its threads without a limit, and a thread cannot be stopped from outside. Whatever the thread does, the
ledger's lease runs out, and another worker takes the step.
"""

from __future__ import annotations

import os
import threading
import time

import structlog
from billiard.process import active_children

GRACE_SECONDS = 230.0
"""How long a worker may take to end. ``docker-compose.yml`` has it killed after 240 s."""

EXIT_STATUS = 75
"""EX_TEMPFAIL of sysexits.h: the steps in progress were not finished."""

log = structlog.get_logger("standup.shutdown")


def end_within_grace(**_: object) -> None:
    """Start the wait. Celery calls this when it gets SIGTERM."""
    threading.Thread(target=_end_later, args=(GRACE_SECONDS,), daemon=True, name="end-within-grace").start()


def _end_later(seconds: float) -> None:
    """End the process and its pool's processes after this long. If it ends earlier, this thread ends with it."""
    time.sleep(seconds)
    log.error("the worker ends although a step has not: its lease runs out and another worker takes it")
    for child in active_children():
        child.kill()
    os._exit(EXIT_STATUS)
