"""A notice of a finished job, sent as the documentation says, wakes the waiting run; nothing happens twice for it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import subprocess
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from worker.cli.demo.processes import Program, python
from worker.domain.runs import Run, RunId, RunState, Step

SECRET = "planted-notices-secret-9c2e41d07bb35a18"
DOCUMENT = Path(__file__).parents[2] / "docs" / "notifications.md"


@pytest.fixture
def notices(installation: Installation) -> str:
    """The address of a running `standup notices`."""
    zone = zone_in_daytime()
    trouble = [{"kind": "slow_export", "seconds": 6}]
    world = {"zone": zone, "queues": ["Q"], "agents": 3, "workdays": ALL_WEEK, "trouble": trouble}
    installation.start_sandbox({"groups": {"slow": world}})
    installation.configure(NOTICES__SECRET=SECRET)
    with urlopen(f"{installation.addresses['api']}/_sandbox/state", timeout=10) as answer:
        unit = json.load(answer)["groups"]["slow"]["managementUnit"]
    to = {"email": ["one@example.com"]}
    installation.write_groups(
        {"slow": {"title": "Slow", "zone": zone, "queues": ["Q"], "management_units": [unit], "deliver": to}}
    )
    program = Program("notices", python("-m", "worker.cli", "notices", "--port", "0"))
    return installation.programs.start(program, answers=True).strip()


def send_as_documented(address: str, job_id: str) -> dict[str, object]:
    [example] = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text(), re.S)
    example = re.sub(r"3f1c9c9e-[0-9a-f-]+", job_id, example)
    environment = os.environ | {"STANDUP_NOTICES__SECRET": SECRET, "NOTICES_URL": address}
    done = subprocess.run(["bash", "-euc", example], env=environment, capture_output=True, text=True, check=True)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def wait_for(installation: Installation, run_id: RunId, polls: int, seconds: float = 40) -> Run:
    """The run, once it has been polled so often and waits for the next time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        run = installation.parts.runs.get(run_id)
        if run and run.step == Step.POLL and run.polls >= polls:
            return run
        time.sleep(0.1)
    raise AssertionError(f"{run_id} was not polled {polls} times")


def test_a_notice_wakes_the_waiting_run_and_the_poll_that_was_arranged_steps_aside(
    installation: Installation, notices: str
) -> None:
    zone = zone_in_daytime()
    run_id = RunId("slow", yesterday(zone))
    installation.start_worker()
    installation.standup("run", "slow", "--date", run_id.reporting_day.isoformat())
    run = wait_for(installation, run_id, polls=2)
    [job_id] = json.loads(run.job)["ids"].values()
    time.sleep(3)  # the job lasts 6 s, the second poll came at 5 s, the third is arranged for 15 s
    assert send_as_documented(notices, job_id) == {"woken": [str(run_id)]}
    assert installation.wait_for_run(str(run_id)).state == RunState.DELIVERED
    said = [event.what for event in installation.parts.runs.timeline(run_id)]
    assert said[said.index("notice: the job has ended") + 1] == "rows fetched"
    assert said.count("not ready yet") == 2
    stepped_aside(installation)
    assert len(installation.mails()) == 1
    assert [event.what for event in installation.parts.runs.timeline(run_id)] == said
    assert send_as_documented(notices, job_id) == {"woken": []}
    with urlopen(f"{notices}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    assert 'standup_notices_total{outcome="woken"} 1.0' in text
    assert 'standup_deliveries_total{channel="email",outcome="sent"} 1.0' in text
    assert 'standup_runs_total{code="",state="delivered"} 1.0' in text


def stepped_aside(installation: Installation, seconds: float = 30) -> None:
    """Wait until the message that counted down has come and gone."""
    deadline = time.monotonic() + seconds
    while '"because": "closed"' not in (installation.folder / "logs" / "worker.log").read_text():
        assert time.monotonic() < deadline, "the older message never came"
        time.sleep(0.2)


def status_of(address: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        with urlopen(Request(f"{address}/notices", body, headers), timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def test_strangers_replays_and_floods_are_refused_and_the_secret_is_in_no_log(
    installation: Installation, notices: str
) -> None:
    body, stamp = b'{"jobs": ["nobody-waits-for-this"]}', str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    signed = {"X-Standup-Timestamp": stamp, "X-Standup-Signature": f"sha256={digest}"}
    assert status_of(notices, body, {}) == 401
    assert status_of(notices, body + b" ", signed) == 401
    assert status_of(notices, body, signed) == 200
    assert status_of(notices, body, signed) == 409
    assert status_of(notices, b"x" * 70_000, signed) in (400, 413)
    with urlopen(f"{notices}/healthcheck", timeout=10) as answer:
        assert answer.status == 200
    log = (installation.folder / "logs" / "notices.log").read_text()
    assert SECRET not in log
    assert digest not in log


def test_without_a_secret_there_are_no_notices(installation: Installation) -> None:
    installation.configure(REDIS_URL=installation.redis_url)
    assert "STANDUP_NOTICES__SECRET" in installation.standup("notices", expect=1)
