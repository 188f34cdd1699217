"""The sign of life that beat's question leaves: as long as it is young, beat asks and a worker answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from redis import Redis

_KEY = "standup:heartbeat"


class Heartbeat:
    """One instant in Redis, by Redis' clock; ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def leave(self) -> None:
        """Say that beat's question has just arrived."""
        self._redis.set(_KEY, self._redis.time()[0])

    def last(self) -> datetime | None:
        """When it last arrived, in UTC; None when it never did."""
        seconds = cast("str | None", self._redis.get(_KEY))
        return datetime.fromtimestamp(int(seconds), UTC) if seconds else None

    def age_seconds(self) -> float | None:
        """How long ago that was; None when it never arrived."""
        last = self.last()
        return self._redis.time()[0] - last.timestamp() if last else None
