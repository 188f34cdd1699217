"""Gaps that any source may have: what rows lack and the reader must know. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from worker.domain.metrics import Metric
from worker.domain.rows import AgentDay, Gap, QueueInterval, Window


def early_fetch_gaps(window: Window, fetched_at: datetime) -> tuple[Gap, ...]:
    """Return a gap if the figures are older than the window's end."""
    if fetched_at >= window.end:
        return ()
    return (Gap("late_data", f"The figures were fetched before the window's end, {window.end.isoformat()}."),)


def percent_only_gaps(intervals: Iterable[QueueInterval], agents: Iterable[AgentDay]) -> Iterator[Gap]:
    """Yield a gap for each metric that came as percentages alone. Agents' times are the counts behind an occupancy."""
    metrics = {metric for row in intervals for metric in row.stated}
    if any(day.interacting_ms is not None for day in agents):
        metrics.discard(Metric.OCCUPANCY.value)
    for metric in sorted(metrics):
        name = metric.replace("_", " ")
        yield Gap(
            "percent_only", f"The source gives {name} without the counts behind it: by queue, not in sum.", metric
        )
