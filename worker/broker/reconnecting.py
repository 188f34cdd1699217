"""Celery's connection to the broker, which tries again soon however long the broker has been away."""

from __future__ import annotations

from typing import Any

from celery.app.amqp import AMQP
from kombu.connection import Connection

LONGEST_PAUSE_SECONDS = 2.0
"""How long to wait at most before the next attempt to connect.

kombu waits two seconds longer after each attempt, up to 30 (``Connection._ensure_connection`` in kombu/connection.py).
After an outage of a minute, worker and beat would stay away for up to 14 seconds more.
"""

_PAUSES = {"interval_start": 1.0, "interval_step": 1.0, "interval_max": LONGEST_PAUSE_SECONDS}


class _RetryingConnection(Connection):
    def ensure_connection(self, *args: Any, **options: Any) -> Any:
        """Connect, and wait for the broker as long as the caller says."""
        return super().ensure_connection(*args, **_PAUSES | options)


class BrokerAccess(AMQP):  # type: ignore[misc]
    """Celery's access to the broker, with these connections."""

    Connection = _RetryingConnection
