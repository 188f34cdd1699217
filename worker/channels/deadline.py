"""One end for a whole conversation, however short each wait in it is.

A socket's time-out begins anew with every byte, so that a server which sends one now and then would hold a thread for
ever, and a thread cannot be stopped from outside. When a deadline passes, the connection is shut down under whoever
waits on it, who then sees it cut off. The look-up of a host's name ends when the system's resolver gives up.
"""

from __future__ import annotations

import math
import socket
import threading
import time
from types import TracebackType

SLOWEST_BYTES_PER_SECOND = 100_000
"""A link that is slower than this is no link for documents."""

_UNDERWAY_BYTES = 256 * 1024
"""What the system holds at most of what was sent: megabytes that wait there would pass for being with the server."""

_WAITS = 3
_CLOCK_TICK_SECONDS = 0.05


def allowance_seconds(timeout_seconds: float, size: int = 0) -> float:
    """How long a conversation may take that transfers ``size`` bytes, each single wait in it at most the time-out."""
    return timeout_seconds * _WAITS + size / SLOWEST_BYTES_PER_SECOND


class Deadline:
    """The end of a conversation over one connection after the other; ``passed`` once it has come, and stays so.

    Its clock runs from `begin` to `rest`. Leaving the ``with`` block, or `close`, lets go of the connection.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._watched: socket.socket | None = None
        self._ends_at = math.inf
        self.seconds = 0.0
        self.passed = False

    def __enter__(self) -> Deadline:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def begin(self, seconds: float) -> None:
        """Let so much time be left from now on, whatever was left before."""
        self.rest()
        self.seconds = seconds
        self._ends_at = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True
        self._timer.start()

    def rest(self) -> None:
        """Stop the clock."""
        self._ends_at = math.inf
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def close(self) -> None:
        """Stop the clock and let go of the connection, which is closed once its user has closed it too."""
        self.rest()
        self._watch_instead(None)

    def connect(self, host: str, port: int, timeout_seconds: float) -> socket.socket:
        """A connection that ends with the deadline; OSError where there is none.

        A host's addresses are tried one after the other, as `socket.create_connection` does, but all of them in half of
        what is left: some may lie behind a way that swallows everything.
        """
        failure: OSError = TimeoutError("timed out")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise OSError(f"{host} is no host's name: {error}") from None
        for untried, (family, kind, protocol, _, address) in zip(range(len(found), 0, -1), found, strict=True):
            made = socket.socket(family, kind, protocol)
            try:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNDERWAY_BYTES)
                made.settimeout(min(timeout_seconds, self._left() / 2 / untried))
                made.connect(address)
                made.settimeout(timeout_seconds)
                self.watch(made)
                return made
            except OSError as error:
                made.close()
                failure = error
        raise failure

    def watch(self, connection: socket.socket) -> None:
        """Shut this connection down when the time comes, in place of the one that was watched before."""
        # a handle of its own: the user's number may be another connection's by the time the deadline passes
        self._watch_instead(socket.fromfd(connection.fileno(), connection.family, connection.type))

    def _left(self) -> float:
        left = self._ends_at - time.monotonic()
        if self.passed or left <= 0:
            raise TimeoutError("timed out")
        return left

    def _watch_instead(self, handle: socket.socket | None) -> None:
        with self._lock:
            before, self._watched = self._watched, handle
            if before is not None:
                before.close()
            if self.passed:
                self._shut_down()

    def _pass(self) -> None:
        with self._lock:
            if time.monotonic() < self._ends_at - _CLOCK_TICK_SECONDS:
                return  # the clock was stopped while this was on its way
            self.passed = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._watched is None:
            return
        try:
            self._watched.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the other side was faster
