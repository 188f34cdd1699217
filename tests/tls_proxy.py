"""A port with TLS in front of a program without."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from contextlib import suppress


class TlsProxy:
    """Pass everything on between a port with TLS and another program."""

    def __init__(self, target_port: int, context: ssl.SSLContext) -> None:
        self._target_port = target_port
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._pass, args=(connection,), daemon=True).start()

    def _pass(self, connection: socket.socket) -> None:
        """Copy in both directions. One thread does it, because two must not use one TLS connection at a time."""
        target = ("127.0.0.1", self._target_port)
        with (
            suppress(OSError),
            self._context.wrap_socket(connection, server_side=True) as client,
            socket.create_connection(target) as server,
        ):
            while True:
                readable = [client] if client.pending() else select.select([client, server], [], [])[0]
                for source in readable:
                    content = source.recv(1 << 16)
                    if not content:
                        return
                    (server if source is client else client).sendall(content)
