"""The demo's programs, each a process of its own with a log file, started, watched and stopped as a set."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO


@dataclass
class Program:
    """One program. ``keeps_alive``: started again when it dies, as a supervisor does in production."""

    name: str
    command: Sequence[str]
    keeps_alive: bool = False
    process: subprocess.Popen[str] | None = None
    restarts: int = 0


@dataclass
class Programs:
    """The running set; leaving the ``with`` block stops every one of them and all that they started."""

    logs: Path
    environment: Mapping[str, str]
    running: list[Program] = field(default_factory=list)

    def __enter__(self) -> Programs:
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, program: Program, *, answers: bool = False) -> str:
        """Start it in a process group of its own; with ``answers`` come back with its first line of output."""
        log = (self.logs / f"{program.name}.log").open("a", encoding="utf-8")
        program.process = subprocess.Popen(  # noqa: S603 - our own programs
            list(program.command),
            stdout=subprocess.PIPE if answers else log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **self.environment},
            text=True,
            start_new_session=True,
        )
        if program not in self.running:
            self.running.append(program)
        return _first_line(program, program.process.stdout) if answers else ""

    def restart_dead(self) -> list[str]:
        """Restart dead programs that must keep running, and return their names."""
        dead = [
            program
            for program in self.running
            if program.keeps_alive and program.process and program.process.poll() is not None
        ]
        for program in dead:
            program.restarts += 1
            self.start(program)
        return [program.name for program in dead]

    def stop(self, grace_seconds: float = 15.0) -> None:
        """Ask all programs to end, the youngest first, and kill those that do not end in time."""
        for program in reversed(self.running):
            _signal(program, signal.SIGTERM)
        deadline = time.monotonic() + grace_seconds
        for program in reversed(self.running):
            _wait(program, deadline)
        self.running.clear()


def python(*arguments: str) -> list[str]:
    """A command of this same Python."""
    return [sys.executable, *arguments]


def _first_line(program: Program, output: IO[str] | None) -> str:
    line = output.readline() if output else ""
    if not line:
        raise RuntimeError(f"{program.name} ended before it was ready; see its log.")
    return line


def _signal(program: Program, number: signal.Signals) -> None:
    if program.process is None:
        return
    try:
        os.killpg(program.process.pid, number)
    except ProcessLookupError:
        return


def _wait(program: Program, deadline: float) -> None:
    if program.process is None:
        return
    with contextlib.suppress(subprocess.TimeoutExpired):
        program.process.wait(max(0.1, deadline - time.monotonic()))
    _signal(program, signal.SIGKILL)  # whatever is left of its group
    program.process.wait()
