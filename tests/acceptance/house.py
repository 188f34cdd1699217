"""The whole system as separate programs: Redis, sandbox, worker, beat; a test talks to it as an operator would."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import tomli_w

from worker.cli.demo.processes import Program, Programs, python
from worker.domain.runs import Run, RunId, RunState
from worker.settings import PREFIX, Settings
from worker.wiring import Parts

SECRET = "planted-client-secret-5b1f"
ALL_WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@dataclass
class House:
    """One installation in a folder of its own."""

    folder: Path
    redis_url: str
    programs: Programs
    addresses: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def sandbox(self, scenario: Mapping[str, Any], *options: str) -> None:
        """Start the stand-in organisation, mailbox and webhook inbox."""
        path = self.folder / "scenario.toml"
        document = {"seed": 3, "clients": [{"id": "test-client", "secret": SECRET}], **scenario}
        path.write_text(tomli_w.dumps(document), encoding="utf-8")
        command = python("-m", "sandbox", "--scenario", str(path), "--out", str(self.folder), *options)
        self.addresses = json.loads(self.programs.start(Program("sandbox", command), answers=True))
        host, _, port = self.addresses["smtp"].rpartition(":")
        self.settings(
            GROUPS=str(self.folder / "groups.toml"),
            REDIS_URL=self.redis_url,
            ARTIFACTS=str(self.folder / "artifacts"),
            BEAT_FILE=str(self.folder / "beat" / "schedule"),
            TICK_SECONDS="1",
            ORGANISATIONS__MAIN__API_URL=self.addresses["api"],
            ORGANISATIONS__MAIN__CLIENT_ID="test-client",
            ORGANISATIONS__MAIN__CLIENT_SECRET=SECRET,
            SMTP__HOST=host,
            SMTP__PORT=port,
            SMTP__SECURITY="none",
            SMTP__SENDER="standup@example.com",
            ALERTS__WEBHOOK_URL=f"{self.addresses['webhooks']}/alerts",
        )

    def settings(self, **values: str) -> None:
        """Set settings for the programs that are started from now on."""
        self.environment |= {PREFIX + name: value for name, value in values.items()}
        self.programs.environment = self.environment

    def groups(self, groups: Mapping[str, Mapping[str, Any]], defaults: Mapping[str, Any] | None = None) -> None:
        """Write the group file; a running worker reads it anew."""
        common = {"workdays": ALL_WEEK, "standup_at": "00:00", "lead_minutes": 0, "catch_up_until": "23:59"}
        document = {"defaults": common | dict(defaults or {}), "groups": dict(groups)}
        (self.folder / "groups.toml").write_text(tomli_w.dumps(document), encoding="utf-8")

    def worker(self, name: str = "worker") -> Program:
        """Start a Celery worker."""
        return self._celery(name, "-A", "worker", "worker", "-n", f"{name}@%h")

    def beat(self, name: str = "beat") -> Program:
        """Start a beat with a schedule file of its own."""
        return self._celery(name, "-A", "beat_schedule", "beat", "-s", str(self.folder / f"{name}-schedule"))

    def _celery(self, name: str, *arguments: str) -> Program:
        program = Program(name, python("-m", "celery", *arguments))
        self.programs.start(program)
        return program

    def shell(self, *arguments: str, expect: int = 0) -> str:
        """Run ``standup …`` and give back what it printed."""
        return self._run(python("-m", "worker.cli", *arguments), expect)

    def celery(self, *arguments: str) -> str:
        """Run ``celery …`` to its end."""
        return self._run(python("-m", "celery", *arguments), 0)

    def _run(self, command: list[str], expect: int) -> str:
        done = subprocess.run(
            command, env=os.environ | self.environment, capture_output=True, text=True, check=False, timeout=100
        )
        assert done.returncode == expect, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout if expect == 0 else done.stdout + done.stderr

    @property
    def parts(self) -> Parts:
        """The system's own stores, for a look into the ledger."""
        return Parts(Settings(redis_url=self.redis_url, artifacts=str(self.folder / "artifacts")))

    def wait(self, run_id: str, seconds: float = 90) -> Run:
        """The run, once it has ended."""
        return self.wait_all([run_id], seconds)[0]

    def wait_all(self, run_ids: list[str], seconds: float = 90) -> list[Run]:
        """The runs, once all have ended."""
        parts, deadline = self.parts, time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = [parts.runs.get(RunId.parse(run_id)) for run_id in run_ids]
            if all(run and run.state != RunState.OPEN for run in found):
                return [run for run in found if run]
            time.sleep(0.2)
        raise AssertionError(f"not ended in {seconds} s: {found}")

    def mails(self) -> list[Path]:
        """All messages that arrived, in their order."""
        return sorted((self.folder / "mail").glob("*.eml"))

    def alerts(self) -> list[dict[str, Any]]:
        """The bodies of all alerts that arrived, in their order."""
        return [json.loads(path.read_text())["body"] for path in sorted((self.folder / "webhooks").glob("*.json"))]

    def wait_for_alerts(self, count: int, seconds: float = 20) -> list[dict[str, Any]]:
        """The alerts, once so many have arrived."""
        deadline = time.monotonic() + seconds
        while len(self.alerts()) < count and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.alerts()

    def requests(self) -> list[dict[str, Any]]:
        """Everything that was asked of the stand-in organisation."""
        with urlopen(f"{self.addresses['api']}/_sandbox/requests", timeout=10) as answer:
            found: list[dict[str, Any]] = json.load(answer)
            return found

    def units(self) -> dict[str, str]:
        """The management units by group."""
        with urlopen(f"{self.addresses['api']}/_sandbox/state", timeout=10) as answer:
            return {key: group["managementUnit"] for key, group in json.load(answer)["groups"].items()}

    def trouble(self, group: str, *troubles: Mapping[str, Any]) -> None:
        """Change what goes wrong for a group while the sandbox runs."""
        body = json.dumps({"group": group, "trouble": list(troubles)}).encode()
        ask = Request(f"{self.addresses['api']}/_sandbox/trouble", body, {"Content-Type": "application/json"})
        urlopen(ask, timeout=10).close()


def awake_zone(*candidates: str) -> str:
    """A zone where the local day is neither about to end nor just begun, so that "yesterday" stays what it is."""
    for zone in candidates or ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"):
        if 1 <= datetime.now(ZoneInfo(zone)).hour < 22:
            return zone
    raise AssertionError("no candidate zone is in the middle of its day")


def yesterday(zone: str) -> date:
    """The local day before today."""
    return datetime.now(ZoneInfo(zone)).date() - timedelta(days=1)
