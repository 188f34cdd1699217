"""Run all benches, print the table and leave the figures: ``python -m tests.bench --out out/bench.json``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.bench import bucket, mornings, render, scale
from tests.bench.centre import Centre, awake_zones
from tests.bench.figures import Figure, keep, show
from tests.bench.scene import scene

GROUPS_OF_A_ZONE = 40
SCALE_GROUPS_OF_A_ZONE = 60
ZONES = 5


def main() -> int:
    """Return 1 when a bound is missed or a comparison could not be made."""
    arguments = _arguments()
    figures: list[Figure] = []
    for name, bench in BENCHES.items():
        if arguments.only in (None, name):
            started_at = time.monotonic()
            figures += bench()
            sys.stderr.write(f"{name}: {time.monotonic() - started_at:.0f} s\n")
    return report(figures, arguments.out)


def report(figures: Sequence[Figure], path: Path) -> int:
    """Show and keep the figures; return the program's exit status."""
    sys.stdout.write(show(figures) + "\n")
    keep(figures, path)
    return 1 if any(figure.holds is False for figure in figures) else 0


def _mornings() -> Iterator[Figure]:
    with (
        tempfile.TemporaryDirectory() as folder,
        scene(Path(folder), Centre(awake_zones(ZONES), GROUPS_OF_A_ZONE)) as prepared,
    ):
        yield from mornings.measure(prepared)


def _scale() -> Iterator[Figure]:
    with (
        tempfile.TemporaryDirectory() as folder,
        scene(Path(folder), Centre(awake_zones(ZONES), SCALE_GROUPS_OF_A_ZONE)) as prepared,
    ):
        yield from scale.measure(prepared)


BENCHES: dict[str, Callable[[], Iterator[Figure]]] = {
    "render": render.measure,  # first, because it is the one that may miss something on this machine
    "mornings": _mornings,
    "scale": _scale,
    "bucket": bucket.measure,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("make bench", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/bench.json"))
    parser.add_argument("--only", choices=BENCHES)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
