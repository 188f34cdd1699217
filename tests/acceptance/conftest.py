"""An installation per module, with everything but the worker running only when a test starts it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from tests.acceptance.house import House
from worker.cli.demo.processes import Programs


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> Iterator[House]:
    """An empty installation."""
    Redis.from_url(redis_server).flushall()
    folder = tmp_path_factory.mktemp("house")
    with Programs(folder / "logs", {}) as programs:
        yield House(folder, f"{redis_server}/0", programs)
