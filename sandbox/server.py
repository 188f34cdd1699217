"""Sockets and signals: the API, the mailbox and the webhook inbox in one process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from sandbox.api.app import app as api_app
from sandbox.receivers import webhooks
from sandbox.receivers.mailbox import Mailbox
from sandbox.site import Site

T = TypeVar("T")


class _Connection(H11Protocol):
    """An HTTP connection whose transport the application can reach, so that it can close the connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = _with_transport(self.app, transport)


def _with_transport(app: ASGIApp, transport: asyncio.Transport) -> ASGIApp:
    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        scope["sandbox.transport"] = transport
        await app(scope, receive, send)

    return wrapped


class _Server(uvicorn.Server):
    """A server that does not handle signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class CannotListen(Exception):
    """A port is taken, or may not be used."""


def run(site: Site, host: str, ports: tuple[int, int, int], folder: Path, latency: float) -> None:
    """Serve until SIGTERM or SIGINT. ``ports`` are those of API, SMTP and webhooks, 0 for any free port.

    Once everything listens, print the addresses as one line of JSON. `CannotListen` names a port that is taken.
    """
    for name in ("mail", "webhooks"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    mailbox = Mailbox(host, ports[1], folder / "mail", site.scenario.mailbox.refuse)
    smtp = ":".join(str(part) for part in _listening(host, ports[1], mailbox.start))
    try:
        sockets = [_listening(host, port, partial(socket.create_server, (host, port))) for port in (ports[0], ports[2])]
        asyncio.run(_serve([api_app(site, latency), webhooks.app(folder / "webhooks")], sockets, smtp))
    finally:
        mailbox.stop()


def _listening(host: str, port: int, listen: Callable[[], T]) -> T:
    try:
        return listen()
    except OSError as error:
        raise CannotListen(f"cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}") from None


async def _serve(apps: list[ASGIApp], sockets: list[socket.socket], smtp: str) -> None:
    servers = [_server(app) for app in apps]
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop, servers)
    tasks = [
        asyncio.create_task(server.serve(sockets=[listener])) for server, listener in zip(servers, sockets, strict=True)
    ]
    while not all(server.started for server in servers) and not any(task.done() for task in tasks):
        await asyncio.sleep(0.01)
    addresses = [f"http://{_address(listener)}" for listener in sockets]
    sys.stdout.write(json.dumps({"api": addresses[0], "smtp": smtp, "webhooks": addresses[1]}) + "\n")
    sys.stdout.flush()
    await asyncio.gather(*tasks)


def _server(app: ASGIApp) -> _Server:
    return _Server(
        uvicorn.Config(
            app,
            http=_Connection,
            ws="none",
            lifespan="off",
            log_level="warning",
            timeout_graceful_shutdown=1,
            backlog=2048,
        )
    )


def _stop(servers: list[_Server]) -> None:
    for server in servers:
        server.should_exit = True


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - only printed
