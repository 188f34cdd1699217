"""The whole system as separate programs: Redis, sandbox, worker, beat. A test uses it as an operator would."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import tomli_w
from celery import Celery
from redis import Redis

from tests.waiting import HANG_SECONDS, wait_until
from worker.beat_queue import BEAT_QUEUE
from worker.celery import RENDERING_QUEUE, WAITING_QUEUE
from worker.cli.demo.processes import Program, Programs, python
from worker.domain.briefing.history import figures_of
from worker.domain.rows import Rows
from worker.domain.runs import Run, RunId, RunState
from worker.settings import PREFIX
from worker.state.deliveries import Deliveries
from worker.state.files.artifacts import Artifacts
from worker.state.heartbeat import Heartbeat
from worker.state.history import History
from worker.state.runs import Runs
from worker.wiring import process

CLIENT_SECRET = "planted-client-secret-5b1f"
ALL_WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@dataclass
class Installation:
    """One installation in a folder of its own."""

    folder: Path
    redis_url: str
    programs: Programs
    addresses: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def start_sandbox(self, scenario: Mapping[str, Any], *options: str) -> None:
        """Start the sandbox (organisation, mailbox and webhook inbox) and set its addresses in the settings."""
        path = self.folder / "scenario.toml"
        document = {"seed": 3, "clients": [{"id": "test-client", "secret": CLIENT_SECRET}], **scenario}
        path.write_text(tomli_w.dumps(document), encoding="utf-8")
        command = python("-m", "sandbox", "--scenario", str(path), "--out", str(self.folder), *options)
        self.addresses = json.loads(self.programs.start(Program("sandbox", command), answers=True))
        host, _, port = self.addresses["smtp"].rpartition(":")
        self.configure(
            GROUPS=str(self.folder / "groups.toml"),
            REDIS_URL=self.redis_url,
            ARTIFACTS=str(self.folder / "artifacts"),
            BEAT_FILE=str(self.folder / "beat" / "schedule"),
            TICK_SECONDS="1",
            RENDERING__PROCESSES="1",
            ORGANISATIONS__MAIN__API_URL=self.addresses["api"],
            ORGANISATIONS__MAIN__CLIENT_ID="test-client",
            ORGANISATIONS__MAIN__CLIENT_SECRET=CLIENT_SECRET,
            SMTP__HOST=host,
            SMTP__PORT=port,
            SMTP__SECURITY="none",
            SMTP__SENDER="standup@example.com",
            ALERTS__WEBHOOK_URL=f"{self.addresses['webhooks']}/alerts",
        )

    def configure(self, **values: str) -> None:
        """Set settings for the programs that are started from now on."""
        self.environment |= {PREFIX + name: value for name, value in values.items()}
        self.programs.environment = self.environment

    def write_groups(self, groups: Mapping[str, Mapping[str, Any]], defaults: Mapping[str, Any] | None = None) -> None:
        """Write the group file. A running worker reads it again."""
        common = {"workdays": ALL_WEEK, "standup_at": "00:00", "lead_minutes": 0, "catch_up_until": "23:59"}
        document = {"defaults": common | dict(defaults or {}), "groups": dict(groups)}
        (self.folder / "groups.toml").write_text(tomli_w.dumps(document), encoding="utf-8")

    def record_past(self, *group_keys: str) -> None:
        """Record an empty day of the past, so that the groups' first runs do not fetch six weeks of it."""
        for key in group_keys:
            self.history.record(key, DAY - timedelta(days=20), 1, figures_of(Rows((), ())))

    def start_worker(self, name: str = "worker", *, app: str = "worker", options: tuple[str, ...] = ()) -> Program:
        """Start a Celery worker."""
        return self._start_celery(name, "-A", app, "worker", "-n", f"{name}@%h", *options)

    def start_beat(self, name: str = "beat", *, app: str = "beat_schedule") -> Program:
        """Start a beat with a schedule file of its own."""
        return self._start_celery(name, "-A", app, "beat", "-s", str(self.folder / f"{name}-schedule"))

    def _start_celery(self, name: str, *arguments: str) -> Program:
        program = Program(name, python("-m", "celery", *arguments))
        self.programs.start(program)
        return program

    def standup(self, *arguments: str, expect: int = 0) -> str:
        """Run ``standup …`` and return its output; an expected failure includes what it wrote to stderr."""
        return self.run(python("-m", "worker.cli", *arguments), expect)

    def celery(self, *arguments: str) -> str:
        """Run ``celery …`` to its end."""
        return self.run(python("-m", "celery", *arguments))

    def begin_run(self, group_key: str, day: date) -> str:
        """Ask the workers for a group's run of a day, as ``celery call`` does; return the run's id."""
        with Celery(broker=self.broker_url, set_as_current=False) as app:
            app.send_task("briefing.run", (group_key, day.isoformat()), queue=WAITING_QUEUE, ignore_result=True)
        return f"{group_key}:{day}"

    def brief(self, group_key: str, day: date) -> Run:
        """Run a group's day and return the run once it has ended."""
        return self.wait_for_run(self.begin_run(group_key, day))

    def run(self, command: list[str], expect: int = 0) -> str:
        """Run a program with the installation's settings; it must end with the status ``expect``."""
        environment = os.environ | self.environment
        ended = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=HANG_SECONDS
        )
        assert ended.returncode == expect, f"{command}: {ended.returncode}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout if expect == 0 else ended.stdout + ended.stderr

    @cached_property
    def redis(self) -> Redis:
        """The installation's own Redis database."""
        return process.connect(self.redis_url)

    @property
    def runs(self) -> Runs:
        """The run ledger."""
        return Runs(self.redis)

    @property
    def deliveries(self) -> Deliveries:
        """The delivery records."""
        return Deliveries(self.redis)

    @property
    def history(self) -> History:
        """The sums of past days."""
        return History(self.redis)

    @property
    def heartbeat(self) -> Heartbeat:
        """The instant of beat's last question."""
        return Heartbeat(self.redis)

    @property
    def artifacts(self) -> Artifacts:
        """Rows and documents."""
        return Artifacts(str(self.folder / "artifacts"))

    def wait_for_run(self, run_id: str) -> Run:
        """Return the run once it has ended."""
        return self.wait_for_runs([run_id])[0]

    def wait_for_runs(self, run_ids: list[str]) -> list[Run]:
        """Return the runs once all have ended."""
        ledger = self.runs

        def ended_runs() -> list[Run] | None:
            runs = [ledger.get(RunId.parse(run_id)) for run_id in run_ids]
            ended = [run for run in runs if run and run.state != RunState.OPEN]
            return ended if len(ended) == len(run_ids) else None

        return wait_until(ended_runs, f"the runs {run_ids} have ended") or []

    def wait_until_idle(self) -> None:
        """Wait until the broker holds no message: workers acknowledge one when its task has ended."""
        broker = Redis.from_url(self.broker_url)
        wait_until(
            lambda: not broker.exists("unacked", WAITING_QUEUE, RENDERING_QUEUE, BEAT_QUEUE), "all tasks have ended"
        )

    def log(self, program: str) -> str:
        """Return what a program has logged so far."""
        return (self.programs.logs / f"{program}.log").read_text("utf-8")

    def wait_for_log(self, program: str, pattern: str) -> None:
        """Wait until the pattern matches a program's log."""
        wait_until(lambda: re.search(pattern, self.log(program)), f"{pattern} is in the log of {program}")

    @property
    def broker_url(self) -> str:
        """The broker's database of the same Redis."""
        return f"{self.redis_url.removesuffix('/0')}/1"

    def mails(self) -> list[Path]:
        """Return the files of all messages that arrived, in their order."""
        return sorted((self.folder / "mail").glob("*.eml"))

    def mails_to(self, recipient: str) -> list[Path]:
        """Return the files of this recipient's messages, in their order."""
        return [path for path in self.mails() if path.name.endswith(f"-{recipient}.eml")]

    def alerts(self) -> list[dict[str, Any]]:
        """Return the bodies of all alerts that arrived, in their order."""
        return [json.loads(path.read_text())["body"] for path in sorted((self.folder / "webhooks").glob("*.json"))]

    def wait_for_alerts(self, count: int) -> list[dict[str, Any]]:
        """Return the alerts once there are this many."""
        return wait_until(lambda: alerts if len(alerts := self.alerts()) >= count else [], f"{count} alerts arrived")

    def requests(self) -> list[dict[str, Any]]:
        """Return all requests that the sandbox's organisation received."""
        requests: list[dict[str, Any]] = self._sandbox("requests")
        return requests

    def management_units(self) -> dict[str, str]:
        """Return the management unit of each group of the sandbox."""
        return {key: group["managementUnit"] for key, group in self._sandbox("state")["groups"].items()}

    def set_troubles(self, group: str, *troubles: Mapping[str, Any]) -> None:
        """Change what goes wrong for a group while the sandbox runs."""
        body = json.dumps({"group": group, "trouble": list(troubles)}).encode()
        request = Request(f"{self.addresses['api']}/_sandbox/trouble", body, {"Content-Type": "application/json"})
        urlopen(request, timeout=HANG_SECONDS).close()

    def _sandbox(self, subject: str) -> Any:
        with urlopen(f"{self.addresses['api']}/_sandbox/{subject}", timeout=HANG_SECONDS) as answer:
            return json.load(answer)


@contextmanager
def empty_installation(folder: Path, redis_url: str) -> Iterator[Installation]:
    """Give an installation without running programs; kill at the end what a test has started."""
    with Programs(folder / "logs", {}) as programs:
        try:
            yield Installation(folder, redis_url, programs)
        finally:
            programs.stop(0)


def sandbox_group(*queues: str, **values: object) -> dict[str, object]:
    """Return the sandbox's side of a group: its queues and agents, and what goes wrong for it."""
    return {"zone": ZONE, "queues": list(queues), "agents": 4, "workdays": ALL_WEEK, **values}


def group(title: str, *queues: str, **values: object) -> dict[str, object]:
    """Return a group of the group file, by default with its only recipient at ``TITLE@example.com``."""
    recipient = f"{title.lower().replace(' ', '-')}@example.com"
    return {"title": title, "zone": ZONE, "queues": list(queues), "deliver": {"email": [recipient]}, **values}


def zone_in_daytime(*candidates: str) -> str:
    """Return a zone where the day is neither about to end nor just begun, so that "yesterday" stays the same."""
    for zone in candidates or ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"):
        if 1 <= datetime.now(ZoneInfo(zone)).hour < 22:
            return zone
    raise AssertionError("no candidate zone is in the middle of its day")


def yesterday(zone: str) -> date:
    """Return the local day before today."""
    return datetime.now(ZoneInfo(zone)).date() - timedelta(days=1)


ZONE = zone_in_daytime()
DAY = yesterday(ZONE)
"""The zone of most tests' groups and the day that is briefed there."""
