"""Mornings of real workers and beat, one after another: the memory of workers, and whether beat is heard.

``python -m tests.bench.month.mornings --groups 50 --mornings 10``. Beat begins the first morning. Later ones are reruns
of all groups, which do all of the work again in the same processes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import psutil

from tests.bench.centre import Centre, awake_zones
from tests.bench.scene import UNLIMITED, Scene, scene
from tests.waiting import wait_until
from worker.domain.runs import RunState

ZONES = 5
_MEGABYTE = 1024 * 1024


@dataclass
class HeartbeatWatch:
    """Looks every second how old beat's last question is that reached a worker."""

    scene: Scene
    oldest_seconds: float = 0.0
    _ended: Event = field(default_factory=Event)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look as long as the block runs."""
        thread = Thread(target=self._look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join()

    def _look(self) -> None:
        while not self._ended.wait(1):
            age = self.scene.installation.heartbeat.age_seconds()
            self.oldest_seconds = max(self.oldest_seconds, age or 0.0)


def main() -> None:
    """Play the mornings, and print a line for each."""
    arguments = _arguments()
    centre = Centre(awake_zones(ZONES), arguments.groups // ZONES)
    with tempfile.TemporaryDirectory() as folder, scene(Path(folder), centre) as prepared:
        prepared.organisation(UNLIMITED)
        prepared.establish()
        prepared.groups(1, "queries")
        with prepared.workers():
            sys.stdout.write(f"workers started: {_memory(prepared)}\n")
            prepared.installation.start_beat()
            for number in range(1, arguments.mornings + 1):
                sys.stdout.write(f"morning {number}: {_morning(prepared, number)}\n")
                sys.stdout.flush()


def _morning(prepared: Scene, number: int) -> str:
    started_at, cpu, watch = time.monotonic(), _cpu_seconds(prepared), HeartbeatWatch(prepared)
    count = len(prepared.centre.keys) * number
    with watch.watching():
        if number > 1:
            _rerun_all(prepared)
        wait_until(lambda: _have_ended(prepared, count), "all runs have ended", seconds=3600)
    delivered = sum(run.state == RunState.DELIVERED for run in prepared.installation.runs.newest(count))
    cpu_seconds = _cpu_seconds(prepared) - cpu
    return (
        f"{delivered} of {count} delivered, {time.monotonic() - started_at:.0f} s, {cpu_seconds:.1f} s of processor "
        f"time, beat's last question at most {watch.oldest_seconds:.0f} s old, {_memory(prepared)}"
    )


def _rerun_all(prepared: Scene) -> None:
    for run in prepared.installation.runs.newest(len(prepared.centre.keys)):
        prepared.send("briefing.rerun", str(run.id), True)


def _have_ended(prepared: Scene, count: int) -> bool:
    return prepared.redis.zcard("standup:runs") == count and not prepared.redis.zcard("standup:open")


def _memory(prepared: Scene) -> str:
    """Return the resident memory of each worker's main process, and of its children together."""
    parts = []
    for main_process, *children in _families(prepared):
        megabytes = [process.memory_info().rss // _MEGABYTE for process in (main_process, *children)]
        parts.append(f"{megabytes[0]} + {sum(megabytes[1:])} MB")
    return ", ".join(parts)


def _cpu_seconds(prepared: Scene) -> float:
    times = [process.cpu_times() for family in _families(prepared) for process in family]
    return sum(cpu.user + cpu.system for cpu in times)


def _families(prepared: Scene) -> Iterator[list[psutil.Process]]:
    for program in prepared.installation.programs.running:
        if program.process and program.name.startswith("worker-"):
            main_process = psutil.Process(program.process.pid)
            yield [main_process, *main_process.children(recursive=True)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.bench.month.mornings", description=__doc__)
    parser.add_argument("--groups", type=int, default=50)
    parser.add_argument("--mornings", type=int, default=10)
    return parser.parse_args()


if __name__ == "__main__":
    main()
