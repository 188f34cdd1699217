"""Permits for one OAuth client's quota, shared by all workers: one round trip each, exact waits, Redis' clock.

The API's headers and 429s correct the bucket for all workers at once, and only ever slow it down. A caller that would
have to wait long gets a place in a line, the earliest stand-up first, and the time to return. Without Redis there is no
permit: a late briefing is better than an organisation locked out of its own API. The algorithm is in
``lua/token_bucket.lua``.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError, ResponseError

from worker.errors import QuotaWait
from worker.state import scripts

SLEEP_SECONDS = 2.0
"""Shorter waits are slept through in place. Longer waits become a countdown, so that no worker is blocked."""

COME_BACK_EARLY_SECONDS = 1.0
"""How early a caller returns before its turn. It sleeps the rest, because a countdown is not exact."""

SLEEP_IN_ALL_SECONDS = 20.0
"""How long a step may sleep in total before it frees its thread."""

LAST_RANK = 2**31
"""The rank behind every stand-up, for callers that can wait."""

PERIOD_SECONDS = 60.0

_REDIS_AWAY_SECONDS = 5.0
_RETRY_SECONDS = 0.2
_LONGEST_RESET_PERIODS = 2


@dataclass(frozen=True, slots=True)
class Grant:
    """Whether the permit is reserved, and in how many seconds it may be used, or asked for again."""

    granted: bool
    wait_seconds: float


class TokenBucket:
    """One client's bucket. ``limit`` requests per ``period_seconds`` until the API's headers say otherwise."""

    def __init__(self, redis: Redis, client_key: str, limit: int, period_seconds: float = PERIOD_SECONDS) -> None:
        self._redis = redis
        self._keys = _keys(client_key)
        self._limit = limit
        self._period_us = int(period_seconds * 1e6)

    def reserve(self, max_wait_seconds: float, rank: int = 0, ticket: str = "") -> Grant:
        """Reserve one permit if it is free within ``max_wait_seconds`` and no earlier rank waits for it.

        Else ``ticket`` gets, or keeps, its place in the line: by ``rank`` (seconds since 1970 of the stand-up), then by
        arrival. The returned wait is until its turn. A turn that is not used is lost, and the place with it.
        """
        wait_us = self._call("reserve", self._limit, self._period_us, int(max_wait_seconds * 1e6), rank, ticket)
        return Grant(True, wait_us / 1e6) if wait_us >= 0 else Grant(False, (-1 - wait_us) / 1e6)

    def observe(self, remaining: int, allowed: int | None, reset_seconds: float | None) -> None:
        """Learn from an answer's headers: what remains of how much, and in how many seconds the window ends.

        The smallest ``allowed`` of the last two periods is the limit, because endpoints have limits of their own.
        A reset more than two periods away is not one of this quota, and is cut to that.
        """
        longest = _LONGEST_RESET_PERIODS * self._period_us
        reset_us = self._period_us if reset_seconds is None else int(min(reset_seconds * 1e6, longest))
        self._call("observe", self._limit, self._period_us, max(0, remaining), reset_us, max(0, allowed or 0))

    def hold(self, seconds: float) -> None:
        """Give out no permit for this long, because the API answered 429."""
        self._call("hold", self._limit, self._period_us, int(seconds * 1e6))

    def _call(self, *args: object) -> int:
        answer: int = scripts.call(self._redis, "token_bucket", self._keys, list(args))
        return answer


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """How much of a client's quota is in use.

    ``used_count``: about how many permits the last minute gave out, of ``limit``. ``waiting_count`` callers stand in
    the line, the last of them for another ``last_wait_seconds``. ``wait_seconds``: the same by ticket, for those that
    were asked about. For ``held_seconds`` the API wants no request at all.
    """

    limit: int
    used_count: int
    waiting_count: int
    last_wait_seconds: float
    held_seconds: float
    wait_seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Quotas:
    """Reads the buckets of organisations and changes none. ``limits``: client key and limit, by organisation."""

    redis: Redis
    limits: Mapping[str, tuple[str, int]]

    def by_organisation(self, tickets: Mapping[str, Sequence[str]]) -> dict[str, QuotaUse]:
        """Return how much of each organisation's quota is in use, in one round trip. ``tickets``: by organisation."""
        calls: list[tuple[list[str], list[object]]] = [
            (_keys(client_key), ["look", limit, int(PERIOD_SECONDS * 1e6), *tickets.get(name, ())])
            for name, (client_key, limit) in self.limits.items()
        ]
        answers = scripts.call_many(self.redis, "token_bucket", calls) if calls else []
        return {
            name: _quota_use(answer, tickets.get(name, ())) for name, answer in zip(self.limits, answers, strict=True)
        }


def _quota_use(answer: Sequence[int], tickets: Iterable[str]) -> QuotaUse:
    limit, used_count, waiting_count, last_wait_us, held_us, *waits_us = answer
    wait_seconds = {ticket: wait_us / 1e6 for ticket, wait_us in zip(tickets, waits_us, strict=True) if wait_us > 0}
    return QuotaUse(limit, used_count, waiting_count, last_wait_us / 1e6, held_us / 1e6, wait_seconds)


def _keys(client_key: str) -> list[str]:
    key = f"standup:bucket:{client_key}"
    return [key, f"{key}:line", f"{key}:turns"]


class Permits:
    """Gives permits to `worker.genesys.api.session`. Each step of a run has its own.

    ``rank`` and ``ticket``: see `TokenBucket.reserve`. The rank is asked for with each permit: most steps take none. A
    run has one ticket, because it sends one request at a time.
    ``on_wait`` is called with each wait in seconds.
    """

    def __init__(
        self,
        bucket: TokenBucket,
        sleep: Callable[[float], None] = time.sleep,
        on_wait: Callable[[float], None] = lambda _: None,
        *,
        rank: Callable[[], int] = lambda: 0,
        ticket: str = "",
    ) -> None:
        self._bucket = bucket
        self._sleep = sleep
        self._on_wait = on_wait
        self._rank = rank
        self._ticket = ticket or uuid.uuid4().hex
        self._sleep_left = SLEEP_IN_ALL_SECONDS

    def take(self) -> None:
        """Return when the caller may send one request. Raises QuotaWait if that takes more than a moment."""
        try:
            grant = self._bucket.reserve(min(SLEEP_SECONDS, self._sleep_left), self._rank(), self._ticket)
        except RedisError as error:
            reason = "refuses" if isinstance(error, ResponseError) else "does not answer"
            raise QuotaWait(
                f"No permit: Redis {reason} ({type(error).__name__}).", retry_after_seconds=_REDIS_AWAY_SECONDS
            ) from None
        if grant.wait_seconds > 0:
            self._on_wait(grant.wait_seconds)
        if not grant.granted:
            retry_seconds = max(grant.wait_seconds - COME_BACK_EARLY_SECONDS, _RETRY_SECONDS)
            raise QuotaWait("The quota is used up for now.", retry_after_seconds=retry_seconds)
        self._sleep_left -= grant.wait_seconds
        self._sleep(grant.wait_seconds)

    def observe(self, remaining: int, allowed: int | None, reset_seconds: float | None) -> None:
        """See `TokenBucket.observe`."""
        self._bucket.observe(remaining, allowed, reset_seconds)

    def hold(self, seconds: float) -> None:
        """See `TokenBucket.hold`."""
        self._bucket.hold(seconds)
