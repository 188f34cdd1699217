"""Logs: JSON, one line per event, the run's id on each, secrets and addresses masked.

structlog formats its own events and those of Celery, kombu and requests alike, so a log shipper needs one parser.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

_ADDRESS = re.compile(r"[^\s@<>\"',;:=/]+@(?:[^\s@<>\"',;:/.]+\.)+[A-Za-z]{2,}")
_SECRET_KEYS = frozenset({"password", "secret", "client_secret", "access_token", "authorization", "webhook_url"})
_secrets: set[str] = set()

Event = MutableMapping[str, Any]


def configure(level: str, secrets: Iterable[str] = (), stream: Any = None) -> None:
    """Send all logging, ours and foreign, as JSON lines to `stream` (stderr); ``secrets`` never appear in it."""
    _secrets.update(secret for secret in secrets if len(secret) >= 4)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("urllib3").setLevel(logging.WARNING)  # its lines carry signed download links
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
    """Replace secrets, and all but the first letter of e-mail addresses' names, wherever they stand."""
    return {key: "•••" if key in _SECRET_KEYS else _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        for secret in _secrets:
            value = value.replace(secret, "•••")
        return _ADDRESS.sub(lambda found: f"{found[0][0]}•••@{found[0].rpartition('@')[2]}", value)
    if isinstance(value, dict):
        return {key: _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]
    return value
