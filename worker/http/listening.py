"""Serve an application within bounds, until the process is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import Any

import structlog
from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.netutil import bind_sockets
from tornado.web import Application

MAX_HEADERS = 16 * 1024

IDLE_SECONDS = 20
"""How long a connection may take to send all headers of a request, or stay open between two."""

BODY_SECONDS = 10.0

MAX_CONNECTIONS = 512
"""Half of the files that a process may have open by default. Others are closed at once."""

log = structlog.get_logger("standup.http")


class BoundedServer(HTTPServer):
    """Tornado's server with bounds for connections, headers and the time that both take."""

    def initialize(self, application: Application, max_body_size: int) -> None:  # type: ignore[override]
        """Set the bounds. Tornado's constructor calls this."""
        super().initialize(
            application,
            max_header_size=MAX_HEADERS,
            max_body_size=max_body_size,
            idle_connection_timeout=IDLE_SECONDS,
            body_timeout=BODY_SECONDS,
        )
        self._was_full = False

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Serve a new connection, or close it if there are too many."""
        is_full = len(self._connections) >= MAX_CONNECTIONS
        if is_full and not self._was_full:
            log.warning("too many connections: new ones are closed", most=MAX_CONNECTIONS, address=address[0])
        self._was_full = is_full
        if is_full:
            stream.close()
        else:
            super().handle_stream(stream, address)


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
