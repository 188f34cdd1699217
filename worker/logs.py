"""Logs: one JSON line per event, with the run's id, and with secrets and addresses masked.

structlog formats its own events and those of Celery, kombu and requests, so a log shipper needs one parser.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from typing import Any

import structlog
from celery.signals import task_postrun, task_prerun

from worker.domain.runs import STEPS, RunId

_ADDRESS = re.compile(r"[^\s@<>\"',;:=/]+@(?:[^\s@<>\"',;:/.]+\.)+[A-Za-z]{2,}")
_SECRET_KEYS = frozenset({"password", "secret", "client_secret", "access_token", "authorization", "webhook_url"})
_secrets: set[str] = set()

PERIOD_SECONDS = 60.0
RECORDS_PER_PERIOD = 5
"""How often the same warning or error of a library, or about foreign messages, is logged in a period."""

_LIMITED = ("celery", "kombu", "redis", "py.warnings", "amqp", "standup.broker")
"""Loggers of libraries, and ours that reports what strangers write to the broker."""

_KEY_LENGTH = 60

Event = MutableMapping[str, Any]


class RepetitionFilter(logging.Filter):
    """Limits how often a library repeats a warning or an error, and says how often it did.

    While Redis refuses writes, Celery reconnects several times a second and logs a traceback each time.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._counts: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is logged: the first ones of each period."""
        if record.levelno < logging.WARNING or not record.name.startswith(_LIMITED):
            return True
        now, source = self._clock(), (record.name, str(record.msg)[:_KEY_LENGTH])
        began_at, count = self._counts.get(source, (now, 0))
        if now - began_at >= PERIOD_SECONDS:
            if count > RECORDS_PER_PERIOD:
                record.msg = f"{record.msg} (and {count - RECORDS_PER_PERIOD} more that were not logged)"
            began_at, count = now, 0
        self._counts[source] = began_at, count + 1
        return count < RECORDS_PER_PERIOD


def configure(level: str, secrets: Iterable[str] = (), stream: Any = None) -> None:
    """Send all logging, also that of libraries, as JSON lines to ``stream`` (stderr). It never contains ``secrets``."""
    _secrets.update(secret for secret in secrets if len(secret) >= 4)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter())
    handler.addFilter(RepetitionFilter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("urllib3").setLevel(logging.WARNING)  # its lines contain signed download links
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_shared(), structlog.stdlib.ExtraAdder(allow=())],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def mask(_logger: object, _method: str, event: Event) -> Event:
    """Replace secrets, and the local part of e-mail addresses except its first letter, in all values."""
    return {key: "•••" if key in _SECRET_KEYS else _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        for secret in _secrets:
            value = value.replace(secret, "•••")
        return _ADDRESS.sub(lambda match: f"{match[0][0]}•••@{match[0].rpartition('@')[2]}", value)
    if isinstance(value, dict):
        return {key: _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]
    return value


_STEPS = {step.task_name: step for step in STEPS}


@task_prerun.connect
def bind_run(sender: Any = None, args: Sequence[Any] = (), **_: object) -> None:
    """Add the run, its group, its day and the step to all log lines of a step's task."""
    step = _STEPS.get(sender.name)
    if step is None:
        return
    try:
        run_id = RunId.parse(args[0])
    except (IndexError, TypeError, ValueError):
        return  # a message that someone forged, whose task fails by the same error
    structlog.contextvars.bind_contextvars(
        run=str(run_id), group=run_id.group, day=run_id.reporting_day.isoformat(), step=step.value
    )


@task_postrun.connect
def clear_run(**_: object) -> None:
    """Remove them after the task, because its thread will run others."""
    structlog.contextvars.clear_contextvars()
