"""What the watchdog remembers between two looks: since when a run is missing, which runs were reported late, and
which mornings a ping was about.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from redis import Redis

from worker.domain.runs import RunId
from worker.state import once

KEEP_SECONDS = 8 * 24 * 3600
"""Longer than any stand-up remains the newest of its group."""

_PINGED = "standup:pinged"


class Watch:
    """The watchdog's memory in Redis. ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def absent_since(self, run_id: RunId, now: datetime) -> datetime:
        """Return when a look first found that a due run does not exist. The first call records ``now``."""
        key = f"standup:absent:{run_id}"
        self._redis.set(key, now.isoformat(), nx=True, ex=KEEP_SECONDS)
        return datetime.fromisoformat(cast("str | None", self._redis.get(key)) or now.isoformat())

    def claim(self, run_id: RunId) -> bool:
        """Return True to the one worker that must report now that the run is late, and then call `mark_reported`."""
        return once.claim(self._redis, _key(run_id), once.SENDING_SECONDS)

    def mark_reported(self, run_id: RunId) -> None:
        """Record that operations know that the run is late, or do not need to."""
        self._redis.set(_key(run_id), 1, ex=KEEP_SECONDS)

    def release(self, run_id: RunId) -> None:
        """Let the next look try again, because the alert was not sent."""
        self._redis.delete(_key(run_id))

    def pinged_claim_ms(self) -> int:
        """Return when the newest run was claimed that the last ping after a morning was about, 0 for no ping yet."""
        return int(cast("str | None", self._redis.get(_PINGED)) or 0)

    def record_ping(self, claim_ms: int) -> None:
        """Record that all runs claimed until this instant have been reported by a ping."""
        self._redis.set(_PINGED, claim_ms)


def _key(run_id: RunId) -> str:
    return f"standup:told-late:{run_id}"
