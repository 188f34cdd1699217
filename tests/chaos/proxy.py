"""A proxy between the programs and one server. It fires at a moment, and it cuts, delays and swallows connections."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.chaos.moments import Moment
from tests.redis_server import free_port

_CHUNK = 1 << 16


@dataclass(eq=False)
class Connection:
    """One connection of a program. ``trap`` is the trap whose answer it awaits, ``is_dead`` swallows everything."""

    client: socket.socket
    server: socket.socket
    trap: Trap | None = None
    is_dead: bool = False

    @property
    def client_port(self) -> int:
        """The program's own port, which tells whose connection this is."""
        port: int = self.client.getpeername()[1]
        return port

    def close(self) -> None:
        for end in (self.client, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@dataclass(eq=False)
class Trap:
    """Waits for the first connection that reaches the moment; ``strike`` gets the program's port."""

    moment: Moment
    strike: Callable[[int], None]
    has_struck: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_decided: bool = False

    def fire(self, client_port: int) -> bool:
        """Strike. False, and nothing happens, if the trap was cancelled."""
        if not self._decide():
            return False
        self.strike(client_port)
        self.has_struck.set()
        return True

    def cancel(self) -> bool:
        """Let it never strike. False if it strikes at this moment."""
        return self._decide()

    def _decide(self) -> bool:
        """Return True to the first caller only."""
        with self._lock:
            is_first = not self._is_decided
            self._is_decided = True
            return is_first


class Proxy:
    """Pass everything on between the proxy's port and the server's.

    A connection that reaches a trap is closed after the strike: before the request reaches the server, or before its
    answer reaches the program.
    """

    def __init__(self, server_port: int) -> None:
        self._server = ("127.0.0.1", server_port)
        self._lock = threading.Lock()
        self._connections: set[Connection] = set()
        self._traps: list[Trap] = []
        self.delay_seconds = 0.0
        self.swallows_new = False
        self.port = free_port()
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        """Listen no more, and close all connections."""
        self.refuse()
        self.cut()

    def refuse(self) -> None:
        """Refuse new connections, as a machine does on which nothing listens."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()

    def accept_again(self) -> None:
        """Accept connections again, at the same port."""
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Close all present connections."""
        for connection in self._present():
            connection.close()

    def kill_silently(self) -> None:
        """Pass nothing on any more on the present connections and leave them open, as a firewall does."""
        for connection in self._present():
            connection.is_dead = True

    def set_trap(self, trap: Trap) -> None:
        """Wait for the trap's moment."""
        with self._lock:
            self._traps.append(trap)

    def _present(self) -> list[Connection]:
        with self._lock:
            return list(self._connections)

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self._server)
        except OSError:  # the server is down
            client.close()
            return
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(client, server, is_dead=self.swallows_new)
        with self._lock:
            self._connections.add(connection)
        threading.Thread(target=self._pass, args=(connection, self._pass_answers), daemon=True).start()
        self._pass(connection, self._pass_requests)

    def _pass(self, connection: Connection, one_way: Callable[[Connection], None]) -> None:
        with suppress(OSError):
            one_way(connection)
        if one_way == self._pass_requests or not connection.is_dead:  # a dead one looks open to the program
            connection.close()
        with self._lock:
            self._connections.discard(connection)
            if connection.trap and not connection.trap.has_struck.is_set():  # it ended without an answer
                self._traps.append(connection.trap)
            connection.trap = None

    def _pass_requests(self, connection: Connection) -> None:
        while request := connection.client.recv(_CHUNK):
            trap = None if connection.is_dead else self._sprung(request)
            if trap and trap.moment.side == "before" and trap.fire(connection.client_port):
                return
            if trap and trap.moment.side == "after":
                connection.trap = trap
            self._forward(request, connection, connection.server)

    def _pass_answers(self, connection: Connection) -> None:
        while answer := connection.server.recv(_CHUNK):
            trap, connection.trap = connection.trap, None
            if trap and trap.moment.is_done(answer) and trap.fire(connection.client_port):
                return
            if trap:  # the server has not done it yet
                self.set_trap(trap)
            self._forward(answer, connection, connection.client)

    def _sprung(self, request: bytes) -> Trap | None:
        """Return the trap that the request springs, which then waits for no other."""
        with self._lock:
            trap = next((trap for trap in self._traps if trap.moment.is_request(request)), None)
            if trap:
                self._traps.remove(trap)
            return trap

    def _forward(self, content: bytes, connection: Connection, receiver: socket.socket) -> None:
        if self.delay_seconds:
            time.sleep(self.delay_seconds)
        if not connection.is_dead:
            receiver.sendall(content)
