"""Connections for requests that end with a deadline, whatever is waited for on them."""

from __future__ import annotations

import socket
from typing import Any, cast

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError

from worker.channels.deadline import Deadline


class DeadlineAdapter(HTTPAdapter):
    """Mounted on a session, it lets each of its connections end with the deadline, those by a proxy too."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        """The pool that requests takes its connections from."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _ending_with(self._deadline, pool.ConnectionCls)
        return cast(HTTPConnectionPool, pool)


def _ending_with(deadline: Deadline, kind: type[HTTPConnection]) -> type[HTTPConnection]:
    class Ending(kind):  # type: ignore[misc,valid-type]
        def _new_conn(self) -> socket.socket:
            """Where urllib3 connects; the handshake and a proxy's greeting come after it."""
            if kind._new_conn is not HTTPConnection._new_conn:  # by a SOCKS proxy
                made: socket.socket = super()._new_conn()
                deadline.watch(made)
                return made
            try:
                return deadline.connect(self.host, self.port, self.timeout)
            except OSError as error:
                raise NewConnectionError(self, type(error).__name__) from error

    return Ending
