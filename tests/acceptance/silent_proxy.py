"""A proxy in front of Redis whose connections can fall silent: they stay open, and nothing passes any more.

This is what a program sees after a firewall or a load balancer has forgotten its connections, or after a machine was
switched off: no answer, and no end of the connection. New connections work.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class SilentProxy:
    """Pass everything on between the proxy's port and Redis, until `silence` is called."""

    def __init__(self, port: int) -> None:
        self._redis = ("127.0.0.1", port)
        self._lock = threading.Lock()
        self._open: list[threading.Event] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        self._listener.close()

    def silence(self) -> int:
        """Let all standing connections fall silent, and return how many there were."""
        with self._lock:
            silenced, self._open = self._open, []
        for is_silent in silenced:
            is_silent.set()
        return len(silenced)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._redis)
                is_silent = threading.Event()
                with self._lock:
                    self._open.append(is_silent)
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=self._pass, args=(source, target, is_silent), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, is_silent: threading.Event) -> None:
        """Copy in one direction. What arrives on a silent connection is read and dropped."""
        with suppress(OSError):
            while content := source.recv(1 << 16):
                if not is_silent.is_set():
                    target.sendall(content)
            if not is_silent.is_set():
                target.shutdown(socket.SHUT_WR)
