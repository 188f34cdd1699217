"""Permits for one OAuth client's quota, shared by all workers: one round trip each, exact waits, Redis' clock.

The API's headers and 429s correct the bucket for everybody at once, and only ever slow it. Redis away means no
permit: better a late briefing than an organisation locked out of its own API. The algorithm stands in
``lua/token_bucket.lua``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError

from worker.errors import QuotaWait
from worker.state import scripts

SLEEP_SECONDS = 2.0
"""Shorter waits are slept through in place; longer ones become a countdown, so that no worker is held."""

_REDIS_AWAY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Grant:
    """Whether the permit is reserved, and in how many seconds it may be used (or asked for again)."""

    granted: bool
    wait_seconds: float


class TokenBucket:
    """One client's bucket. ``limit`` requests per ``period_seconds`` until the API's headers say otherwise."""

    def __init__(self, redis: Redis, client_key: str, limit: int, period_seconds: float = 60.0) -> None:
        self._redis = redis
        self._key = f"standup:bucket:{client_key}"
        self._limit = limit
        self._period_us = int(period_seconds * 1e6)

    def reserve(self, max_wait_seconds: float) -> Grant:
        """Reserve one permit if it is free within ``max_wait_seconds``; else change nothing and say when."""
        granted, wait_us = self._call("reserve", self._limit, self._period_us, int(max_wait_seconds * 1e6))
        return Grant(bool(granted), wait_us / 1e6)

    def observe(self, remaining: int, allowed: int | None, reset_seconds: float | None) -> None:
        """Learn from an answer's headers: what is left of how much, and in how many seconds it starts anew."""
        if allowed is not None and allowed > 0:
            self._limit = allowed
        reset_us = self._period_us if reset_seconds is None else int(min(reset_seconds * 1e6, 10 * self._period_us))
        self._call("observe", self._limit, self._period_us, max(0, remaining), reset_us)

    def hold(self, seconds: float) -> None:
        """Give nobody a permit for so long: the API answered 429."""
        self._call("hold", self._limit, self._period_us, int(seconds * 1e6))

    def _call(self, *args: object) -> tuple[int, int]:
        granted, wait_us = scripts.call(self._redis, "token_bucket", [self._key], list(args))
        return granted, wait_us


class Permits:
    """What `worker.genesys.session` asks before each request; ``on_wait`` is told of each wait in seconds."""

    def __init__(
        self,
        bucket: TokenBucket,
        sleep: Callable[[float], None] = time.sleep,
        on_wait: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._bucket = bucket
        self._sleep = sleep
        self._on_wait = on_wait

    def take(self) -> None:
        """Come back when the caller may send one request; QuotaWait when that is more than a moment away."""
        try:
            grant = self._bucket.reserve(SLEEP_SECONDS)
        except RedisError as error:
            raise QuotaWait(
                f"No permit: Redis does not answer ({type(error).__name__}).", retry_after_seconds=_REDIS_AWAY_SECONDS
            ) from None
        if grant.wait_seconds > 0:
            self._on_wait(grant.wait_seconds)
        if not grant.granted:
            raise QuotaWait("The quota is used up for now.", retry_after_seconds=grant.wait_seconds)
        self._sleep(grant.wait_seconds)

    def observe(self, remaining: int, allowed: int | None, reset_seconds: float | None) -> None:
        """See `TokenBucket.observe`."""
        self._bucket.observe(remaining, allowed, reset_seconds)

    def hold(self, seconds: float) -> None:
        """See `TokenBucket.hold`."""
        self._bucket.hold(seconds)
