"""What a later revision of a day says otherwise than the one before it: each figure that differs, then and now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from worker.domain.briefing.content import Correction, Counts, Revised
from worker.domain.briefing.history import DayFigures
from worker.domain.metrics import Metric, Ratio

_EPSILON = 1e-9
_HALF_A_SECOND = 500.0
"""No page shows a smaller difference between two averages in milliseconds."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The figures of an earlier revision of the same day."""

    revision: int
    figures: DayFigures


def correction(earlier: Earlier, now: DayFigures, queue_names: Mapping[str, str]) -> Correction:
    """All that differs: the metrics, the day's sums, then the queues' service levels, the largest change first."""
    before = earlier.figures
    found = (*_metrics(before, now), *_counts(before.counts, now.counts), *_queues(before, now, queue_names))
    return Correction(earlier.revision, found)


def _metrics(before: DayFigures, now: DayFigures) -> Iterator[Revised]:
    for metric in Metric:
        then, since = _value(before.ratios.get(metric)), _value(now.ratios.get(metric))
        if _differ(then, since):
            yield Revised("metric", metric.value, then, since)


def _counts(before: Counts, now: Counts) -> Iterator[Revised]:
    for of in fields(Counts):
        then, since = getattr(before, of.name), getattr(now, of.name)
        if _differ(then, since, _HALF_A_SECOND if of.name.endswith("_ms") else _EPSILON):
            yield Revised("count", of.name, then, since)


def _queues(before: DayFigures, now: DayFigures, names: Mapping[str, str]) -> list[Revised]:
    ids = sorted({*before.queues, *now.queues})
    values = ((queue_id, _value(before.queues.get(queue_id)), _value(now.queues.get(queue_id))) for queue_id in ids)
    found = [
        Revised("queue", names.get(name, name), then, since) for name, then, since in values if _differ(then, since)
    ]
    return sorted(found, key=lambda of: (-abs((of.now or 0) - (of.before or 0)), of.name))


def _value(of: Ratio | None) -> float | None:
    return of.value if of else None


def _differ(then: float | None, since: float | None, least: float = _EPSILON) -> bool:
    if then is None or since is None:
        return then is not since
    return abs(then - since) > least
