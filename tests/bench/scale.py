"""P5: what a briefing costs a worker's processor and Redis, and what a run leaves in Redis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psutil

from tests.bench.figures import Figure
from tests.bench.scene import UNLIMITED, Scene
from tests.waiting import wait_until
from worker.domain.runs import RunState

_RECORDS = ("run", "timeline", "deliveries")
"""The keys that Redis keeps of each run."""


@dataclass(frozen=True)
class Cost:
    """What a morning has cost."""

    cpu_seconds: float
    redis_commands: int
    delivered: int
    runs: int
    bytes_per_run: float
    wall_seconds: float


def measure(scene: Scene) -> Iterator[Figure]:
    """One morning with all look-ups warm."""
    scene.organisation(UNLIMITED)
    _morning(scene, days_back=2)
    cost = _morning(scene, days_back=1)
    rate = cost.runs / cost.cpu_seconds
    yield Figure("P5", f"delivered, {cost.runs} groups", cost.delivered / cost.runs, "", 1.0, "at least")
    yield Figure(
        "P5", "briefings per CPU second of the workers", rate, "", compared_with=f"{cost.cpu_seconds:.1f} s in all"
    )
    yield Figure("P5", "Redis commands per briefing", cost.redis_commands / cost.runs, "")
    yield Figure("P5", "bytes that Redis keeps of a run", cost.bytes_per_run, "B")
    yield Figure("P5", "seconds from the first claim to the last end", cost.wall_seconds, "s")


def _morning(scene: Scene, days_back: int) -> Cost:
    scene.forget_runs()
    scene.establish()
    scene.groups(days_back, "queries")
    with scene.workers():
        cpu_before, commands_before = _cpu_seconds(scene), _commands(scene)
        scene.begin()
        wait_until(lambda: _have_ended(scene), "all runs have ended")  # with few commands: they are counted
        cpu_seconds, commands = _cpu_seconds(scene) - cpu_before, _commands(scene) - commands_before
    runs = scene.installation.runs.newest(len(scene.centre.keys))
    instants = [run.finished_at for run in runs if run.finished_at]
    return Cost(
        cpu_seconds,
        commands,
        sum(run.state == RunState.DELIVERED for run in runs),
        len(runs),
        sum(_bytes(scene, str(run.id)) for run in runs) / len(runs),
        (max(instants) - min(run.created_at for run in runs)).total_seconds(),
    )


def _have_ended(scene: Scene) -> bool:
    return scene.redis.zcard("standup:runs") == len(scene.centre.keys) and not scene.redis.zcard("standup:open")


def _cpu_seconds(scene: Scene) -> float:
    """Return the processor time of all workers, with their children."""
    pids = [
        program.process.pid
        for program in scene.installation.programs.running
        if program.process and program.name.startswith("worker-")
    ]
    families = [[psutil.Process(pid), *psutil.Process(pid).children(recursive=True)] for pid in pids]
    times = [process.cpu_times() for family in families for process in family]
    return sum(cpu.user + cpu.system for cpu in times)


def _commands(scene: Scene) -> int:
    return int(scene.redis.info("stats")["total_commands_processed"])


def _bytes(scene: Scene, run_id: str) -> int:
    """Return what Redis keeps of a run, with its entry in the list of runs."""
    usage = (scene.redis.memory_usage(f"standup:{kind}:{run_id}", samples=0) or 0 for kind in _RECORDS)
    return sum(usage) + len(run_id) + 60
