"""Serve an application until the process is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

MAX_HEADERS = 16 * 1024


async def serve_until_stopped(server: HTTPServer, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Listen until SIGTERM or SIGINT. ``ready`` gets the address, with the chosen port if ``port`` is 0."""
    sockets = bind_sockets(port, host)
    server.add_sockets(sockets)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    ready(f"http://{f'[{host}]' if ':' in host else host}:{sockets[0].getsockname()[1]}")
    await stopping.wait()
    server.stop()
    await server.close_all_connections()
