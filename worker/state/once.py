"""A claim in Redis that one of many callers gets, for a limited time."""

from __future__ import annotations

import uuid

from redis import Redis

SENDING_SECONDS = 180
"""How long one worker may hold the right to send an alert before another may take over."""


def claim(redis: Redis, key: str, seconds: int) -> bool:
    """Return True to the first caller within this many seconds, also if it repeats the call after a lost answer."""
    caller = uuid.uuid4().hex
    return redis.set(key, caller, nx=True, get=True, ex=seconds) in (None, caller)
