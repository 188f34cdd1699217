"""P5: what a briefing costs a worker's processor and Redis, and what a run leaves in Redis."""

from __future__ import annotations

import time
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
    """What a morning has cost. ``megabytes``: what the workers' processes have in memory at its end, shared parts once.

    ``start_seconds``: the processor time of the workers before it.
    """

    cpu_seconds: float
    start_seconds: float
    redis_commands: int
    delivered: int
    runs: int
    bytes_per_run: float
    wall_seconds: float
    megabytes: float


def measure(scene: Scene) -> Iterator[Figure]:
    """Two mornings of the same workers, the second with everything imported, all after one that stores look-ups."""
    scene.organisation(UNLIMITED)
    prepare(scene)
    pace_before = _pace_seconds()
    with scene.workers():
        first, second = morning(scene, days_back=2), morning(scene, days_back=1)
    pace_after = _pace_seconds()
    with_start = first.cpu_seconds + first.start_seconds
    yield Figure("P5", f"delivered, {second.runs} groups", second.delivered / second.runs, "", 1.0, "at least")
    yield Figure(
        "P5",
        "briefings per CPU second of the workers",
        second.runs / second.cpu_seconds,
        "",
        compared_with=f"{second.cpu_seconds:.1f} s in all",
    )
    yield Figure(
        "P5",
        "the same with the start of the workers",
        first.runs / with_start,
        "",
        compared_with=f"{with_start:.1f} s in all, {first.start_seconds:.1f} s before the first message",
    )
    yield Figure(
        "P5",
        "CPU seconds of ten million additions, the machine's pace",
        (pace_before + pace_after) / 2,
        "s",
        compared_with=f"{pace_before:.2f} s before, {pace_after:.2f} s after the mornings",
    )
    yield Figure("P5", "Redis commands per briefing", second.redis_commands / second.runs, "")
    yield Figure("P5", "bytes that Redis keeps of a run", second.bytes_per_run, "B")
    yield Figure("P5", "seconds from the first claim to the last end", second.wall_seconds, "s")


def prepare(scene: Scene) -> None:
    """Play a morning that looks up all queues and members, and empty Redis."""
    scene.forget_runs()
    with scene.workers():
        morning(scene, days_back=3)
    scene.forget_runs()


def morning(scene: Scene, days_back: int) -> Cost:
    """Play a morning with the workers that run. ``days_back`` chooses a day that none before has asked for."""
    scene.establish()
    scene.groups(days_back, "queries")
    runs_before = scene.redis.zcard("standup:runs")
    start_seconds, commands_before = _cpu_seconds(scene), _commands(scene)
    scene.begin()
    # with few commands: they are counted
    wait_until(lambda: _have_ended(scene, runs_before), "all runs have ended")
    cpu_seconds, commands = _cpu_seconds(scene) - start_seconds, _commands(scene) - commands_before
    megabytes = sum(process.memory_full_info().pss for process in _processes(scene)) / 1e6
    runs = scene.installation.runs.newest(len(scene.centre.keys))
    instants = [run.finished_at for run in runs if run.finished_at]
    return Cost(
        cpu_seconds,
        start_seconds,
        commands,
        sum(run.state == RunState.DELIVERED for run in runs),
        len(runs),
        sum(_bytes(scene, str(run.id)) for run in runs) / len(runs),
        (max(instants) - min(run.created_at for run in runs)).total_seconds(),
        megabytes,
    )


def _pace_seconds() -> float:
    """Return the CPU seconds of a fixed computation, by which figures of two machines or hours can be compared."""
    begin, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number
    return time.process_time() - begin


def _have_ended(scene: Scene, runs_before: int) -> bool:
    is_claimed = scene.redis.zcard("standup:runs") == runs_before + len(scene.centre.keys)
    return is_claimed and not scene.redis.zcard("standup:open")


def _processes(scene: Scene) -> list[psutil.Process]:
    """Return the processes of all workers, with their children."""
    workers = [
        psutil.Process(program.process.pid)
        for program in scene.installation.programs.running
        if program.process and program.name.startswith("worker-")
    ]
    return [process for worker in workers for process in (worker, *worker.children(recursive=True))]


def _cpu_seconds(scene: Scene) -> float:
    times = [process.cpu_times() for process in _processes(scene)]
    return sum(cpu.user + cpu.system for cpu in times)


def _commands(scene: Scene) -> int:
    return int(scene.redis.info("stats")["total_commands_processed"])


def _bytes(scene: Scene, run_id: str) -> int:
    """Return what Redis keeps of a run, with its entry in the list of runs."""
    usage = (scene.redis.memory_usage(f"standup:{kind}:{run_id}", samples=0) or 0 for kind in _RECORDS)
    return sum(usage) + len(run_id) + 60
