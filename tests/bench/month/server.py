"""A redis-server for the month, which measures memory as production does (jemalloc)."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from tests.redis_server import free_port

START_SECONDS = 10.0


def is_there() -> bool:
    """Tell whether this machine has redis-server."""
    return shutil.which("redis-server") is not None


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Give the URL of a server that keeps everything in memory."""
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder), "--daemonize", "no"]
    with subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL) as process:
        try:
            url = f"redis://127.0.0.1:{port}/0"
            _await(url)
            yield url
        finally:
            process.terminate()


def _await(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    with Redis.from_url(url) as redis:
        while True:
            try:
                redis.ping()
                return
            except RedisConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
