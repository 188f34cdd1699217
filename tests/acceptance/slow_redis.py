"""Redis with a door in front that a test can hold shut: before a request reaches Redis, or before its answer comes.

So a program can be stopped, and killed, between writing something down and doing what it wrote about.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

Holds = Callable[[bytes], bool]


def never(_: bytes) -> bool:
    """Hold nothing."""
    return False


class Door:
    """Passes everything on between its port and Redis'.

    What ``before`` finds in a request keeps that request from Redis, what ``after`` finds keeps its answer back, from
    then on for ever on that connection; ``held`` counts both.
    """

    def __init__(self, port: int, *, before: Holds = never, after: Holds = never) -> None:
        self._redis = ("127.0.0.1", port)
        self._before, self._after = before, after
        self._lock = threading.Lock()
        self.held = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._redis)
                shut = threading.Event()
                for part in (self._requests, self._answers):
                    threading.Thread(target=part, args=(client, server, shut), daemon=True).start()

    def _requests(self, client: socket.socket, server: socket.socket, shut: threading.Event) -> None:
        with suppress(OSError):
            while request := client.recv(1 << 20):
                held_before, held_after = self._before(request), self._after(request)
                if held_after:
                    shut.set()
                if not held_before:
                    server.sendall(request)
                if held_before or held_after:
                    self._count()
                    return
            server.close()

    def _answers(self, client: socket.socket, server: socket.socket, shut: threading.Event) -> None:
        with suppress(OSError):
            while answer := server.recv(1 << 20):
                if not shut.is_set():
                    client.sendall(answer)
            client.close()

    def _count(self) -> None:
        with self._lock:
            self.held += 1
