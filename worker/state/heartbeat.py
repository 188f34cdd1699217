"""The instant when beat's question last reached a worker. If it is recent, beat asks and a worker answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from redis import Redis

_KEY = "standup:heartbeat"


class Heartbeat:
    """One instant in Redis, by Redis' clock. ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def record(self) -> None:
        """Record that beat's question has just arrived."""
        self._redis.set(_KEY, self._redis.time()[0])

    def last(self) -> datetime | None:
        """Return when it last arrived, in UTC, or None if it never did."""
        seconds = cast("str | None", self._redis.get(_KEY))
        return datetime.fromtimestamp(int(seconds), UTC) if seconds else None

    def age_seconds(self) -> float | None:
        """Return how long ago it last arrived, or None if it never did."""
        last = self.last()
        return self._redis.time()[0] - last.timestamp() if last else None
