"""The HTTP servers bound what a stranger can hold: connections, and the time and size of headers and bodies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from tests.waiting import HANG_SECONDS
from worker.http import listening
from worker.http.listening import MAX_HEADERS, BoundedServer

Talk = Callable[[int], Awaitable[object]]
REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class _Page(RequestHandler):
    def get(self) -> None:
        self.finish("a page")

    def post(self) -> None:
        self.finish("taken")


def served(talk: Talk) -> object:
    """Return what ``talk`` returns. It gets the port of a server."""

    async def serve() -> object:
        server = BoundedServer(Application([("/", _Page)], log_function=lambda _: None), max_body_size=1024)
        sockets = bind_sockets(0, "127.0.0.1")
        server.add_sockets(sockets)
        try:
            return await asyncio.wait_for(talk(sockets[0].getsockname()[1]), HANG_SECONDS)
        finally:
            server.stop()
            await server.close_all_connections()

    return asyncio.run(serve())


async def answer_to(port: int, *pieces: bytes) -> bytes:
    """Send pieces and return everything that the server sends until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def page(port: int) -> bytes:
    return await answer_to(port, REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))


@pytest.mark.parametrize("beginning", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nX: y\r\n"])
def test_headers_that_never_end_are_given_up(beginning: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "IDLE_SECONDS", 0.2)
    assert served(lambda port: answer_to(port, beginning)) == b""


def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "BODY_SECONDS", 0.2)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
    assert b"taken" not in served(lambda port: answer_to(port, head, b"x"))  # type: ignore[operator]


def test_headers_without_bound_are_refused() -> None:
    head = b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * MAX_HEADERS
    assert b"a page" not in served(lambda port: answer_to(port, head))  # type: ignore[operator]


def test_slow_connections_leave_room_for_others_and_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "MAX_CONNECTIONS", 201)

    async def flood(port: int) -> tuple[bytes, bytes, bytes]:
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(200)]
        for _, writer in slow:
            writer.write(b"G")
        among_slow = await page(port)
        slow.append(await asyncio.open_connection("127.0.0.1", port))
        refused = await page(port)
        for _, writer in slow:
            writer.close()
            await writer.wait_closed()
        afterwards = await page(port)
        while not afterwards:  # the server has not read the last end yet
            afterwards = await page(port)
        return among_slow, refused, afterwards

    among_slow, refused, afterwards = served(flood)  # type: ignore[misc]
    assert b"a page" in among_slow
    assert refused == b""
    assert b"a page" in afterwards


def test_ten_thousand_pipelined_requests_are_answered_in_turn() -> None:
    async def ask(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        sending = asyncio.create_task(_send(writer, REQUEST * 10_000 + b"GET / HTTP/1.0\r\n\r\n"))
        answer = await reader.read()
        await sending
        writer.close()
        return answer

    assert served(ask).count(b"a page") == 10_001  # type: ignore[attr-defined]


async def _send(writer: asyncio.StreamWriter, content: bytes) -> None:
    writer.write(content)
    await writer.drain()
