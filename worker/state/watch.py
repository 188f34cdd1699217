"""What the watchdog remembers between two looks: since when a run is absent, and what operations were told already."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from redis import Redis

from worker.domain.runs import RunId
from worker.state import once

KEEP_SECONDS = 8 * 24 * 3600
"""Longer than any stand-up stays the newest of its group."""


class Watch:
    """The watchdog's memory in Redis; ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def absent_since(self, run_id: RunId, now: datetime) -> datetime:
        """When a look first found that a due run does not exist."""
        key = f"standup:absent:{run_id}"
        self._redis.set(key, now.isoformat(), nx=True, ex=KEEP_SECONDS)
        return datetime.fromisoformat(cast("str | None", self._redis.get(key)) or now.isoformat())

    def claim(self, run_id: RunId) -> bool:
        """True for the one who shall tell now that the run is late, and then say `told`."""
        return once.first(self._redis, _told(run_id), once.TELLING_SECONDS)

    def told(self, run_id: RunId) -> None:
        """Operations know that the run is late, or will not ask."""
        self._redis.set(_told(run_id), 1, ex=KEEP_SECONDS)

    def release(self, run_id: RunId) -> None:
        """The telling failed; the next look may try again."""
        self._redis.delete(_told(run_id))


def _told(run_id: RunId) -> str:
    return f"standup:told-late:{run_id}"
