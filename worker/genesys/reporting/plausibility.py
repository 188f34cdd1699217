"""Figures that cannot be true, or that a cell says it does not have: marked with column and row. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta

from worker.domain.gap_texts import GapText
from worker.domain.metrics import Metric
from worker.domain.rows import Gap, QueueInterval, Window, gap
from worker.genesys.tables.averages import may_wait_for_days
from worker.genesys.tables.figures import Figures, Outcome
from worker.genesys.tables.limits import shorten
from worker.genesys.tables.placed_row import PlacedRow
from worker.genesys.tables.table import Row

_AFTER_MIDNIGHT = timedelta(hours=1)


def more_answered_gaps(
    label: str, rows: Sequence[tuple[PlacedRow, QueueInterval]], window: Window, media: Collection[str]
) -> Iterator[Gap]:
    """Yield a gap for each queue and medium with more contacts answered in the day than offered.

    Those that waited at midnight do not count, if the file has half-hours to tell.
    """
    by_queue: defaultdict[tuple[str, str], list[tuple[PlacedRow, QueueInterval]]] = defaultdict(list)
    for placed, interval in rows:
        by_queue[placed.queue_id, placed.medium].append((placed, interval))
    for (_, medium), queue_rows in by_queue.items():
        intervals = [interval for _, interval in queue_rows if not _waited_at_midnight(interval, window)]
        answered, offered = (_sum(intervals, count) for count in ("answered", "offered"))
        if answered is None or offered is None or answered <= offered or may_wait_for_days(medium, media):
            continue
        row = queue_rows[0][0].row
        yield gap(
            "partial",
            GapText.MORE_ANSWERED if len(queue_rows) == 1 else GapText.MORE_ANSWERED_IN_DAY,
            file=label,
            place=row.place,
            queue=shorten(row.text("queueName")),
            answered=answered,
            offered=offered,
        )


def rate_without_figure_gaps(
    figures: Figures, rows: Sequence[tuple[PlacedRow, QueueInterval]], metrics: Mapping[str, Metric]
) -> Iterator[Gap]:
    """Yield a gap for each column of percentages with a cell without a figure in a row that may have contacts."""
    for column, metric in metrics.items():
        for placed, interval in rows:
            if figures.table.has_column(column) and _lacks_rate(figures, placed.row, column, interval, metric):
                yield gap(
                    "unavailable",
                    GapText.RATE_NO_FIGURE,
                    metric.value,
                    file=figures.table.label,
                    place=placed.row.place,
                    cell=shorten(placed.row.raw(column)),
                    column=column,
                )
                break


def _lacks_rate(figures: Figures, row: Row, column: str, interval: QueueInterval, metric: Metric) -> bool:
    if figures.figure(row, column).outcome is not Outcome.NO_FIGURE or column in figures.impossible:
        return False
    counts = interval.offered, interval.answered, interval.abandoned
    has_parts = {
        Metric.SERVICE_LEVEL: interval.service_level_denominator is not None,
        Metric.ABANDONMENT: None not in (interval.offered, interval.abandoned),
    }
    return not has_parts.get(metric, False) and (any(counts) or all(count is None for count in counts))


def _waited_at_midnight(interval: QueueInterval, window: Window) -> bool:
    return (
        interval.start is not None
        and interval.start - window.start < _AFTER_MIDNIGHT
        and (interval.answered or 0) > (interval.offered or 0)
    )


def _sum(intervals: Sequence[QueueInterval], count: str) -> int | None:
    values = [getattr(interval, count) for interval in intervals]
    return None if None in values else sum(values)
