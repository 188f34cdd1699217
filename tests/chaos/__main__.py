"""Play the mornings of a seed: ``python -m tests.chaos --seed 1 --runs 300``."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import time
from pathlib import Path

from tests.chaos import report
from tests.chaos.morning import play
from tests.chaos.plan import MOST_GROUPS, plan
from tests.chaos.verdict import FATAL, judge


def main() -> int:
    """Return 1 if anything was lost, sent twice, recorded wrongly, or not reported."""
    arguments = _arguments()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    folder = arguments.out.parent / f"{arguments.out.stem}-{arguments.seed}"
    shutil.rmtree(folder, ignore_errors=True)
    readings = []
    for morning in plan(arguments.seed, arguments.runs, arguments.groups):
        began_at = time.monotonic()
        readings.append(play(folder / f"morning-{morning.number}", morning, keeps_folder=arguments.keep))
        verdict = judge(readings)
        report.write(arguments.seed, verdict, arguments.out)  # so that an interrupted command leaves what it has
        sys.stderr.write(f"morning {morning.number}: {time.monotonic() - began_at:.0f} s\n")
    sys.stdout.write(report.table(arguments.seed, verdict) + "\n")
    return 1 if any(verdict.count(name) for name in FATAL) else 0


def _stop(number: int, _frame: object) -> None:
    """End by an exception, so that the programs of the morning are stopped and its disk is unmounted."""
    sys.exit(128 + number)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("make chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=300, help="briefings of all mornings together")
    parser.add_argument("--groups", type=int, default=MOST_GROUPS, help="briefings of one morning")
    parser.add_argument("--keep", action="store_true", help="keep the folders with the logs of all mornings")
    parser.add_argument("--out", type=Path, default=Path("out/chaos.json"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
