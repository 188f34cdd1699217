"""Calls → the metrics of conversation aggregates.

The platform stamps a metric when it emits it: offered when the call is offered, answered and over-SLA when it is
answered, abandons when it is abandoned, handle, talk, hold and wrap-up when wrap-up ends. A call that crosses midnight
therefore counts on both days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sandbox.records.model import Call

SHORT_ABANDON_MS = 10_000
"""An abandon after at most this time is a short abandon."""

COUNTS = frozenset({"nOffered", "nOverSla", "nTransferred", "nConnected"})
SERVICE = frozenset({"oServiceLevel", "oServiceTarget"})
SERVICE_LEVEL_PARTS = frozenset({"tAnswered", "nOverSla", "tAbandon", "tWait"})
"""The metrics from which a service level is computed."""


class Event(NamedTuple):
    """A metric as emitted. ``duration`` is in ms, 0 for counts. An event is either the agent's or only the queue's."""

    metric: str
    instant: int
    duration: int
    is_agents: bool


def events(call: Call, threshold_ms: int) -> Iterator[Event]:
    """Yield all events of one call."""
    yield Event("nOffered", call.offered, 0, False)
    if call.answered is not None:
        wait = call.answered - call.offered
        yield Event("tAnswered", call.answered, wait, True)
        yield Event("nConnected", call.answered, 0, True)
        if wait > threshold_ms:
            yield Event("nOverSla", call.answered, 0, False)
        yield from _wait_events(call.answered, wait)
        yield from _handle_events(call, call.answered)
    elif call.abandoned is not None:
        wait = call.abandoned - call.offered
        yield Event("tAbandon", call.abandoned, wait, False)
        if wait <= SHORT_ABANDON_MS:
            yield Event("tShortAbandon", call.abandoned, wait, False)
        yield from _wait_events(call.abandoned, wait)
    elif call.flowed_out is not None:
        yield Event("tFlowOut", call.flowed_out, call.flowed_out - call.offered, False)
        yield from _wait_events(call.flowed_out, call.flowed_out - call.offered)


def _wait_events(instant: int, wait: int) -> Iterator[Event]:
    yield Event("tWait", instant, wait, False)
    yield Event("tAcd", instant, wait, False)


def _handle_events(call: Call, answered: int) -> Iterator[Event]:
    if call.ended is None:
        return
    handle, hold, wrap_up = call.ended - answered, call.hold, call.wrap_up
    yield Event("tHandle", call.ended, handle, True)
    yield Event("tTalkComplete", call.ended, handle - (hold or 0) - (wrap_up or 0), True)
    if hold is not None:
        yield Event("tHeldComplete", call.ended, hold, True)
    if wrap_up is not None:
        yield Event("tAcw", call.ended, wrap_up, True)
    if call.transferred:
        yield Event("nTransferred", call.ended, 0, True)


@dataclass(slots=True)
class Tally:
    """Count, sum, minimum and maximum of one metric."""

    count: int = 0
    sum: int = 0
    min: int = 0
    max: int = 0

    def add(self, duration: int) -> None:
        """Add one event."""
        self.min = duration if self.count == 0 else min(self.min, duration)
        self.max = duration if self.count == 0 else max(self.max, duration)
        self.count += 1
        self.sum += duration

    def plus(self, tally: Tally) -> Tally:
        """Return the sum of this tally and another one, both of at least one event."""
        least, most = min(self.min, tally.min), max(self.max, tally.max)
        return Tally(self.count + tally.count, self.sum + tally.sum, least, most)


Tallies = dict[str, Tally]
"""By metric."""


def add_up(parts: Iterable[Tallies]) -> Tallies:
    """Return the sum of several tallies."""
    total: Tallies = {}
    for tallies in parts:
        for metric, tally in tallies.items():
            total[metric] = total[metric].plus(tally) if metric in total else tally
    return total


def service_level(tallies: Tallies) -> tuple[int, int]:
    """Return numerator and denominator: answered in time, and answered or abandoned."""
    answered, late, abandoned = (count(tallies, metric) for metric in ("tAnswered", "nOverSla", "tAbandon"))
    return answered - late, answered + abandoned


def count(tallies: Tallies, metric: str) -> int:
    """Return how often a metric was emitted."""
    return tallies[metric].count if metric in tallies else 0


def metrics_json(tallies: Tallies, metrics: Sequence[str], targets: Collection[float]) -> list[dict[str, Any]]:
    """Return metrics in the API's shape. A metric that was not emitted is absent, and so are targets that differ."""
    target = {"target": next(iter(targets))} if len(targets) == 1 else {}
    stats = {
        metric: _service_stats(metric, tallies, target) if metric in SERVICE else _plain_stats(metric, tallies)
        for metric in sorted(set(metrics))
    }
    return [{"metric": metric, "stats": values} for metric, values in stats.items() if values]


def _plain_stats(metric: str, tallies: Tallies) -> dict[str, Any]:
    if metric not in tallies:
        return {}
    tally = tallies[metric]
    if metric in COUNTS:
        return {"count": tally.count}
    return {"max": tally.max, "min": tally.min, "count": tally.count, "sum": tally.sum}


def _service_stats(metric: str, tallies: Tallies, target: dict[str, float]) -> dict[str, Any]:
    numerator, denominator = service_level(tallies)
    if metric == "oServiceTarget":
        return target if tallies else {}
    if not denominator or "tWait" not in tallies:  # an agent's own events do not tell the queue's service level
        return {}
    return {"ratio": numerator / denominator, "numerator": numerator, "denominator": denominator, **target}
