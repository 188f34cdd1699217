"""A worker that is asked to end does so, also while its threads are busy."""

from __future__ import annotations

import signal

import pytest
from redis import Redis

from tests.acceptance.installation import Installation
from tests.acceptance.recovery.test_beat_queue import send
from tests.waiting import HANG_SECONDS, wait_until
from worker.shutdown import EXIT_STATUS


@pytest.mark.parametrize("pool", ["threads", "prefork"])
def test_sigterm_ends_a_worker_whose_step_never_ends(installation: Installation, pool: str) -> None:
    installation.configure(REDIS_URL=installation.redis_url, GROUPS=str(installation.folder / "groups.toml"))
    options = ("--pool", pool, "--concurrency", "1")
    worker = installation.start_worker(app="tests.acceptance.blocked_worker", options=options)
    send(installation, "tests.block")
    wait_until(lambda: Redis.from_url(installation.broker_url).hlen("unacked"), "the task is being done")
    assert worker.process is not None
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(HANG_SECONDS) == EXIT_STATUS
