"""Connections to Redis that fell silent, and servers that never answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import TimeoutError as RedisTimeoutError

from tests.acceptance.silent_proxy import SilentProxy
from tests.waiting import HANG_SECONDS
from worker.broker import connection_settings
from worker.state.connection import LimitedRetry, connect

SHORT_SECONDS = 0.05


@pytest.fixture
def proxy(redis_url: str) -> Iterator[SilentProxy]:
    proxy = SilentProxy(urlsplit(redis_url).port or 0)
    yield proxy
    proxy.stop()


def client_of(proxy: SilentProxy, idle_seconds: float) -> Redis:
    return connect(
        f"redis://127.0.0.1:{proxy.port}/0",
        socket_timeout=1.0,
        retry=LimitedRetry(NoBackoff(), 0, 0),
        health_check_interval=idle_seconds,
    )


def test_an_idle_connection_is_opened_again_instead_of_trusted(proxy: SilentProxy) -> None:
    with client_of(proxy, idle_seconds=1e-9) as client:
        client.set("key", "before")
        assert proxy.silence()
        assert client.get("key") == b"before"  # without the new connection this ends with a time-out


def test_a_busy_connection_that_fell_silent_ends_with_a_time_out(proxy: SilentProxy) -> None:
    with client_of(proxy, idle_seconds=HANG_SECONDS) as client:
        client.ping()
        assert proxy.silence()
        with pytest.raises(RedisTimeoutError):
            client.ping()
        assert client.ping(), "the connection after it is a new one"


def test_retries_end_when_their_time_is_over_however_many_are_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent_server:
        attempts: list[Exception] = []
        retry = LimitedRetry(NoBackoff(), 1_000, seconds=0)
        client = connect(
            f"redis://127.0.0.1:{silent_server.getsockname()[1]}/0", socket_timeout=SHORT_SECONDS, retry=None
        )
        with client, pytest.raises(RedisTimeoutError):
            retry.call_with_retry(client.ping, attempts.append)
    assert len(attempts) == 1


def test_ledger_and_broker_let_the_kernel_probe_their_connections(redis_url: str) -> None:
    with connect(redis_url) as client:
        connection = client.connection_pool.get_connection()
        assert connection._sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        options = connection_settings(redis_url, None)["broker_transport_options"]["socket_keepalive_options"]
        assert options
        for option, value in options.items():
            assert connection._sock.getsockopt(socket.IPPROTO_TCP, option) == value
        client.connection_pool.release(connection)
