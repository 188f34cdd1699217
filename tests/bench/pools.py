"""P5: the same morning with threads, with processes and with a mix of both, at the same concurrency."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figures import Figure
from tests.bench.scale import morning, prepare
from tests.bench.scene import UNLIMITED, Scene

POOLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "threads": (("-P", "threads", "-c", "8"),) * 2,
    "prefork": (("-P", "prefork", "-c", "8"),) * 2,
    "threads, prefork for rendering": (
        ("-P", "threads", "-c", "14", "-Q", "briefing.waiting"),
        ("-P", "prefork", "-c", "2", "-Q", "briefing.rendering"),
    ),
}
"""The options of each worker. Sixteen steps at once in all."""


def measure(scene: Scene) -> Iterator[Figure]:
    """One morning with each, by workers that have played one before, so that no start counts."""
    scene.organisation(UNLIMITED)
    prepare(scene)
    wall_seconds_of_threads = 0.0
    for name, options in POOLS.items():
        scene.forget_runs()
        scene.forget_briefings()
        scene.forget_answers()
        with scene.workers(*options):
            morning(scene, days_back=2)
            cost = morning(scene, days_back=1)
        wall_seconds_of_threads = wall_seconds_of_threads or cost.wall_seconds
        delivered = f"{cost.delivered} of {cost.runs} delivered"
        yield Figure("P5", f"{name}: ms of processor time per briefing", cost.cpu_seconds / cost.runs * 1000, "ms")
        yield Figure("P5", f"{name}: memory of all processes", cost.megabytes, "MB", compared_with=delivered)
        ratio = cost.wall_seconds / wall_seconds_of_threads
        yield Figure(
            "P5", f"{name}: duration over that of threads", ratio, "", compared_with=f"{cost.wall_seconds:.0f} s"
        )
