"""Find the figures that a later revision of a day states otherwise than an earlier one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from worker.domain.briefing.content import Correction, Counts, RevisedFigure
from worker.domain.briefing.history import DayFigures
from worker.domain.metrics import Metric, Ratio
from worker.domain.rounding import FLOAT_ERROR

_HALF_A_SECOND_MS = 500.0
"""No page shows a smaller difference between two averages in milliseconds."""


@dataclass(frozen=True, slots=True)
class EarlierRevision:
    """An earlier revision of the same day and its figures."""

    revision: int
    figures: DayFigures


def correction(earlier: EarlierRevision, now: DayFigures, queue_names: Mapping[str, str]) -> Correction:
    """List what differs: the metrics, the day's sums, then the queues' service levels with the largest change first."""
    changes = (
        *_metrics(earlier.figures, now),
        *_counts(earlier.figures.counts, now.counts),
        *_queues(earlier.figures, now, queue_names),
    )
    return Correction(earlier.revision, changes)


def _metrics(earlier: DayFigures, now: DayFigures) -> Iterator[RevisedFigure]:
    for metric in Metric:
        figure = RevisedFigure(
            "metric", metric.value, _value(earlier.ratios.get(metric)), _value(now.ratios.get(metric))
        )
        if _is_changed(figure):
            yield figure


def _counts(earlier: Counts, now: Counts) -> Iterator[RevisedFigure]:
    for name in (field.name for field in fields(Counts)):
        figure = RevisedFigure("count", name, getattr(earlier, name), getattr(now, name))
        if _is_changed(figure, _HALF_A_SECOND_MS if name.endswith("_ms") else FLOAT_ERROR):
            yield figure


def _queues(earlier: DayFigures, now: DayFigures, names: Mapping[str, str]) -> list[RevisedFigure]:
    ids = sorted({*earlier.queues, *now.queues})
    figures = (
        RevisedFigure(
            "queue",
            names.get(queue_id, queue_id),
            _value(earlier.queues.get(queue_id)),
            _value(now.queues.get(queue_id)),
        )
        for queue_id in ids
    )
    return sorted(filter(_is_changed, figures), key=_largest_change_first)


def _largest_change_first(figure: RevisedFigure) -> tuple[float, str]:
    return -abs((figure.now or 0) - (figure.earlier or 0)), figure.name


def _value(ratio: Ratio | None) -> float | None:
    return ratio.value if ratio else None


def _is_changed(figure: RevisedFigure, least: float = FLOAT_ERROR) -> bool:
    if figure.earlier is None or figure.now is None:
        return figure.earlier is not figure.now
    return abs(figure.earlier - figure.now) > least
