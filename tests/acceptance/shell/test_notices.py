"""A notice of a finished job, sent as the documentation says, wakes the waiting run. It does nothing twice."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.waiting import HANG_SECONDS, wait_until
from worker.cli.demo.processes import Program, python
from worker.domain.runs import Run, RunId, RunState, Step

NOTICES_SECRET = "planted-notices-secret-9c2e41d07bb35a18"
DOCUMENT = Path(__file__).parents[3] / "docs" / "notifications.md"
POLLS = 3
"""After the third poll the next one is planned for 20 s later. The worker is stopped before that."""


@pytest.fixture
def notices(installation: Installation) -> str:
    """Start ``standup notices`` and give its address."""
    trouble = [{"kind": "not_yet", "not_found": 1000}]
    installation.start_sandbox({"groups": {"slow": sandbox_group("Q", trouble=trouble)}})
    installation.configure(NOTICES__SECRET=NOTICES_SECRET)
    unit = installation.management_units()["slow"]
    installation.write_groups({"slow": group("Slow", "Q", management_units=[unit])})
    program = Program("notices", python("-m", "worker.cli", "notices", "--port", "0"))
    return installation.programs.start(program, answers=True).strip()


def send_as_documented(address: str, job_id: str) -> dict[str, object]:
    [example] = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text(), re.S)
    example = re.sub(r"3f1c9c9e-[0-9a-f-]+", job_id, example)
    environment = os.environ | {"STANDUP_NOTICES__SECRET": NOTICES_SECRET, "NOTICES_URL": address}
    process = subprocess.run(["bash", "-euc", example], env=environment, capture_output=True, text=True, check=True)
    answer: dict[str, object] = json.loads(process.stdout)
    return answer


def wait_for_polls(installation: Installation, run_id: RunId) -> Run:
    """Return the run once it has been polled often enough and waits for the next time."""
    ledger = installation.runs

    def polled() -> Run | None:
        run = ledger.get(run_id)
        return run if run and run.step == Step.POLL and run.polls >= POLLS else None

    run = wait_until(polled, f"{run_id} was polled {POLLS} times")
    assert run is not None
    return run


@contextmanager
def stopped(program: Program) -> Iterator[None]:
    """Keep the program from running as long as the block lasts."""
    assert program.process is not None
    os.killpg(program.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(program.process.pid, signal.SIGCONT)


@pytest.mark.system  # the documented example needs curl and openssl, which a fresh Debian 12 lacks
def test_a_notice_wakes_the_waiting_run_and_its_planned_poll_steps_aside(
    installation: Installation, notices: str
) -> None:
    run_id = RunId("slow", DAY)
    worker = installation.start_worker()
    installation.begin_run("slow", DAY)
    run = wait_for_polls(installation, run_id)
    with stopped(worker):
        [job_id] = json.loads(run.job)["ids"].values()
        installation.set_troubles("slow")
        assert send_as_documented(notices, job_id) == {"woken": [str(run_id)]}
    assert installation.wait_for_run(str(run_id)).state == RunState.DELIVERED
    events = [event.text for event in installation.runs.timeline(run_id)]
    assert events[events.index("notice: the job has ended") + 1] == "rows fetched"
    assert events.count("not ready yet") == POLLS
    installation.wait_for_log("worker", '"because": "(held|done|closed)"')
    assert len(installation.mails()) == 1
    assert [event.text for event in installation.runs.timeline(run_id)] == events
    assert send_as_documented(notices, job_id) == {"woken": []}
    installation.wait_until_idle()  # a run is counted after its end
    with urlopen(f"{notices}/metrics", timeout=HANG_SECONDS) as answer:
        text = answer.read().decode()
    assert 'standup_notices_total{outcome="woken"} 1.0' in text
    assert 'standup_deliveries_total{channel="email",outcome="sent"} 1.0' in text
    assert 'standup_runs_total{code="",state="delivered"} 1.0' in text


def status_of(address: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        with urlopen(Request(f"{address}/notices", body, headers), timeout=HANG_SECONDS) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def test_unsigned_repeated_and_large_notices_are_refused(installation: Installation, notices: str) -> None:
    body, timestamp = b'{"jobs": ["no-run-waits-for-this"]}', str(int(time.time()))
    digest = hmac.new(NOTICES_SECRET.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    signed = {"X-Standup-Timestamp": timestamp, "X-Standup-Signature": f"sha256={digest}"}
    assert status_of(notices, body, {}) == 401
    assert status_of(notices, body + b" ", signed) == 401
    assert status_of(notices, body, signed) == 200
    assert status_of(notices, body, signed) == 409
    assert status_of(notices, b"x" * 70_000, signed) in (400, 413)
    with urlopen(f"{notices}/healthcheck", timeout=HANG_SECONDS) as answer:
        assert answer.status == 200
    log = installation.log("notices")
    assert NOTICES_SECRET not in log
    assert digest not in log


@pytest.mark.parametrize("empty", [{}, {"NOTICES__SECRET": ""}], ids=["unset", "empty as in docker-compose.yml"])
def test_without_a_secret_only_the_route_of_notices_is_closed(
    installation: Installation, empty: dict[str, str]
) -> None:
    installation.configure(REDIS_URL=installation.redis_url, **empty)
    program = Program("notices", python("-m", "worker.cli", "notices", "--port", "0"))
    address = installation.programs.start(program, answers=True).strip()
    assert status_of(address, b'{"jobs": ["any"]}', {}) == 404
    for route in ("metrics", "healthcheck"):
        with urlopen(f"{address}/{route}", timeout=HANG_SECONDS) as answer:
            assert answer.status == 200
    installation.wait_for_log("notices", "STANDUP_NOTICES__SECRET is not set")
