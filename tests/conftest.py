"""What all tests share: a Redis-compatible server for the session, and how Hypothesis runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from redis import Redis

from tests.redis_server import running_redis

# A test fails for what the code does, not for a slow machine, and the same examples run each time.
settings.register_profile(
    "tests", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, database=None
)
# For a search beyond that: pytest --hypothesis-profile explore
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=2_000)
settings.load_profile("tests")


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server that lives as long as the test session, without a database number."""
    with running_redis(tmp_path_factory.mktemp("valkey"), {"databases": "64"}) as server:
        yield f"redis://127.0.0.1:{server.port}"


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The URL of an empty database. Database 0 is the system's, 1 the broker's."""
    Redis.from_url(redis_server).flushall()
    return f"{redis_server}/0"


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """A client of the empty database that decodes responses, as the system's do."""
    with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client
