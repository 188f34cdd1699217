"""The deadline by itself: a host of many addresses, and connections that follow one another."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.manual_clock import ManualClock
from tests.waiting import HANG_SECONDS
from worker import deadline as deadline_module
from worker.deadline import Deadline


@pytest.fixture
def deadline() -> Iterator[Deadline]:
    with Deadline() as deadline:
        yield deadline


@pytest.fixture
def clock() -> ManualClock:
    """A clock for the tests that install it. The others have the machine's."""
    return ManualClock()


DEAD = ("192.0.2.1", 25)
"""An address that drops every packet (RFC 5737, for documentation)."""


@pytest.fixture
def dead_address(monkeypatch: pytest.MonkeyPatch, clock: ManualClock) -> None:
    """Let an attempt to reach `DEAD` take its whole time-out, by the manual clock."""

    class Socket(socket.socket):
        def connect(self, address: Any) -> None:
            if address == DEAD:
                clock.advance(self.gettimeout() or 0)
                raise TimeoutError("timed out")
            super().connect(address)

    clock.install(monkeypatch, deadline_module)
    monkeypatch.setattr(socket, "socket", Socket)


def resolves_to(monkeypatch: pytest.MonkeyPatch, *addresses: tuple[str, int]) -> None:
    """Let the system's resolver know a host of these addresses."""
    candidates = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in addresses]

    def answer(*_: Any, **__: Any) -> list[Any]:
        return candidates

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.mark.usefixtures("dead_address")
def test_a_host_with_many_dead_addresses_is_reached_by_the_working_one(
    deadline: Deadline, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as alive:
        resolves_to(monkeypatch, *[DEAD] * 8, alive.getsockname())
        deadline.begin(60)
        deadline.connect("mail.example.com", 25, timeout_seconds=20).close()
    assert not deadline.passed, "some of the time is for the talk"


@pytest.mark.usefixtures("dead_address")
def test_a_host_with_only_dead_addresses_fails_before_the_deadline(
    deadline: Deadline, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolves_to(monkeypatch, *[DEAD] * 50)
    deadline.begin(60)
    with pytest.raises(TimeoutError):
        deadline.connect("mail.example.com", 25, timeout_seconds=20)
    assert not deadline.passed


def test_after_the_deadline_no_connection_is_opened(deadline: Deadline) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        deadline.begin(HANG_SECONDS)
        connection = deadline.connect("127.0.0.1", server.getsockname()[1], 1)
        deadline.begin(0.05)
        connection.settimeout(HANG_SECONDS)
        assert connection.recv(1) == b"", "shut down under the one who waits"
        assert deadline.passed
        with pytest.raises(TimeoutError):
            deadline.connect("127.0.0.1", server.getsockname()[1], 1)
        connection.close()


def test_a_resting_deadline_closes_no_connection(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.install(monkeypatch, deadline_module)
    with socket.create_server(("127.0.0.1", 0)) as server, Deadline() as deadline:
        deadline.begin(1)
        connection = deadline.connect("127.0.0.1", server.getsockname()[1], 1)
        deadline.rest()
        clock.advance(2)
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):
            connection.recv(1)
        assert not deadline.passed
        connection.close()
