"""The OAuth access token of each client, shared by all workers through Redis and renewed by one of them.

It is in the state database, never in the broker's, and Redis deletes it when it expires.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Generic, Protocol, TypeVar, cast

from pydantic import SecretStr
from redis import Redis

from worker.domain.clock import Clock

RENEWAL_SECONDS = 30
"""How long the lock of a worker that dies while it renews blocks the others."""

_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class _Token(Protocol):
    @property
    def value(self) -> SecretStr: ...
    @property
    def obtained_at(self) -> datetime: ...
    @property
    def expires_at(self) -> datetime: ...


T = TypeVar("T", bound=_Token)


class RedisTokenStore(Generic[T]):
    """Implements `worker.genesys.api.auth.TokenStore`. ``build(value, obtained_at, expires_at)`` makes its tokens."""

    def __init__(self, redis: Redis, build: Callable[[SecretStr, datetime, datetime], T], clock: Clock) -> None:
        self._redis = redis
        self._build = build
        self._clock = clock

    def get(self, client_key: str) -> T | None:
        """Return the stored access token, or None."""
        stored = cast("str | None", self._redis.get(_key(client_key)))
        if stored is None:
            return None
        value, obtained_at, expires_at = json.loads(stored)
        return self._build(SecretStr(value), datetime.fromisoformat(obtained_at), datetime.fromisoformat(expires_at))

    def put(self, client_key: str, token: T) -> None:
        """Store an access token until it expires."""
        stored = [token.value.get_secret_value(), token.obtained_at.isoformat(), token.expires_at.isoformat()]
        seconds = max(1, int((token.expires_at - self._clock()).total_seconds()))
        self._redis.set(_key(client_key), json.dumps(stored), ex=seconds)

    @contextmanager
    def renewing(self, client_key: str) -> Iterator[bool]:
        """Yield True to the one caller that must renew the token now, and False at once to the others."""
        lock, owner = f"{_key(client_key)}:renewing", uuid.uuid4().hex
        is_renewer = bool(self._redis.set(lock, owner, nx=True, ex=RENEWAL_SECONDS))
        try:
            yield is_renewer
        finally:
            if is_renewer:
                self._redis.eval(_RELEASE, 1, lock, owner)


def _key(client_key: str) -> str:
    return f"standup:access-token:{client_key}"
