"""The installation that most tests use, and a mail server that fails as a test asks it to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from tests.acceptance.installation import Installation, empty_installation
from tests.mail_server import MailServer


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> Iterator[Installation]:
    """An installation of one test. It runs what the test starts."""
    Redis.from_url(redis_server).flushall()
    with empty_installation(tmp_path_factory.mktemp("installation"), f"{redis_server}/0") as installation:
        yield installation


@pytest.fixture(scope="module")
def shared_installation(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> Iterator[Installation]:
    """An installation of all tests of a module, each with its own groups. No other test of the module may empty it."""
    Redis.from_url(redis_server).flushall()
    with empty_installation(tmp_path_factory.mktemp("installation"), f"{redis_server}/0") as installation:
        yield installation


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()
