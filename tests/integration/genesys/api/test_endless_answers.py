"""Servers that send a byte now and then: every wait is short, and the answer never ends."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.waiting import HANG_SECONDS
from worker import step_time
from worker.errors import SourceUnavailable, StepTooLong
from worker.genesys.api.wire import Wire

SHORT_SECONDS = 0.3
BYTES = 2000
"""How many bytes the server sends one by one. That takes far longer than an answer may."""

STATUS = b"HTTP/1.1 200 OK\r\n"
ENDLESS_ANSWERS = {
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a status": (b"", b"H"),
    "a header": (STATUS + b"X-Long: ", b"a"),
    "a body with a length": (STATUS + b"Content-Length: 1000000\r\n\r\n", b" "),
    "a body that ends with the connection": (STATUS + b"Connection: close\r\n\r\n{}", b" "),
    "the size of a chunk": (STATUS + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "lines after the last chunk": (STATUS + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", b"X: y\r\n"),
}


class SlowServer:
    """Sends a beginning, and then the same bytes again and again."""

    def __init__(self, beginning: bytes, repeated: bytes) -> None:
        self._beginning, self._repeated = beginning, repeated
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"

    def __enter__(self) -> SlowServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._listener.close()
        self._thread.join(HANG_SECONDS)

    def _answer(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            try:
                connection.sendall(self._beginning)
                for _ in range(BYTES):
                    if self._is_over.wait(0.02):
                        return
                    connection.sendall(self._repeated)
            except OSError:
                return  # the client has given up


@pytest.fixture(params=ENDLESS_ANSWERS)
def slow_server(request: pytest.FixtureRequest) -> Iterator[SlowServer]:
    with SlowServer(*ENDLESS_ANSWERS[request.param]) as server:
        yield server


def ask(server: SlowServer, total_seconds: float) -> bytes:
    with Wire(total_seconds=total_seconds).exchange("GET /", "GET", server.url) as reply:
        return reply.body(1024 * 1024)


def test_an_answer_without_end_is_given_up_and_never_taken_for_a_whole_one(slow_server: SlowServer) -> None:
    with pytest.raises(SourceUnavailable, match="GET / did not end its answer in time"):
        ask(slow_server, SHORT_SECONDS)


def test_an_answer_without_end_holds_a_step_no_longer_than_its_time(slow_server: SlowServer) -> None:
    with pytest.raises(StepTooLong, match="the answer to GET /"), step_time.limited_to(SHORT_SECONDS):
        ask(slow_server, HANG_SECONDS)


def test_a_kept_connection_gets_the_time_of_its_next_request() -> None:
    """The first answer leaves the connection open, and the second never ends."""
    beginning = STATUS + b"Content-Length: 2\r\n\r\n{}"
    with SlowServer(beginning, STATUS[:1]) as server:
        wire = Wire(total_seconds=SHORT_SECONDS)
        with wire.exchange("GET /", "GET", server.url) as reply:
            assert reply.body(1024) == b"{}"
        with (
            pytest.raises(SourceUnavailable, match="GET / did not end its answer in time"),
            wire.exchange("GET /", "GET", server.url),
        ):
            pass
