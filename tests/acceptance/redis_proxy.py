"""A proxy in front of Redis that can hold back a request, or the answer to one.

A program can so be stopped, and killed, between recording something and doing what it recorded.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

MomentOf = Callable[[bytes], str]
"""Return the name of the moment that a request marks, or an empty string."""


def no_moment(_: bytes) -> str:
    """Hold nothing back."""
    return ""


class RedisProxy:
    """Pass everything on between the proxy's port and Redis, except for the moments of a test.

    A request at a moment of ``holds_request`` never reaches Redis. The answer to a request at a moment of
    ``holds_answer`` never reaches the program, nor does any later answer on that connection. ``reached`` has the
    moments that were held.
    """

    def __init__(self, port: int, *, holds_request: MomentOf = no_moment, holds_answer: MomentOf = no_moment) -> None:
        self._redis = ("127.0.0.1", port)
        self._holds_request, self._holds_answer = holds_request, holds_answer
        self.reached: set[str] = set()
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
                is_held = threading.Event()
                for direction in (self._pass_requests, self._pass_answers):
                    threading.Thread(target=direction, args=(client, server, is_held), daemon=True).start()

    def _pass_requests(self, client: socket.socket, server: socket.socket, is_held: threading.Event) -> None:
        with suppress(OSError):
            while request := client.recv(1 << 20):
                held_request, held_answer = self._holds_request(request), self._holds_answer(request)
                if held_answer:
                    is_held.set()
                if not held_request:
                    server.sendall(request)
                if held_request or held_answer:
                    self.reached.add(held_request or held_answer)
                    return
            server.close()

    @staticmethod
    def _pass_answers(client: socket.socket, server: socket.socket, is_held: threading.Event) -> None:
        with suppress(OSError):
            while answer := server.recv(1 << 20):
                if not is_held.is_set():
                    client.sendall(answer)
            client.close()
