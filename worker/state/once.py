"""What one of many callers may do, remembered for a while."""

from __future__ import annotations

import uuid

from redis import Redis

TELLING_SECONDS = 180
"""Whoever tells operations something has so long; should it be killed meanwhile, another may tell."""


def first(redis: Redis, key: str, seconds: int) -> bool:
    """True for the first caller within so many seconds; also where it asks again because the answer got lost."""
    mine = uuid.uuid4().hex
    return redis.set(key, mine, nx=True, get=True, ex=seconds) in (None, mine)
