"""Which groups an operator has paused."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import cast

from redis import Redis

from worker.domain.pauses import Pause

_KEY = "standup:paused"


class Pauses:
    """One hash in Redis, with a field for each paused group. ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def by_group(self) -> dict[str, Pause]:
        """Return the pauses by group, also those whose last day has passed."""
        fields = cast(dict[str, str], self._redis.hgetall(_KEY))
        return {group: _decode(text) for group, text in fields.items()}

    def pause(self, group_key: str, pause: Pause) -> None:
        """Pause a group, or change its pause."""
        resumes_on = pause.resumes_on.isoformat() if pause.resumes_on else None
        self._redis.hset(_KEY, group_key, json.dumps({"since": pause.begun_at.isoformat(), "until": resumes_on}))

    def resume(self, group_key: str) -> bool:
        """End a group's pause. False if it has none."""
        return bool(self._redis.hdel(_KEY, group_key))


def _decode(text: str) -> Pause:
    values = json.loads(text)
    resumes_on = date.fromisoformat(values["until"]) if values["until"] else None
    return Pause(datetime.fromisoformat(values["since"]), resumes_on)
