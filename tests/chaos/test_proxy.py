"""The proxy fires at its moment and at no other, and what the moment names has, or has not, happened by then."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import date

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import TimeoutError as NoAnswer
from redis.retry import Retry

from tests.chaos.faults import Side
from tests.chaos.moments import moment
from tests.chaos.proxy import Proxy, Trap
from tests.waiting import HANG_SECONDS, wait_until
from worker.domain.runs import RunId
from worker.state.runs import Runs

RUN = RunId("support", date(2026, 11, 20))


@pytest.fixture
def proxy(redis: Redis) -> Iterator[Proxy]:
    """A proxy in front of the empty Redis that the fixture ``redis`` reaches without it."""
    proxy = Proxy(redis.connection_pool.connection_kwargs["port"])
    yield proxy
    proxy.stop()


def client_of(proxy: Proxy, timeout: float | None = None) -> Redis:
    return Redis(port=proxy.port, decode_responses=True, socket_timeout=timeout, retry=Retry(NoBackoff(), 0))


def set_trap(proxy: Proxy, side: Side) -> list[int]:
    """Set a trap at the claim of a run; return the list that gets the port of the connection that springs it."""
    ports: list[int] = []
    proxy.set_trap(Trap(moment("claim", side), ports.append))
    return ports


@pytest.mark.parametrize(("side", "is_claimed"), [("before", False), ("after", True)])
def test_a_trap_fires_before_or_after_the_server_has_done_it(
    redis: Redis, proxy: Proxy, side: Side, is_claimed: bool
) -> None:
    ports = set_trap(proxy, side)
    client = client_of(proxy)
    assert client.ping(), "another request springs no trap"
    assert not ports
    own_port = client.connection_pool._available_connections[0]._sock.getsockname()[1]
    with pytest.raises(ConnectionLost):
        Runs(client).claim(RUN, "beat")
    assert ports == [own_port]
    assert (Runs(redis).get(RUN) is not None) == is_claimed


def test_an_answer_that_nothing_was_done_leaves_the_trap_set(redis: Redis, proxy: Proxy) -> None:
    redis.script_flush()
    ports = set_trap(proxy, "after")
    with pytest.raises(ConnectionLost):
        Runs(client_of(proxy)).claim(RUN, "beat")  # the first answer is NOSCRIPT
    assert len(ports) == 1
    assert Runs(redis).get(RUN) is not None


def test_a_trap_fires_once_and_a_cancelled_one_never(proxy: Proxy) -> None:
    ports = set_trap(proxy, "before")
    with pytest.raises(ConnectionLost):
        Runs(client_of(proxy)).claim(RUN, "beat")
    assert Runs(client_of(proxy)).claim(RUN, "beat")
    cancelled = Trap(moment("claim", "before"), ports.append)
    proxy.set_trap(cancelled)
    assert cancelled.cancel()
    Runs(client_of(proxy)).claim(RUN, "beat")
    assert len(ports) == 1


def test_a_connection_that_ends_without_an_answer_leaves_its_trap_set(redis: Redis, proxy: Proxy) -> None:
    """A worker that waits for a message is killed. The next one that gets a message springs the trap."""
    ports: list[int] = []
    proxy.set_trap(Trap(moment("take", "after"), ports.append))
    with socket.create_connection(("127.0.0.1", proxy.port)) as connection:
        connection.sendall(b"BRPOP briefing.waiting 0\r\n")
        wait_until(lambda: redis.info("clients")["blocked_clients"], "it waits for a message")
    wait_until(lambda: not redis.info("clients")["blocked_clients"], "it is gone")
    redis.lpush("briefing.waiting", '{"task": "briefing.export"}')
    with pytest.raises(ConnectionLost):
        client_of(proxy).brpop(["briefing.waiting"])
    assert len(ports) == 1


def test_a_cut_ends_the_present_connections_only(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port)) as connection:
        connection.sendall(b"PING\r\n")
        assert connection.recv(100) == b"+PONG\r\n"
        proxy.cut()
        assert connection.recv(100) == b""
    assert client_of(proxy).ping()


def test_a_proxy_that_refuses_accepts_again_at_the_same_port(proxy: Proxy) -> None:
    assert client_of(proxy).ping()
    proxy.refuse()
    with pytest.raises(ConnectionLost):
        client_of(proxy).ping()
    proxy.accept_again()
    assert client_of(proxy).ping()


def test_a_dead_connection_is_open_and_answers_nothing(proxy: Proxy) -> None:
    client = client_of(proxy, timeout=0.5)
    client.ping()
    proxy.kill_silently()
    with pytest.raises(NoAnswer):
        client.ping()
    assert client_of(proxy).ping(), "a new one works"
    proxy.swallows_new = True
    with pytest.raises(NoAnswer):
        client_of(proxy, timeout=0.5).ping()
    proxy.swallows_new = False
    assert client_of(proxy, timeout=HANG_SECONDS).ping()
