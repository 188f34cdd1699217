"""A time limit for a whole conversation, however short each wait in it is.

A socket's time-out starts again with every byte. A server that sends a byte now and then would hold a thread for ever,
and Python cannot stop a thread from outside. So when the deadline passes, the connection is shut down under the thread
that waits on it, and that thread sees the connection cut off. The deadline does not cover the look-up of a host's name,
which ends when the system's resolver gives up.
"""

from __future__ import annotations

import math
import socket
import threading
import time
from types import TracebackType

SLOWEST_BYTES_PER_SECOND = 100_000
"""A slower link is not fit for documents."""

_UNDERWAY_BYTES = 256 * 1024
"""The send buffer's size. In a larger one, megabytes that wait on this machine would count as received."""

_WAITS = 3
_CLOCK_TICK_SECONDS = 0.05


def allowance_seconds(timeout_seconds: float, size: int = 0) -> float:
    """Return how long a conversation may take that transfers ``size`` bytes with waits of ``timeout_seconds`` each."""
    return timeout_seconds * _WAITS + size / SLOWEST_BYTES_PER_SECOND


class Deadline:
    """The time limit of a conversation, which may use one connection after another.

    The time runs from `begin` to `rest`. ``passed`` becomes true when the limit is reached, and stays true. Leaving the
    ``with`` block, or `close`, releases the connection.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._connection: socket.socket | None = None
        self._ends_at = math.inf
        self.seconds = 0.0
        self.passed = False

    def __enter__(self) -> Deadline:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def begin(self, seconds: float) -> None:
        """Set the time that remains from now on."""
        self.rest()
        self.seconds = seconds
        self._ends_at = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._on_timer)
        self._timer.daemon = True
        self._timer.start()

    def rest(self) -> None:
        """Stop the clock."""
        self._ends_at = math.inf
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def close(self) -> None:
        """Stop the clock and release the connection, which closes once its user has closed it too."""
        self.rest()
        self._watch_instead(None)

    def connect(self, host: str, port: int, timeout_seconds: float) -> socket.socket:
        """Return a connection that ends with the deadline. Raises OSError if none can be made.

        Tries the host's addresses one after the other, as `socket.create_connection` does, but spends at most half of
        the remaining time on them: the route to some may drop every packet.
        """
        failure: OSError = TimeoutError("timed out")
        try:
            addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise OSError(f"{host} is not a valid host name: {error}") from None
        for index, (family, kind, protocol, _, address) in enumerate(addresses):
            connection = socket.socket(family, kind, protocol)
            try:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNDERWAY_BYTES)
                connection.settimeout(min(timeout_seconds, self._remaining_seconds() / 2 / (len(addresses) - index)))
                connection.connect(address)
                connection.settimeout(timeout_seconds)
                self.watch(connection)
                return connection
            except OSError as error:
                connection.close()
                failure = error
        raise failure

    def watch(self, connection: socket.socket) -> None:
        """Shut this connection down when the deadline passes, instead of the one that was watched before."""
        # a duplicate: by the time the deadline passes, the user's file descriptor may belong to another connection
        self._watch_instead(socket.fromfd(connection.fileno(), connection.family, connection.type))

    def _remaining_seconds(self) -> float:
        seconds = self._ends_at - time.monotonic()
        if self.passed or seconds <= 0:
            raise TimeoutError("timed out")
        return seconds

    def _watch_instead(self, handle: socket.socket | None) -> None:
        with self._lock:
            previous, self._connection = self._connection, handle
            if previous is not None:
                previous.close()
            if self.passed:
                self._shut_down()

    def _on_timer(self) -> None:
        with self._lock:
            if time.monotonic() < self._ends_at - _CLOCK_TICK_SECONDS:
                return  # the clock was stopped while the timer was firing
            self.passed = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._connection is None:
            return
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the other side has closed it already
