"""What workers and operators ask of the ledger, measured in a process of its own: ``python -m … operations NAME``.

It prints JSON: processor time of the process and of Redis, duration, commands, and the peak memory before and after.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from worker.domain.runs import RunState
from worker.wiring import process, services, stores


@dataclass(frozen=True)
class Cost:
    """What an operation has cost."""

    name: str
    cpu_seconds: float
    redis_cpu_seconds: float
    seconds: float
    commands: int
    peak_mb_before: float
    peak_mb: float


def main() -> None:
    """Do the operations of a name one after another, and print what each has cost."""
    operations = OPERATIONS[sys.argv[1]]()
    print(json.dumps([asdict(_cost(name, operation)) for name, operation in operations.items()]))


def _cost(name: str, operation: Callable[[], object]) -> Cost:
    earlier_use, cpu, started_at, peak = _redis(), time.process_time(), time.monotonic(), _peak_mb()
    operation()
    cpu_seconds, seconds, later_use = time.process_time() - cpu, time.monotonic() - started_at, _redis()
    redis_cpu_seconds, commands = (later_use[name] - earlier_use[name] for name in ("cpu", "commands"))
    return Cost(name, cpu_seconds, redis_cpu_seconds, seconds, commands, peak, _peak_mb())


def _redis() -> dict[str, Any]:
    information = process.redis().info()
    cpu = information["used_cpu_user"] + information["used_cpu_sys"]
    return {"cpu": cpu, "commands": information["total_commands_processed"]}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _lists() -> Mapping[str, Callable[[], object]]:
    runs = stores.runs()
    group = runs.newest(1)[0].id.group
    return {
        "standup runs": lambda: runs.newest(50),
        "standup runs --state failed": lambda: runs.newest(50, state=RunState.FAILED),
        "standup runs --group KEY": lambda: runs.newest(50, group=group),
        "standup runs --limit 20000": lambda: runs.newest(20_000),
        "open runs for Prometheus": runs.open_count,
    }


def _expiry() -> Mapping[str, Callable[[], object]]:
    return {"briefing.expire": services.expiry().expire}


def _ticks() -> Mapping[str, Callable[[], object]]:
    """All groups are due since midnight. The second tick finds out that their runs exist."""
    from tasks.start import start_due
    from tasks.upkeep import recover
    from tasks.watch import watch

    return {
        "groups read": lambda: stores.groups().file(),
        "first tick": start_due,
        "second tick": start_due,
        "idle tick": start_due,
        "sweep": recover,
        "watchdog": watch,
    }


OPERATIONS = {"lists": _lists, "expiry": _expiry, "ticks": _ticks}

if __name__ == "__main__":
    main()
