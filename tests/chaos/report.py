"""The table and the JSON of a verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import Any

from tests.chaos.reading import Silence
from tests.chaos.verdict import FATAL, Verdict

SLOWEST = 20
"""How many of the slowest resumptions the JSON explains."""


def summary(seed: int, verdict: Verdict) -> dict[str, Any]:
    """Return what is written to the JSON file."""
    return {
        "seed": seed,
        "runs": verdict.runs,
        "mornings": verdict.mornings,
        "deliveries": verdict.deliveries,
        "states": dict(verdict.states),
        "faults": dict(sorted(verdict.faults.items())),
        "faults_without_their_moment": dict(sorted(verdict.faults_not_reached.items())),
        **{name: verdict.count(name) for name in FATAL},
        "unknown": verdict.unknown,
        "unknown_alerted": verdict.unknown_alerted,
        "given_up": verdict.given_up,
        "resume_seconds": verdict.resume | {"count": len(verdict.waits)},
        "resume_seconds_with_redis": verdict.resume_with_redis,
        "slowest_resumptions": [asdict(wait) for wait in verdict.slowest(SLOWEST)],
        "outages": [asdict(outage) for outage in verdict.outages],
        "longest_silences": [asdict(silence) for silence in verdict.longest_silences(SLOWEST)],
        "load": {"mean": round(fmean(verdict.load), 1), "max": max(verdict.load)},
        "problems": [asdict(problem) for problem in verdict.problems],
    }


def write(seed: int, verdict: Verdict, path: Path) -> None:
    """Write the summary as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(summary(seed, verdict), indent=2) + "\n", encoding="utf-8")


def table(seed: int, verdict: Verdict) -> str:
    """Return the counts as lines of text."""
    silence = next(iter(verdict.longest_silences(1)), Silence())
    lines = {
        "seed": seed,
        "runs": f"{verdict.runs} in {verdict.mornings} mornings, {verdict.deliveries} deliveries",
        "faults": f"{verdict.faults.total()}; {verdict.faults_not_reached.total()} more whose moment did not come",
        **{name.replace("_", " "): verdict.count(name) for name in FATAL},
        "unknown": f"{verdict.unknown}, {verdict.unknown_alerted} of them with an alert",
        "given up": f"{verdict.given_up} runs, after three attempts",
        "resumed after": _percentiles(verdict.resume),
        "with Redis": _percentiles(verdict.resume_with_redis),
        "told after": _outages(verdict),
        "load": f"{fmean(verdict.load):.0f} on average, {max(verdict.load):.0f} at most",
        "": f"{len(verdict.waits)} interrupted steps; longest silence of a run {silence.seconds} s",
    }
    return "\n".join(f"{name:<14}{value}" for name, value in lines.items())


def _outages(verdict: Verdict) -> str:
    return ", ".join(f"{outage.reported_after} s ({outage.fault})" for outage in verdict.outages) or "no long outage"


def _percentiles(seconds: Mapping[str, float]) -> str:
    return " · ".join(f"{name} {value} s" for name, value in seconds.items()) or "nothing interrupted"
