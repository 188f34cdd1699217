"""The sandbox as a process, and an HTTP client for it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.waiting import HANG_SECONDS

SECRET = "s3cret"
SCENARIO = """
seed = 3
job_seconds = 0
[[clients]]
id = "standup"
secret = "s3cret"
[[clients]]
id = "narrow"
secret = "s3cret"
permissions = ["routing:queue:view"]
[[clients]]
id = "brief"
secret = "s3cret"
token_seconds = 0.001
[groups.emea]
zone = "Europe/Berlin"
agents = 4
queues = ["Billing"]
[groups.apac]
zone = "Asia/Kolkata"
agents = 4
queues = ["Sales"]
[[calendars]]
id = "germany"
name = "Germany"
zone = "Europe/Berlin"
group = "emea"
holidays = [{ date = 2026-12-25, name = "Weihnachten" }]
[mailbox.refuse]
"gone@example.com" = "550 5.1.1 no such mailbox"
"""


class Running:
    """A sandbox that listens. ``addresses`` are those that it printed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.addresses: dict[str, str] = json.loads(process.stdout.readline())
        self.api = self.addresses["api"]

    def login(self, client: str = "standup", secret: str = SECRET) -> requests.Response:
        """Request an access token."""
        form = {"grant_type": "client_credentials"}
        return requests.post(f"{self.api}/oauth/token", auth=(client, secret), data=form, timeout=HANG_SECONDS)

    def session(self, client: str = "standup") -> requests.Session:
        """Return a session with an access token."""
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {self.login(client).json()['access_token']}"
        return session

    def trouble(self, group: str, *troubles: dict[str, Any]) -> None:
        """Give the group these troubles and drop its earlier ones."""
        body = {"group": group, "trouble": list(troubles)}
        requests.post(f"{self.api}/_sandbox/trouble", json=body, timeout=HANG_SECONDS).raise_for_status()

    def id_of(self, queue: str) -> str:
        """Return the id of a queue."""
        groups = requests.get(f"{self.api}/_sandbox/state", timeout=HANG_SECONDS).json()["groups"]
        return next(group["queues"][queue] for group in groups.values() if queue in group["queues"])

    def request_log(self) -> list[dict[str, Any]]:
        """Return the requests that the sandbox got."""
        entries: list[dict[str, Any]] = requests.get(f"{self.api}/_sandbox/requests", timeout=HANG_SECONDS).json()
        return entries


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Running]]:
    """Return a function that starts a sandbox with further arguments. All end after the module."""
    processes: list[subprocess.Popen[str]] = []

    def start_program(*arguments: str) -> Running:
        folder = tmp_path_factory.mktemp("sandbox")
        (folder / "scenario.toml").write_text(SCENARIO)
        command = [sys.executable, "-m", "sandbox", "--scenario", str(folder / "scenario.toml")]
        process = subprocess.Popen(
            [*command, "--out", str(folder), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        return Running(process)

    yield start_program
    for process in processes:
        process.terminate()
        process.communicate(timeout=HANG_SECONDS)


@pytest.fixture(scope="module")
def shared(start: Callable[..., Running]) -> Running:
    """Return one sandbox for all tests of a module."""
    return start("--quota-per-minute", "5000")


@pytest.fixture
def sandbox(shared: Running) -> Iterator[Running]:
    """Return the module's sandbox, without trouble before and after the test."""
    yield shared
    for group in ("emea", "apac"):
        shared.trouble(group)
