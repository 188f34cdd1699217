"""What rows lack and the reader must know, whichever source they came from. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from worker.domain.metrics import Metric
from worker.domain.rows import AgentDay, Gap, QueueInterval, Window


def fetched_early(window: Window, fetched_at: datetime) -> tuple[Gap, ...]:
    """The figures are older than the window's end."""
    if fetched_at >= window.end:
        return ()
    return (Gap("late_data", f"The figures were fetched before the window's end, {window.end.isoformat()}."),)


def percent_only(intervals: Iterable[QueueInterval], agents: Iterable[AgentDay]) -> Iterator[Gap]:
    """A gap for each metric that came as percentages alone; agents' times are the counts behind an occupancy."""
    stated = {metric for row in intervals for metric in row.stated}
    if any(day.interacting_ms is not None for day in agents):
        stated.discard(Metric.OCCUPANCY.value)
    for metric in sorted(stated):
        name = metric.replace("_", " ")
        yield Gap(
            "percent_only", f"The source gives {name} without the counts behind it: by queue, not in sum.", metric
        )
