"""Calls → the metrics of a conversation aggregate query.

Each metric is stamped when the platform emits it: offered when offered, answered and over-SLA when answered, abandons
when abandoned, handle, talk, hold and wrap-up when wrap-up ends. So a call over midnight counts on both days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sandbox.organisation import Queue
from sandbox.records import Call

SHORT_ABANDON_MS = 10_000
"""Who gives up sooner is a short abandon."""

COUNTS = frozenset({"nOffered", "nOverSla", "nTransferred", "nConnected"})
SERVICE = frozenset({"oServiceLevel", "oServiceTarget"})
NEEDED = frozenset({"tAnswered", "nOverSla", "tAbandon", "tWait"})
"""What a service level is reckoned from."""


class Event(NamedTuple):
    """A metric as emitted: when, how long (ms; 0 for counts), and whether it is the agent's or the queue's alone."""

    metric: str
    at: int
    lasted: int
    of_agent: bool


def events(call: Call, threshold_ms: int) -> Iterator[Event]:
    """All that one call emits."""
    yield Event("nOffered", call.offered, 0, False)
    if call.answered is not None:
        wait = call.answered - call.offered
        yield Event("tAnswered", call.answered, wait, True)
        yield Event("nConnected", call.answered, 0, True)
        if wait > threshold_ms:
            yield Event("nOverSla", call.answered, 0, False)
        yield from _waited(call.answered, wait)
        yield from _handled(call, call.answered)
    elif call.abandoned is not None:
        wait = call.abandoned - call.offered
        yield Event("tAbandon", call.abandoned, wait, False)
        if wait <= SHORT_ABANDON_MS:
            yield Event("tShortAbandon", call.abandoned, wait, False)
        yield from _waited(call.abandoned, wait)
    elif call.flowed_out is not None:
        yield Event("tFlowOut", call.flowed_out, call.flowed_out - call.offered, False)
        yield from _waited(call.flowed_out, call.flowed_out - call.offered)


def _waited(at: int, wait: int) -> Iterator[Event]:
    yield Event("tWait", at, wait, False)
    yield Event("tAcd", at, wait, False)


def _handled(call: Call, answered: int) -> Iterator[Event]:
    if call.ended is None:
        return
    handle, held, wrap_up = call.ended - answered, call.held, call.wrap_up
    yield Event("tHandle", call.ended, handle, True)
    yield Event("tTalkComplete", call.ended, handle - (held or 0) - (wrap_up or 0), True)
    if held is not None:
        yield Event("tHeldComplete", call.ended, held, True)
    if wrap_up is not None:
        yield Event("tAcw", call.ended, wrap_up, True)
    if call.transferred:
        yield Event("nTransferred", call.ended, 0, True)


@dataclass(slots=True)
class Tally:
    """Count, sum, least and greatest of one metric."""

    count: int = 0
    sum: int = 0
    min: int = 0
    max: int = 0

    def add(self, lasted: int) -> None:
        """One event more."""
        self.min = lasted if self.count == 0 else min(self.min, lasted)
        self.max = lasted if self.count == 0 else max(self.max, lasted)
        self.count += 1
        self.sum += lasted


Tallies = dict[str, Tally]
"""By metric."""


def service_level(sums: Tallies) -> tuple[int, int]:
    """Numerator and denominator: answered in time, and answered or abandoned."""
    answered, late, abandoned = (count(sums, metric) for metric in ("tAnswered", "nOverSla", "tAbandon"))
    return answered - late, answered + abandoned


def count(sums: Tallies, metric: str) -> int:
    """How often a metric was emitted."""
    return sums[metric].count if metric in sums else 0


def states(sums: Tallies, asked: Sequence[str], queues: Iterable[Queue]) -> list[dict[str, Any]]:
    """The metrics in the API's shape; one that was not emitted is absent. ``queues``: what the group covers."""
    targets = {queue.target for queue in queues}
    target = {"target": targets.pop()} if len(targets) == 1 else {}
    found = []
    for metric in sorted(set(asked)):
        stats = _service(metric, sums, target) if metric in SERVICE else _plain(metric, sums)
        if stats:
            found.append({"metric": metric, "stats": stats})
    return found


def _plain(metric: str, sums: Tallies) -> dict[str, Any]:
    if metric not in sums:
        return {}
    one = sums[metric]
    return (
        {"count": one.count}
        if metric in COUNTS
        else {"max": one.max, "min": one.min, "count": one.count, "sum": one.sum}
    )


def _service(metric: str, sums: Tallies, target: dict[str, float]) -> dict[str, Any]:
    numerator, denominator = service_level(sums)
    if metric == "oServiceTarget":
        return target if sums else {}
    if not denominator or "tWait" not in sums:  # an agent's own events say nothing of the queue's service level
        return {}
    return {"ratio": numerator / denominator, "numerator": numerator, "denominator": denominator, **target}
