"""Brief every working day of a file of calls, and print what the briefings call unusual, with its evidence.

    python -m tests.quiet_days.calls CALLS.csv[.gz] ZONE

CALLS has the columns that the sandbox replays (docs/sandbox.md). Every day is briefed from the days before it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import renderers
from tests.checker import month
from tests.checker.deliver import compose
from tests.quiet_days.claims import claims_of, has_word_of_change
from worker.domain.briefing.content import Briefing
from worker.domain.briefing.usual_content import UsualFigure


def main(arguments: list[str] | None = None) -> None:
    """Print each day with a claim, the lines of its message that say so, and the share of such days."""
    parser = argparse.ArgumentParser(prog="python -m tests.quiet_days.calls", description=__doc__)
    parser.add_argument("calls", type=Path)
    parser.add_argument("zone")
    options = parser.parse_args(arguments)
    days = days_with_range = unusual_days = 0
    for case in month.cases(options.calls, options.zone, "en"):
        briefing = compose(case)
        days += 1
        days_with_range += any(isinstance(tile.usual, UsualFigure) for tile in briefing.tiles)
        if not claims_of(briefing):
            continue
        unusual_days += 1
        print(f"{case.day:%a %d %b}, after {len(case.history)} days")
        print(*(f"    {line}" for line in _evidence(briefing)), sep="\n")
    print(f"{days} days, {days_with_range} of them with a usual range, {unusual_days} called unusual")


def _evidence(briefing: Briefing) -> Iterator[str]:
    for line in renderers.render_message(briefing).text.splitlines():
        if has_word_of_change(line):
            yield line.strip()


if __name__ == "__main__":
    main()
