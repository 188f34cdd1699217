"""The ledger's client waits while a fail-over leads it to a replica."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from redis import Redis

from tests.redis_server import running_redis
from tests.waiting import wait_until
from worker.domain.runs import RunId, Step
from worker.state.runs import Runs
from worker.wiring import process

RUN = RunId.parse("support:2026-11-20")


def test_a_step_is_entered_although_the_server_is_read_only_for_a_moment(tmp_path: Path) -> None:
    with running_redis(tmp_path, {}) as server, Redis(port=server.port) as operator, ThreadPoolExecutor() as threads:
        runs = Runs(process.connect(f"redis://127.0.0.1:{server.port}/0"))
        runs.claim(RUN, "beat")
        operator.replicaof("127.0.0.1", "1")
        entry = threads.submit(runs.enter, RUN, Step.HOLIDAY_CHECK, "worker")
        wait_until(lambda: "errorstat_READONLY" in operator.info("errorstats"), "the server has refused the write")
        operator.replicaof("NO", "ONE")
        assert entry.result()[0] == "mine"
