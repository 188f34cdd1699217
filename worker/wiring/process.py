"""What every process has: the settings, the clock and our Redis database."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from worker.settings import Settings, load, sources

_REDIS_TIMEOUT_SECONDS = 10.0
_REDIS_RETRIES = 12
"""About fifteen seconds in all, well below a step's lease and its time limit."""


def clock() -> datetime:
    """Return the present instant in UTC. This is the only function of the system that reads the clock."""
    return datetime.now(UTC)


@cache
def settings() -> Settings:
    """Return the settings of this process. Raises SettingsError with every mistake."""
    return load()


def settings_places() -> list[str]:
    """Return where the settings are read from, for an operator."""
    return list(sources.descriptions())


@cache
def redis() -> Redis:
    """Return our own Redis database. The broker's messages are in another one."""
    return connect(settings().redis_url)


def connect(redis_url: str) -> Redis:
    """Return a client that decodes responses and waits for a server that restarts, so that no step fails for it."""
    return Redis.from_url(
        redis_url,
        decode_responses=True,
        socket_timeout=_REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=_REDIS_TIMEOUT_SECONDS,
        health_check_interval=15,
        retry=Retry(ExponentialWithJitterBackoff(base=0.1, cap=2.0), _REDIS_RETRIES),
    )
