"""P5: where the processor time of a briefing goes, by `tests.bench.measured_worker`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from celery import Celery

from tests.bench import measured_worker
from tests.bench.figures import Figure
from tests.bench.scale import morning, prepare
from tests.bench.scene import UNLIMITED, Scene


def measure(scene: Scene) -> Iterator[Figure]:
    """One morning by workers that have played one before. Each part is without the other parts that it calls."""
    scene.organisation(UNLIMITED)
    prepare(scene)
    figures = scene.installation.folder / "parts"
    scene.installation.environment[measured_worker.FILE] = str(figures)
    with scene.workers(app="tests.bench.measured_worker"):
        morning(scene, days_back=2)
        with Celery(broker=scene.installation.broker_url, set_as_current=False) as app:
            app.control.broadcast(measured_worker.FORGET, reply=True)
        cost = morning(scene, days_back=1)
    milliseconds, calls = Counter[str](), Counter[str]()
    for file in figures.parent.glob(f"{figures.name}.*"):
        for part, figure in json.loads(file.read_text(encoding="utf-8")).items():
            milliseconds[part] += figure["seconds"] * 1000 / cost.runs
            calls[part] += figure["calls"]
    for part, value in milliseconds.most_common():
        comparison = f"{calls[part] / cost.runs:.1f} calls" if calls[part] else ""
        yield Figure("P5", f"ms of processor time per briefing: {part}", value, "ms", compared_with=comparison)
