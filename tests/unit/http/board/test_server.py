"""The server makes the board once for all who ask at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

from redis.exceptions import ConnectionError as RedisAway
from tornado.httpclient import AsyncHTTPClient
from tornado.netutil import bind_sockets

from tests.unit.http.board.conftest import berlin
from tests.waiting import HANG_SECONDS
from worker.http.board.server import http_server

VIEWERS = 8


class SilentRedis:
    """A reader whose Redis stays silent until all viewers have asked, and is then away."""

    def __init__(self) -> None:
        self.all_have_asked = Event()
        self.reads = 0

    def clock(self) -> datetime:
        return berlin("08:12")

    def cards(self) -> list[Any]:
        self.reads += 1
        assert self.all_have_asked.wait(HANG_SECONDS)
        raise RedisAway


class CountingAccess:
    """Lets everyone in, and tells the reader when the last viewer has asked."""

    basic_auth = ""

    def __init__(self, reader: SilentRedis) -> None:
        self.reader = reader
        self.request_count = 0

    def allows(self, headers: Mapping[str, str], peer: str) -> bool:
        self.request_count += 1
        if self.request_count == VIEWERS:
            asyncio.get_running_loop().call_soon(self.reader.all_have_asked.set)
        return True


def test_viewers_who_ask_at_once_share_one_page_and_one_wait_for_redis() -> None:
    reader = SilentRedis()

    async def ask() -> list[int]:
        server = http_server(reader, ZoneInfo("UTC"), CountingAccess(reader))  # type: ignore[arg-type]
        sockets = bind_sockets(0, "127.0.0.1")
        server.add_sockets(sockets)
        client, url = AsyncHTTPClient(max_clients=VIEWERS), f"http://127.0.0.1:{sockets[0].getsockname()[1]}/"
        answers = await asyncio.gather(*(client.fetch(url, raise_error=False) for _ in range(VIEWERS)))
        server.stop()
        return [answer.code for answer in answers]

    assert asyncio.run(ask()) == [503] * VIEWERS
    assert reader.reads == 1
