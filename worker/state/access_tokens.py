"""The OAuth access token of each client, shared by all workers through Redis and renewed by one of them.

It stands in our own database, never in the broker's, and Redis forgets it when it ends.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar, cast

from pydantic import SecretStr
from redis import Redis

RENEWAL_SECONDS = 30
"""A worker that dies while it renews stands in the others' way for no longer."""

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
    """Implements `worker.genesys.api.auth.TokenStore`; ``build(value, obtained_at, expires_at)`` makes its tokens."""

    def __init__(self, redis: Redis, build: Callable[[SecretStr, datetime, datetime], T]) -> None:
        self._redis = redis
        self._build = build

    def get(self, client_key: str) -> T | None:
        """The kept access token, or None."""
        kept = cast("str | None", self._redis.get(_key(client_key)))
        if kept is None:
            return None
        value, obtained_at, expires_at = json.loads(kept)
        return self._build(SecretStr(value), datetime.fromisoformat(obtained_at), datetime.fromisoformat(expires_at))

    def put(self, client_key: str, token: T) -> None:
        """Keep an access token until it ends."""
        kept = [token.value.get_secret_value(), token.obtained_at.isoformat(), token.expires_at.isoformat()]
        seconds = max(1, int((token.expires_at - datetime.now(UTC)).total_seconds()))
        self._redis.set(_key(client_key), json.dumps(kept), ex=seconds)

    @contextmanager
    def renewing(self, client_key: str) -> Iterator[bool]:
        """True for the one caller that shall renew now, False at once for the others."""
        lock, mine = f"{_key(client_key)}:renewing", uuid.uuid4().hex
        won = bool(self._redis.set(lock, mine, nx=True, ex=RENEWAL_SECONDS))
        try:
            yield won
        finally:
            if won:
                self._redis.eval(_RELEASE, 1, lock, mine)


def _key(client_key: str) -> str:
    return f"standup:access-token:{client_key}"
