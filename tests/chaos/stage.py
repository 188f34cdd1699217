"""The programs of one morning, each server behind its own proxy, and a supervisor that restarts those that died."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psutil
from redis import Redis
from redis.exceptions import RedisError

from tests.acceptance.installation import Installation
from tests.chaos.commands import command_of
from tests.chaos.groups import group_file
from tests.chaos.moments import ServerName
from tests.chaos.plan import Morning
from tests.chaos.proxy import Proxy
from tests.waiting import wait_until
from worker.cli.demo.processes import Program

LOOK_SECONDS = 0.2
"""How long to look at a process to see whether it works. The system counts its time in hundredths of a second."""


@dataclass
class Stage:
    """The programs. ``stopped`` counts the faults that keep a program dead for now."""

    installation: Installation
    morning: Morning
    proxies: dict[ServerName, Proxy]
    ports: dict[ServerName, int]
    has_small_disk: bool = False
    stopped: Counter[str] = field(default_factory=Counter)
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
            program = present[0] if present else Program(name, command_of(name, self.folder, self.ports))
            self.installation.programs.start(program)

    def write_first_groups(self) -> None:
        """Write the group file without the groups that fall due later."""
        count = self.morning.groups - self.morning.late_groups
        self.installation.write_groups(group_file(self.morning.group_keys[:count]))

    def write_all_groups(self) -> None:
        """Write the group file with all groups."""
        self.installation.write_groups(group_file(self.morning.group_keys))

    def keep_down(self, name: ServerName) -> None:
        """Let the supervisor leave this server dead until `revive`, and its proxy refuse connections."""
        with self.starting:
            self.stopped[name] += 1
            self.proxies[name].refuse()

    def revive(self, name: ServerName) -> None:
        """Start a server that was kept down, unless another fault keeps it down still."""
        with self.starting:
            self.stopped[name] -= 1
            if self.stopped[name]:
                return
            if not self.processes(name):
                self.start(name)
            self.wait_for_server(name)
            self.proxies[name].accept_again()

    def wait_for_server(self, name: ServerName) -> None:
        """Wait until something listens at the server's port."""
        wait_until(lambda: _is_open(self.ports[name]), f"{name} listens")

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
        return _processes_of(self.program(name))

    def render_processes(self) -> list[psutil.Process]:
        """Return the processes in which the worker with threads is making documents."""
        return working([process for process in self.processes("threads")[1:] if _makes_documents(process)])

    def owner_of(self, client_port: int) -> tuple[str, psutil.Process] | None:
        """Return the program and the process that have the connection from this port."""
        for program in list(self.installation.programs.running):
            for process in _processes_of(program):  # not by its name, because another fault may remove it meanwhile
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
                    if program.process and is_dead and not self.stopped[program.name]:
                        self.former_groups.append(program.process.pid)
                        self.start(program.name)


def _processes_of(program: Program) -> list[psutil.Process]:
    process = program.process
    if process is None or process.poll() is not None:
        return []
    try:
        main = psutil.Process(process.pid)
        return [main, *main.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _makes_documents(process: psutil.Process) -> bool:
    try:
        return "worker.render_processes" in process.cmdline()
    except psutil.Error:
        return False


def working(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those of the processes that have just had processor time."""
    seconds = {process: _processor_seconds(process) for process in processes}
    time.sleep(LOOK_SECONDS)
    return [process for process in processes if _processor_seconds(process) > seconds[process]]


def _processor_seconds(process: psutil.Process) -> float:
    """Return how much processor time the process has had; the same for ever once it is dead."""
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
