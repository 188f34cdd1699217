"""The day's six sums, each with what it is against the previous business day or out of what."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.words import dates, numbers, readings
from worker.domain.briefing import Briefing, Counts
from worker.domain.metrics import Metric


@dataclass(frozen=True, slots=True)
class Figure:
    """``Offered`` · ``5,438`` · ``+8.3% vs Tue``."""

    label: str
    value: str
    caption: str


def figures(briefing: Briefing) -> tuple[Figure, ...]:
    """Offered, answered, abandoned, average handle, average answer, late."""
    counts, limit = briefing.counts, briefing.service_level_seconds
    answered = counts.answered / counts.offered if counts.answered is not None and counts.offered else None
    return (
        Figure("Offered", numbers.count(counts.offered), _growth(briefing) or "contacts"),
        Figure("Answered", numbers.count(counts.answered), f"{numbers.percent(answered)} of offered"),
        Figure("Abandoned", numbers.count(counts.abandoned), f"{_abandonment(briefing)} of offered"),
        Figure("Avg handle", numbers.talk_time(counts.average_handle_ms), _slower(briefing, "handle") or "per contact"),
        Figure("Avg answer", numbers.wait_time(counts.average_answer_ms), _slower(briefing, "answer") or "per contact"),
        Figure("Late", numbers.count(counts.late), f"not in {numbers.seconds(limit)}" if limit else "not in time"),
    )


def _abandonment(briefing: Briefing) -> str:
    found = [readings.value(tile.reading) for tile in briefing.tiles if tile.reading.metric is Metric.ABANDONMENT]
    return found[0] if found else numbers.MISSING


def _growth(briefing: Briefing) -> str:
    then, now = briefing.previous_counts, briefing.counts.offered
    if then is None or not then.offered or now is None:
        return ""
    return f"{(now / then.offered - 1) * 100:+.1f}%{_against(briefing)}"


def _slower(briefing: Briefing, which: str) -> str:
    then = briefing.previous_counts
    before, after = _average(then, which) if then else None, _average(briefing.counts, which)
    if before is None or after is None:
        return ""
    return f"{round((after - before) / 1000):+d} s{_against(briefing)}"


def _average(counts: Counts, which: str) -> float | None:
    return counts.average_handle_ms if which == "handle" else counts.average_answer_ms


def _against(briefing: Briefing) -> str:
    days = [change.days[0] for tile in briefing.tiles for change in tile.changes if change.kind == "previous"]
    return f" vs {dates.weekday(days[0])}" if days else " vs day before"
