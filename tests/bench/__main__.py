"""Run all benches, print the table and leave the figures: ``python -m tests.bench --out out/bench.json``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.bench import bucket, mornings, parts, pools, render, scale
from tests.bench.centre import Centre, awake_zones
from tests.bench.figures import Figure, keep, show
from tests.bench.scene import Scene, scene

GROUPS_OF_A_ZONE = 40
GROUPS = 300
ZONES = 5


def main() -> int:
    """Return 1 when a bound is missed or a comparison could not be made."""
    arguments = _arguments()
    figures: list[Figure] = []
    for name, bench in BENCHES.items():
        if arguments.only == name or not (arguments.only or name in _ONLY_BY_NAME):
            started_at = time.monotonic()
            figures += bench(arguments.groups)
            sys.stderr.write(f"{name}: {time.monotonic() - started_at:.0f} s\n")
    return report(figures, arguments.out)


def report(figures: Sequence[Figure], path: Path) -> int:
    """Show and keep the figures; return the program's exit status."""
    sys.stdout.write(show(figures) + "\n")
    keep(figures, path)
    return 1 if any(figure.holds is False for figure in figures) else 0


def _mornings(_: int) -> Iterator[Figure]:
    return _in_scene(GROUPS_OF_A_ZONE, mornings.measure)


def _of_groups(measure: Callable[[Scene], Iterator[Figure]]) -> Callable[[int], Iterator[Figure]]:
    return lambda groups: _in_scene(groups // ZONES, measure)


def _in_scene(groups_of_a_zone: int, measure: Callable[[Scene], Iterator[Figure]]) -> Iterator[Figure]:
    with (
        tempfile.TemporaryDirectory() as folder,
        scene(Path(folder), Centre(awake_zones(ZONES), groups_of_a_zone)) as prepared,
    ):
        yield from measure(prepared)


BENCHES: dict[str, Callable[[int], Iterator[Figure]]] = {
    "render": lambda _: render.measure(),  # first, because it is the one that may miss something on this machine
    "mornings": _mornings,
    "scale": _of_groups(scale.measure),
    "parts": _of_groups(parts.measure),
    "pools": _of_groups(pools.measure),
    "bucket": lambda _: bucket.measure(),
}

_ONLY_BY_NAME = ("parts", "pools")
"""What explains the figures and promises none takes long, so it is not part of all benches."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("make bench", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/bench.json"))
    parser.add_argument("--only", choices=BENCHES)
    parser.add_argument("--groups", type=int, default=GROUPS, help="groups of the scenes scale, parts and pools")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
