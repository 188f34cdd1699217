"""Simulate quiet days, falls and planted causes, and print the tables of docs/usual-range.md."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from pathlib import Path

from tests.queue_days import Centre
from tests.quiet_days import planted, power
from tests.quiet_days.planted import PlantedDays, planted_days
from tests.quiet_days.quiet import QuietDays, quiet_days

CONTACTS = (30, 120, 500, 5_000)
CHUNK_DAYS = 100
"""Days one after the other. Each chunk has its own 26 days of history and its own seed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for. Return 1 if more than one quiet day in a hundred claims a change."""
    options = _options(arguments)
    with ProcessPoolExecutor(options.processes) as processes:
        quiet = {contacts: _quiet(processes, contacts, options) for contacts in options.contacts}
        print(*_quiet_table(quiet), sep="\n")
        falls = _power(processes, options)
        print(*_power_table(falls), sep="\n")
        causes = _planted(processes, options)
        print(*_planted_table(causes), sep="\n")
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(_as_json(options.seed, quiet, falls, causes), indent=2))
    return int(any(counts.with_claim > 0.01 * counts.days for counts in quiet.values()))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.quiet_days", description=__doc__)
    parser.add_argument("--days", type=int, default=2_000, help="quiet days of each size")
    parser.add_argument("--falls", type=int, default=500, help="falls of each size")
    parser.add_argument("--planted-days", type=int, default=100, help="days of each planted cause")
    parser.add_argument("--contacts", type=int, nargs="+", default=CONTACTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path)
    return parser.parse_args(arguments)


def _quiet(processes: ProcessPoolExecutor, contacts: int, options: argparse.Namespace) -> QuietDays:
    sizes = [min(CHUNK_DAYS, options.days - begin) for begin in range(0, options.days, CHUNK_DAYS)]
    seeds = [options.seed * 10_000 + number for number in range(len(sizes))]
    counts = QuietDays()
    for chunk in processes.map(quiet_days, [Centre(contacts)] * len(sizes), sizes, seeds):
        counts.add(chunk)
    return counts


def _power(processes: ProcessPoolExecutor, options: argparse.Namespace) -> dict[tuple[int, int], float]:
    cells = [(contacts, points) for points in power.POINTS for contacts in power.CONTACTS]
    contacts, points = zip(*cells, strict=True)
    days, seeds = [options.falls] * len(cells), [options.seed] * len(cells)
    return dict(zip(cells, processes.map(power.power, contacts, points, days, seeds), strict=True))


def _planted(processes: ProcessPoolExecutor, options: argparse.Namespace) -> dict[tuple[int, str], PlantedDays]:
    cells = [(contacts, name) for name in planted.CAUSES for contacts in planted.CONTACTS]
    contacts, names = zip(*cells, strict=True)
    days, seeds = [options.planted_days] * len(cells), [options.seed] * len(cells)
    return dict(zip(cells, processes.map(planted_days, contacts, names, days, seeds), strict=True))


def _quiet_table(quiet: dict[int, QuietDays]) -> Iterator[str]:
    yield "| contacts a day | days | claim a change | too few to tell | days differ too much to tell | in usual range |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for contacts, counts in quiet.items():
        figures, inside = (sum(pair[place] for pair in counts.inside.values()) for place in (0, 1))
        share = counts.with_claim / counts.days
        error = 1.96 * math.sqrt(share * (1 - share) / counts.days)
        yield (
            f"| {contacts:,} | {counts.days:,} | {counts.with_claim} ({share:.2%} ± {error:.2%}) "
            f"| {counts.too_few / counts.days:.0%} | {counts.too_different / counts.days:.0%} "
            f"| {inside / max(figures, 1):.1%} |"
        )
    yield from (
        f"{contacts:,}: {number} × {text}" for contacts, day in quiet.items() for text, number in day.claims.items()
    )
    yield ""


def _power_table(falls: dict[tuple[int, int], float]) -> Iterator[str]:
    yield "| days differ by | " + " | ".join(f"{contacts:,}" for contacts in power.CONTACTS) + " |"
    yield "| --- |" + " --- |" * len(power.CONTACTS)
    for points in power.POINTS:
        cells = (f"{falls[contacts, points]:.0%}" for contacts in power.CONTACTS)
        yield f"| {points} points | " + " | ".join(cells) + " |"
    yield ""


def _planted_table(causes: dict[tuple[int, str], PlantedDays]) -> Iterator[str]:
    yield "| planted | contacts a day | its share | explained | named | another named |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for (contacts, name), counts in causes.items():
        share = "–" if counts.share is None else f"{counts.share:.0%}"
        cells = (
            f"{number / counts.days:.0%}" for number in (counts.explained, counts.naming_it, counts.naming_another)
        )
        explained_share, named_share, wrong_share = cells
        yield f"| {name} | {contacts:,} | {share} | {explained_share} | {named_share} | {wrong_share} |"
    largest = max(counts.largest_remainder for counts in causes.values())
    yield f"parts sum to the change within {largest:.1e}"


def _as_json(
    seed: int,
    quiet: dict[int, QuietDays],
    falls: dict[tuple[int, int], float],
    causes: dict[tuple[int, str], PlantedDays],
) -> dict[str, object]:
    return {
        "seed": seed,
        "quiet_days": {str(contacts): _fields(counts) for contacts, counts in quiet.items()},
        "falls_seen": {f"{contacts} contacts, {points} points": share for (contacts, points), share in falls.items()},
        "planted": {f"{name}, {contacts} contacts": _fields(counts) for (contacts, name), counts in causes.items()},
    }


def _fields(counts: QuietDays | PlantedDays) -> dict[str, object]:
    return {field.name: getattr(counts, field.name) for field in fields(counts)}


if __name__ == "__main__":
    raise SystemExit(main())
