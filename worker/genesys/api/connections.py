"""Connections of requests and urllib3 that end with the deadline of their exchange."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, cast

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from worker.deadline import Deadline

Connect = Callable[[str, int, float | None], socket.socket]
"""Connects to a host and port within a time, or raises OSError or an error of ours."""


class Adapter(HTTPAdapter):
    """A requests adapter that connects by ``connect``, and trusts the context's authorities besides those of requests.

    A proxy looks the names up itself, so ``connect`` is not used for connections through one.
    """

    def __init__(self, tls: ssl.SSLContext | None, connect: Connect | None) -> None:
        self._options: dict[str, Any] = {"ssl_context": tls} if tls else {}
        self._connect = connect
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        """Make the pool of direct connections. The constructor calls this."""
        super().init_poolmanager(connections, maxsize, block, **options, **self._options)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Return the pool of connections through a proxy."""
        return super().proxy_manager_for(proxy, **options, **self._options)

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> urllib3.HTTPConnectionPool:
        """Return the pool that requests takes its connections from."""
        pool: Any = super().get_connection_with_tls_context(*args, **options)
        pool.ConnectionCls = _own_connection(pool.ConnectionCls, self._connect if pool.proxy is None else None)
        return cast(urllib3.HTTPConnectionPool, pool)


def _own_connection(kind: Any, connect: Connect | None) -> Any:
    if issubclass(kind, _OwnConnection):
        return kind
    attributes = {"connect_socket": staticmethod(connect)} if connect else {}
    return type("OwnConnection", (_OwnConnection, kind), attributes)


present_deadline: ContextVar[Deadline | None] = ContextVar("deadline_of_exchange", default=None)
"""The time limit of the thread's present exchange, which urllib3 cannot be given."""


class _OwnConnection:
    """A connection of urllib3 that ends with the deadline of its exchange, and looks its host up by ``connect_socket``.

    urllib3's time-outs begin again with each byte of a handshake, a header or the size of a chunk.
    """

    connect_socket: Connect | None = None
    host: str
    port: int
    timeout: float | None
    sock: Any

    def _new_conn(self) -> socket.socket:
        """Connect for urllib3, which does the TLS handshake afterwards."""
        connection: socket.socket = self._connected() if self.connect_socket else super()._new_conn()  # type: ignore[misc]
        _end_in_time(connection)
        return connection

    def getresponse(self) -> Any:
        """Read status and headers. A connection that was kept gets the deadline of this exchange."""
        _end_in_time(self.sock)
        return super().getresponse()  # type: ignore[misc]

    def _connected(self) -> socket.socket:
        assert self.connect_socket is not None, "the caller has checked it"  # noqa: S101
        try:
            connection = self.connect_socket(self.host, self.port, self.timeout)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "timed out") from error
        except OSError as error:
            raise NewConnectionError(self, type(error).__name__) from error  # type: ignore[arg-type]
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


def _end_in_time(connection: Any) -> None:
    deadline = present_deadline.get()
    if deadline is not None:
        deadline.watch(getattr(connection, "socket", connection))  # TLS inside TLS is no socket, and has one
