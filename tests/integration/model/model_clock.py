"""A clock that passes only when a test says so, for the Lua scripts and for the workers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest.mock import patch

from redis import Redis

from worker.state import scripts

START_SECONDS = 1_800_000_000
_CLOCK = "model:clock"
_TIME = "redis.call('TIME')"

_SCRIPTS = (
    *("claim", "compact", "delivery", "enter", "index", "plan", "renew"),
    *("reopen", "restore", "resume", "settle", "silent", "wake"),
)

Fault = tuple[str, str, str]
"""The script that is changed, the text that is replaced in it, and the text in its place."""


class ModelClock:
    """Stores the present instant in Redis, where the scripts read it."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self.seconds = float(START_SECONDS)
        self.advance(0)

    def advance(self, seconds: float) -> None:
        self.seconds += seconds
        whole, micros = divmod(round(self.seconds * 1_000_000), 1_000_000)
        self._redis.hset(_CLOCK, mapping={"seconds": whole, "micros": micros})

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


@contextmanager
def scripts_by_model_clock(redis: Redis, fault: Fault | None = None, tick_micros: int = 0) -> Iterator[None]:
    """Let the scripts read the test's clock instead of the server's. ``fault`` breaks one of them.

    The server knows all scripts from the beginning, so that each call of one is one command. Each look of a script at
    the clock moves it on by ``tick_micros``.
    """
    original = scripts.source
    clock_time = f"redis.call('HMGET', '{_CLOCK}', 'seconds', 'micros')"
    if tick_micros:
        moving_micros = f"redis.call('HINCRBY', '{_CLOCK}', 'micros', {tick_micros})"
        clock_time = f"{{redis.call('HGET', '{_CLOCK}', 'seconds'), {moving_micros}}}"

    def source(name: str) -> str:
        text = original(name).replace(_TIME, clock_time)
        if fault and name == fault[0]:
            assert fault[1] in text, f"{name}.lua has no {fault[1]!r}"
            text = text.replace(fault[1], fault[2])
        return text

    def digest(name: str) -> str:
        return hashlib.sha1(source(name).encode(), usedforsecurity=False).hexdigest()

    for name in _SCRIPTS:
        redis.script_load(source(name))
    with patch.object(scripts, "source", source), patch.object(scripts, "_hash", digest):
        yield
