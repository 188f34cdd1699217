"""The clock of the broker's Redis, by which beat's questions expire: one clock for all machines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

log = structlog.get_logger("standup.broker")


def redis_now(client: Any) -> datetime | None:
    """Return the present instant by the clock of Redis. None if it does not answer.

    ``client``: a producer or a message of kombu, whose channel is connected to it.

    After a lost connection kombu's channel fails in several ways, until the next message opens a new one. No such error
    may keep beat or a worker from going on.
    """
    try:
        with client.channel.conn_or_acquire() as redis:
            seconds, micros = redis.time()
    except Exception as error:
        log.warning("the clock of Redis was not read", error=type(error).__name__)
        return None
    return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micros)
