"""What every process has: the settings, the clock and our Redis database."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfoNotFoundError

import tzlocal
from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.exceptions import ReadOnlyError
from redis.retry import Retry

from worker.domain import redis_address
from worker.domain.groups import known_zones
from worker.settings import Settings, load, sources
from worker.state import connection
from worker.state.connection import LimitedRetry

_REDIS_TIMEOUT_SECONDS = 5.0
_SHELL_CONNECT_SECONDS = 3.0
_REDIS_RETRIES = 12
"""About fifteen seconds in all while connections are refused, well below a step's lease and its time limit."""

_REDIS_WAIT_SECONDS = 20.0
"""The longest time of these retries, if the server is silent and each of them ends with a time-out."""


def clock() -> datetime:
    """Return the present instant in UTC. This is the only function of the system that reads the clock."""
    return datetime.now(UTC)


def machine_zone() -> str | None:
    """Return the name of the machine's time zone, or None if it does not tell.

    It tells none if /etc/localtime is a copied file, and several if its files contradict each other.
    """
    try:
        zone = tzlocal.get_localzone_name()
    except ZoneInfoNotFoundError:
        return None
    return zone if zone in known_zones() else None


_waits_for_redis = True


def answer_at_once() -> None:
    """Make this process report a Redis that is away at once. An operator is waiting, and can repeat the command."""
    global _waits_for_redis
    _waits_for_redis = False


@cache
def settings() -> Settings:
    """Return the settings of this process. Raises SettingsError with every mistake."""
    return load()


def settings_places() -> list[str]:
    """Return where the settings are read from, for an operator."""
    return list(sources.descriptions())


def repeated_settings() -> dict[str, list[int]]:
    """Return the settings that `.env` has more than once, with their lines."""
    return sources.repeated_names()


def redis_place(*, of_broker: bool = False) -> str:
    """Return server and database of our Redis, or of the broker, for an operator."""
    return redis_address.parse(settings().broker if of_broker else settings().redis_url).place


@cache
def redis() -> Redis:
    """Return our own Redis database. The broker's messages are in another one."""
    return connect(settings().redis_url) if _waits_for_redis else connect_at_once(settings().redis_url)


def connect(redis_url: str) -> Redis:
    """Return a client that decodes responses and waits for a server that restarts or fails over.

    So no step fails for it. During a fail-over the address may lead to a replica, which answers "read only".
    """
    return connection.connect(
        redis_url,
        decode_responses=True,
        socket_timeout=_REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=_REDIS_TIMEOUT_SECONDS,
        health_check_interval=15,
        retry_on_error=[ReadOnlyError],
        retry=LimitedRetry(ExponentialWithJitterBackoff(base=0.1, cap=2.0), _REDIS_RETRIES, _REDIS_WAIT_SECONDS),
    )


def connect_at_once(redis_url: str) -> Redis:
    """Return a client that decodes responses, connects within three seconds and tries a lost connection once more."""
    return connection.connect(
        redis_url,
        decode_responses=True,
        socket_timeout=_REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=_SHELL_CONNECT_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )
