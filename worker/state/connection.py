"""Connect to Redis: one server, the primary that Sentinels name, or a unix socket (`worker.domain.redis_address`)."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

from redis import ConnectionPool, Redis, Sentinel
from redis.backoff import AbstractBackoff
from redis.credentials import UsernamePasswordCredentialProvider
from redis.exceptions import RedisError
from redis.retry import Retry

from worker.domain.redis_address import RedisAddress, parse

T = TypeVar("T")

_KEEPALIVE_SECONDS = {"TCP_KEEPIDLE": 10, "TCP_KEEPALIVE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
"""TCP_KEEPALIVE is the name that macOS has for TCP_KEEPIDLE. The last is a number of probes."""

_LOOK_SECONDS = 5.0

CLUSTER_WAY_OUT = "Use one Redis server, or a primary with Sentinels (docs/configuration.md#redis-cluster)."


def keepalive_options() -> dict[int, int]:
    """Return socket options by which the kernel notices within 25 s that a silent connection leads nowhere.

    It probes all connections at the same time, so they do not add up, and each ends with an error.
    """
    return {getattr(socket, name): value for name, value in _KEEPALIVE_SECONDS.items() if hasattr(socket, name)}


class LimitedRetry(Retry):
    """Retries as `Retry` does, until a number of seconds has passed.

    A server that is silent costs a time-out for each attempt, and a count alone would let them add up.
    """

    def __init__(self, backoff: AbstractBackoff, retries: int, seconds: float) -> None:
        super().__init__(backoff, retries)
        self._seconds = seconds

    def call_with_retry(
        self,
        do: Callable[[], T],
        fail: Callable[..., Any],
        is_retryable: Callable[[Exception], bool] | None = None,
        with_failure_count: bool = False,
    ) -> T:
        """Call ``do`` until it succeeds, and raise its error after the last attempt."""
        deadline = time.monotonic() + self._seconds

        def fail_in_time(error: Exception, *failure_count: int) -> None:
            fail(error, *failure_count)
            if time.monotonic() >= deadline:
                raise error

        return super().call_with_retry(do, fail_in_time, is_retryable, with_failure_count)


class _ReopenedWhenIdle:
    """A connection that opens itself again after a time without use, instead of sending PING.

    A firewall or a load balancer may have forgotten an idle connection, and PING would then wait for the time-out, once
    for each connection of the pool. A new connection costs a round trip.
    """

    _is_opening = False

    def connect(self: Any) -> None:
        """Open the connection unless it is open. Health checks begin after the handshake."""
        self._is_opening = True
        try:
            super().connect()  # type: ignore[misc]
        finally:
            self._is_opening = False

    def check_health(self: Any) -> None:
        """Open the connection again if it is due for redis-py's health check."""
        if not self.health_check_interval or self._is_opening or time.monotonic() < self.next_health_check:
            return
        self.disconnect()
        self.connect()

    def send_packed_command(self: Any, command: Any, check_health: bool = True) -> None:
        """Send a command. A connection that was lost asks the Sentinels for the primary again.

        ``Connection.send_packed_command`` of redis-py 8.1 goes back to the server of before.
        """
        if not self._sock:
            self.connect()
        super().send_packed_command(command, check_health)  # type: ignore[misc]


@cache
def _reopened_when_idle(connection_class: type) -> type:
    return type(f"Reopened{connection_class.__name__}", (_ReopenedWhenIdle, connection_class), {})


def reopen_idle_connections(pool: ConnectionPool) -> None:
    """Make the pool's connections open themselves again when they are used after ``health_check_interval``."""
    pool.connection_class = _reopened_when_idle(pool.connection_class)


def connect(redis_url: str, **options: Any) -> Redis:
    """Return a client of the database. The options are those of redis-py's connections.

    With Sentinels, each new connection asks them for the primary.
    """
    client = _client(parse(redis_url), options)
    reopen_idle_connections(client.connection_pool)
    return client


def _client(address: RedisAddress, options: dict[str, Any]) -> Redis:
    if address.socket_path:
        options.pop("socket_connect_timeout", None)
        return Redis.from_url(address.url(), **options)
    options.setdefault("socket_keepalive_options", keepalive_options())
    if not address.master:
        return Redis.from_url(address.url(), **options)
    timeouts = {name: value for name, value in options.items() if name.endswith("timeout")}
    sentinels = Sentinel(  # type: ignore[no-untyped-call]
        list(address.hosts), sentinel_kwargs=sentinel_options(address) | timeouts
    )
    primary = sentinels.master_for(  # type: ignore[no-untyped-call]
        address.master,
        Redis,
        db=address.database,
        username=address.username,
        password=address.password,
        **_tls(address),
        **options,
    )
    return cast("Redis", primary)


def is_cluster(redis_url: str) -> bool:
    """Return whether a server of Redis Cluster answers at this address. Without an answer it does not count as one."""
    url = parse(redis_url).with_database(0).url()  # a cluster has no other database
    try:
        with connect(url, socket_timeout=_LOOK_SECONDS, socket_connect_timeout=_LOOK_SECONDS) as client:
            return bool(cast("dict[str, Any]", client.info("cluster")).get("cluster_enabled"))
    except (RedisError, OSError):
        return False


def sentinel_clients(address: RedisAddress, **options: Any) -> dict[str, Redis]:
    """Return a client of each Sentinel of this address, by its host and port."""
    arguments = sentinel_options(address) | options
    return {f"{host}:{port}": Redis(host, port, decode_responses=True, **arguments) for host, port in address.hosts}


def sentinel_options(address: RedisAddress) -> dict[str, Any]:
    """Return how to connect to the Sentinels themselves. They may have a password of their own.

    It is given as an object that does not print itself, because Flower shows Celery's settings.
    """
    names = {"username": "sentinel_username", "password": "sentinel_password"}
    login = {name: address.options[option] for name, option in names.items() if option in address.options}
    provider = {"credential_provider": UsernamePasswordCredentialProvider(**login)} if login else {}
    return provider | _tls(address)


def _tls(address: RedisAddress) -> dict[str, Any]:
    """Return redis-py's arguments for TLS. It verifies certificate and host name unless an option says otherwise."""
    return {"ssl": True, **address.tls_options} if address.has_tls else {}
