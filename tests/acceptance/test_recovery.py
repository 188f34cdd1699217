"""What must survive: a killed worker, two beats, a broker that is gone for a moment."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter

import pytest

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from worker.cli.demo.processes import Program
from worker.domain.runs import RunId, RunState

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)


def furnish(installation: Installation, count: int, **world: object) -> list[str]:
    """So many groups with a queue each; their run ids."""
    keys = [f"group-{n}" for n in range(count)]
    installation.start_sandbox(
        {
            "groups": {
                key: {"zone": ZONE, "queues": [f"Queue {key}"], "agents": 4, "workdays": ALL_WEEK, **world}
                for key in keys
            }
        }
    )
    installation.write_groups(
        {
            key: {
                "title": key,
                "zone": ZONE,
                "queues": [f"Queue {key}"],
                "deliver": {"email": [f"a+{key}@example.com", f"b+{key}@example.com"]},
            }
            for key in keys
        }
    )
    return [f"{key}:{DAY}" for key in keys]


def recipients(installation: Installation) -> Counter[str]:
    return Counter(
        line.partition(":")[2].strip()
        for mail in installation.mails()
        for line in mail.read_text().splitlines()
        if line.startswith("X-Envelope-To:")
    )


def kill(program: Program) -> None:
    """SIGKILL to the worker and all its children."""
    assert program.process is not None
    os.killpg(program.process.pid, signal.SIGKILL)
    program.process.wait()


@pytest.mark.parametrize("after_seconds", [0.3, 1.2, 2.5])
def test_a_worker_killed_at_any_moment_leaves_every_briefing_delivered_once(
    installation: Installation, after_seconds: float
) -> None:
    run_ids = furnish(installation, 6)
    worker = installation.start_worker("first")
    installation.start_beat()
    wait_for_work(installation, run_ids)
    time.sleep(after_seconds)
    kill(worker)
    installation.start_worker("second")
    runs = installation.wait_for_runs(run_ids)
    assert {run.state for run in runs} == {RunState.DELIVERED}
    assert set(recipients(installation).values()) == {1}
    assert len(recipients(installation)) == 12


def wait_for_work(installation: Installation, run_ids: list[str]) -> None:
    """Until the first run was claimed."""
    runs = installation.parts.runs
    while not any(runs.get(RunId.parse(run_id)) for run_id in run_ids):
        time.sleep(0.05)


def test_two_beats_give_each_group_one_run(installation: Installation) -> None:
    run_ids = furnish(installation, 5)
    installation.start_beat("first-beat")
    installation.start_beat("second-beat")
    installation.start_worker()
    installation.wait_for_runs(run_ids)
    time.sleep(4)  # more ticks of both beats, which must find nothing to do
    runs = installation.parts.runs
    assert sorted(str(run.id) for run in runs.newest()) == sorted(run_ids)
    claims = [event for run_id in run_ids for event in runs.timeline(RunId.parse(run_id)) if "claimed" in event.what]
    assert len(claims) == 5
    assert set(recipients(installation).values()) == {1}


def test_a_message_that_the_broker_lost_is_sent_again(installation: Installation) -> None:
    run_ids = furnish(installation, 1)
    runs = installation.parts.runs
    assert runs.claim(RunId.parse(run_ids[0]), "beat", source="queries")  # and its message never arrives
    installation.parts.redis.zadd("standup:open", {run_ids[0]: 1})
    installation.start_worker()
    installation.start_beat()
    assert installation.wait_for_run(run_ids[0]).state == RunState.DELIVERED
    assert any(event.what == "silent: sent again" for event in runs.timeline(RunId.parse(run_ids[0])))
