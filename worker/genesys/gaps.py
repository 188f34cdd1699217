"""Gaps that any source may have: what rows lack and the reader must know. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from worker.domain.gap_texts import GapText
from worker.domain.metrics import Metric
from worker.domain.rows import AgentDay, Gap, QueueInterval, Window, gap


def early_fetch_gaps(window: Window, fetched_at: datetime) -> tuple[Gap, ...]:
    """Return a gap if the figures are older than the window's end."""
    if fetched_at >= window.end:
        return ()
    return (gap("late_data", GapText.FETCHED_EARLY, instant=window.end.isoformat()),)


def percent_only_gaps(intervals: Iterable[QueueInterval], agents: Iterable[AgentDay]) -> Iterator[Gap]:
    """Yield a gap for each metric that came as percentages alone. Agents' times are the counts behind an occupancy."""
    metrics = {metric for row in intervals for metric in row.stated}
    if any(day.interacting_ms is not None for day in agents):
        metrics.discard(Metric.OCCUPANCY.value)
    for metric in sorted(metrics):
        yield gap("percent_only", GapText.PERCENT_ONLY, metric, figure=metric.replace("_", " "))
