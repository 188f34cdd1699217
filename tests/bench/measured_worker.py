"""A worker that measures where its processor time goes: ``celery -A tests.bench.measured_worker worker``.

It replaces functions by ones that count the processor time of their thread, without that of measured functions that
they call. At its end it leaves the milliseconds by part, and those of its main thread, in the file that `FILE` names.
"""

from __future__ import annotations

import functools
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kombu.messaging
import redis
from celery.signals import worker_init, worker_shutdown
from celery.worker.control import control_command

import tasks.step
from worker.celery import app
from worker.channels.smtp.channel import EmailChannel
from worker.genesys.api.session import Session
from worker.genesys.queries.source import QueriesSource
from worker.services.delivering import Delivering
from worker.services.exporting import ExportPoll, ExportStart
from worker.services.holidays import HolidayCheck
from worker.services.today import TodayPlans
from worker.state.files.answers import StoredAnswers
from worker.state.files.artifacts import Artifacts
from worker.state.files.delivery_journal import DeliveryJournal

FORGET = "forget_figures"
"""The remote control command that begins to count again."""

FILE = "BENCH_PARTS"
"""The environment variable with the file of the figures. The worker's process id is added to its name."""

_NESTED = threading.local()
SECONDS: Counter[str] = Counter()
CALLS: Counter[str] = Counter()
"""By part."""

_LOCK = threading.Lock()


def measured_as(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function so that its processor time counts for a part, without that of measured ones it calls."""

    @functools.wraps(function)
    def measured(*args: Any, **options: Any) -> Any:
        outer_seconds, _NESTED.seconds = getattr(_NESTED, "seconds", 0.0), 0.0
        began_at = time.thread_time()
        try:
            return function(*args, **options)
        finally:
            seconds = time.thread_time() - began_at
            with _LOCK:
                SECONDS[part] += seconds - _NESTED.seconds
                CALLS[part] += 1
            _NESTED.seconds = outer_seconds + seconds

    return measured


def _by_database(function: Callable[..., Any]) -> Callable[..., Any]:
    """Measure the ledger's commands apart from the broker's."""
    ledger, broker = (measured_as(f"Redis: {name}", function) for name in ("ledger", "broker"))

    @functools.wraps(function)
    def measured(self: Any, *args: Any, **options: Any) -> Any:
        is_broker = self.connection_pool.connection_kwargs.get("db") == 1
        return (broker if is_broker else ledger)(self, *args, **options)

    return measured


_PARTS: dict[str, list[tuple[type, str]]] = {
    "sending messages": [(kombu.messaging.Producer, "publish")],
    "requests to the API": [(Session, "_ask")],
    "stored answers": [(StoredAnswers, "get"), (StoredAnswers, "put")],
    "rows and documents": [(Artifacts, "get"), (Artifacts, "put"), (Artifacts, "exists")],
    "delivery journal": [(DeliveryJournal, "write")],
    "mail and SMTP": [(EmailChannel, "deliver")],
    "holiday check": [(HolidayCheck, "check")],
    "export": [(ExportStart, "start")],
    "poll: state of the job": [(ExportPoll, "poll")],
    "poll: today's plan": [(TodayPlans, "fetch")],
    "poll: rows": [(QueriesSource, "collect")],
    "deliver": [(Delivering, "deliver")],
}


@worker_init.connect
def _replace(**_: object) -> None:
    for part, members in _PARTS.items():
        for owner, name in members:
            setattr(owner, name, measured_as(part, getattr(owner, name)))
    redis.Redis.execute_command = _by_database(redis.Redis.execute_command)  # type: ignore[method-assign]
    redis.client.Pipeline.execute = _by_database(redis.client.Pipeline.execute)  # type: ignore[method-assign]
    tasks.step._run_step = measured_as("lease and outcome", tasks.step._run_step)


@control_command(name=FORGET)
def _forget(_: object) -> str:
    """Begin to count again. Celery calls this in its main thread."""
    with _LOCK:
        SECONDS.clear()
        CALLS.clear()
        SECONDS["before"] = -time.process_time()
        SECONDS["main before"] = -time.thread_time()
    return "forgotten"


@worker_shutdown.connect
def _leave(**_: object) -> None:
    """Leave the figures. The main thread's contain what Celery's loop asks of the broker."""
    parts = {part: {"seconds": seconds, "calls": CALLS[part]} for part, seconds in SECONDS.items() if CALLS[part]}
    parts["Celery's main loop, with its part of the broker's commands"] = _counted(time.thread_time(), "main before")
    parts["all but rendering"] = _counted(time.process_time(), "before")
    Path(f"{os.environ[FILE]}.{os.getpid()}").write_text(json.dumps(parts), encoding="utf-8")


def _counted(seconds: float, start: str) -> dict[str, float]:
    return {"seconds": seconds + SECONDS[start], "calls": 0}


__all__ = ["app"]
