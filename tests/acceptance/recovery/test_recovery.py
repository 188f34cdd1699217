"""What the system survives: a killed worker, two beats, a message that the broker lost."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis import Redis

from tests.acceptance.installation import DAY, Installation, empty_installation, group, sandbox_group
from tests.acceptance.redis_proxy import RedisProxy
from tests.waiting import HANG_SECONDS, wait_until
from worker.cli.demo.processes import Program
from worker.domain.runs import STEPS, NextStep, RunId, RunState, Step
from worker.state.runs import MAX_RECOVERIES

ENTERED = {f"{step}-entered".replace("_", "-"): step for step in STEPS}
UNRECORDED = {f"{step}-unrecorded".replace("_", "-"): step for step in STEPS}
"""Groups by the step at which their worker is killed: after it has begun the step, or before it records the end."""

UNDISTURBED = ("undisturbed-1", "undisturbed-2")


def prepare(installation: Installation, *keys: str) -> list[str]:
    """Write groups with two recipients each; return the ids of their runs."""
    installation.start_sandbox({"groups": {key: sandbox_group(f"Queue {key}") for key in keys}})
    installation.write_groups(
        {
            key: group(key, f"Queue {key}", deliver={"email": [f"a+{key}@example.com", f"b+{key}@example.com"]})
            for key in keys
        }
    )
    installation.record_past(*keys)
    return [f"{key}:{DAY}" for key in keys]


def recipients(installation: Installation) -> Counter[str]:
    return Counter(mail.stem.partition("-")[2] for mail in installation.mails())


def kill(program: Program) -> None:
    """Send SIGKILL to the worker and all its children."""
    assert program.process is not None
    os.killpg(program.process.pid, signal.SIGKILL)
    program.process.wait()


def entered_step(request: bytes) -> str:
    """Return the group whose step to be stopped the request enters. The script's arguments are run, step, holder."""
    for key, step in ENTERED.items():
        if f"{key}:{DAY}\r\n${len(step)}\r\n{step}\r\n".encode() in request:
            return key
    return ""


def settled_step(request: bytes) -> str:
    """Return the group whose step to be stopped the request settles."""
    for key, step in UNRECORDED.items():
        parts = (b"EVALSHA", f"standup:timeline:{key}:{DAY}".encode(), f'["{step}", '.encode())
        if all(part in request for part in parts):
            return key
    return ""


@pytest.fixture
def proxy(redis_server: str) -> Iterator[RedisProxy]:
    proxy = RedisProxy(urlsplit(redis_server).port or 0, holds_answer=entered_step, holds_request=settled_step)
    yield proxy
    proxy.stop()


def test_a_worker_killed_in_any_step_leaves_every_briefing_delivered_once(
    tmp_path: Path, redis_server: str, proxy: RedisProxy
) -> None:
    """Ten runs are stopped at the same time, each at its own moment, and two end. Then the worker is killed.

    A mail that a worker is sending when it is killed has an unknown outcome, so no delivery may be under way then.
    """
    Redis.from_url(redis_server).flushall()
    with empty_installation(tmp_path, f"redis://127.0.0.1:{proxy.port}/0") as installation:
        run_ids = prepare(installation, *ENTERED, *UNRECORDED, *UNDISTURBED)
        load_scripts(installation)
        worker = installation.start_worker("first", options=("--concurrency", "16"))
        installation.start_beat()
        wait_until(lambda: proxy.reached == ENTERED.keys() | UNRECORDED.keys(), "all runs are stopped")
        installation.wait_for_runs([f"{key}:{DAY}" for key in UNDISTURBED])
        kill(worker)
        installation.redis_url = f"{redis_server}/0"
        installation.configure(REDIS_URL=installation.redis_url)
        installation.start_worker("second")
        installation.start_beat("second-beat")
        runs = installation.wait_for_runs(run_ids)
        assert {run.state for run in runs} == {RunState.DELIVERED}
        assert set(recipients(installation).values()) == {1}
        assert len(recipients(installation)) == 2 * len(run_ids)


def load_scripts(installation: Installation) -> None:
    """Make Redis learn the scripts, or the answer that the proxy holds back would be "NOSCRIPT"."""
    unknown, runs = RunId("unknown", DAY), installation.runs
    runs.enter(unknown, Step.EXPORT, "holder")
    runs.settle(unknown, Step.EXPORT, "holder", NextStep(Step.POLL, "nothing"))


def test_two_beats_give_each_group_one_run(installation: Installation) -> None:
    run_ids = prepare(installation, *(f"group-{number}" for number in range(5)))
    for name in ("first-beat", "second-beat"):
        installation.start_beat(name)
    installation.start_worker()
    installation.wait_for_runs(run_ids)
    for name in ("first-beat", "second-beat"):
        wait_for_tick(installation, name)
    runs = installation.runs
    assert sorted(str(run.id) for run in runs.newest()) == sorted(run_ids)
    events = [event.text for run_id in run_ids for event in runs.timeline(RunId.parse(run_id))]
    assert sum("claimed" in event for event in events) == 5
    assert set(recipients(installation).values()) == {1}


def wait_for_tick(installation: Installation, beat: str) -> None:
    """Wait until the beat has asked once more what is due, and a worker has answered."""
    question = "Sending due task start-due"
    count = installation.log(beat).count(question)
    wait_until(lambda: installation.log(beat).count(question) > count, f"{beat} has asked once more")
    installation.wait_until_idle()


def test_a_message_that_the_broker_lost_is_sent_again(installation: Installation) -> None:
    [run_id] = prepare(installation, "support")
    runs = installation.runs
    assert runs.claim(RunId.parse(run_id), "beat", source="queries"), "claimed, and its message never arrives"
    installation.redis.zadd("standup:open", {run_id: 1})
    installation.start_worker()
    installation.celery("-A", "worker", "call", "briefing.recover")
    assert installation.wait_for_run(run_id).state == RunState.DELIVERED
    assert any(event.text == "silent: sent again" for event in runs.timeline(RunId.parse(run_id)))


def test_a_step_that_kills_every_worker_fails_after_three_of_them(installation: Installation) -> None:
    deadly, healthy = prepare(installation, "deadly", "healthy")
    installation.configure(RENDERING__PROCESSES="0")
    installation.start_beat()
    for number in range(MAX_RECOVERIES):
        worker = installation.start_worker(f"worker-{number}", app="tests.acceptance.deadly_worker")
        assert worker.process is not None
        assert worker.process.wait(HANG_SECONDS) == -signal.SIGKILL
        let_lease_run_out(installation, deadly)
    installation.start_worker("last", app="tests.acceptance.deadly_worker")
    failed, delivered = installation.wait_for_runs([deadly, healthy])
    assert (failed.state, failed.code, failed.step) == (RunState.FAILED, "step_never_ended", Step.RENDER)
    assert delivered.state == RunState.DELIVERED
    [alert] = installation.wait_for_alerts(1)
    assert "standup run deadly" in str(alert)


def let_lease_run_out(installation: Installation, run_id: str) -> None:
    """Let the time pass that a dead worker's lease lasts."""
    installation.redis.hset(f"standup:run:{run_id}", "lease_until_ms", 1)
    installation.redis.zadd("standup:open", {run_id: 1})
