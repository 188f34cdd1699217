"""The sandbox as a process, and a client that speaks to it over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

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
    """A sandbox that listens; ``say`` are the addresses it printed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.say: dict[str, str] = json.loads(process.stdout.readline())
        self.api = self.say["api"]

    def login(self, client: str = "standup", secret: str = SECRET) -> requests.Response:
        """Ask for an access token."""
        form = {"grant_type": "client_credentials"}
        return requests.post(f"{self.api}/oauth/token", auth=(client, secret), data=form, timeout=10)

    def session(self, client: str = "standup") -> requests.Session:
        """A session that carries an access token."""
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {self.login(client).json()['access_token']}"
        return session

    def trouble(self, group: str, *troubles: dict[str, Any]) -> None:
        """Give the group these troubles, and no others."""
        body = {"group": group, "trouble": list(troubles)}
        requests.post(f"{self.api}/_sandbox/trouble", json=body, timeout=10).raise_for_status()

    def id_of(self, queue: str) -> str:
        """The id of a queue."""
        groups = requests.get(f"{self.api}/_sandbox/state", timeout=10).json()["groups"]
        return next(group["queues"][queue] for group in groups.values() if queue in group["queues"])

    def asked(self) -> list[dict[str, Any]]:
        """What the sandbox says that it was asked."""
        found: list[dict[str, Any]] = requests.get(f"{self.api}/_sandbox/requests", timeout=10).json()
        return found


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Running]]:
    """Starts sandboxes with further arguments; all are ended after the module."""
    processes: list[subprocess.Popen[str]] = []

    def started(*arguments: str) -> Running:
        folder = tmp_path_factory.mktemp("sandbox")
        (folder / "scenario.toml").write_text(SCENARIO)
        command = [sys.executable, "-m", "sandbox", "--scenario", str(folder / "scenario.toml")]
        process = subprocess.Popen(
            [*command, "--out", str(folder), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        return Running(process)

    yield started
    for process in processes:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="module")
def shared(start: Callable[..., Running]) -> Running:
    """One sandbox for all tests of a module."""
    return start("--quota-per-minute", "5000")


@pytest.fixture
def sandbox(shared: Running) -> Iterator[Running]:
    """The module's sandbox, with no trouble before and after the test."""
    yield shared
    for group in ("emea", "apac"):
        shared.trouble(group)
