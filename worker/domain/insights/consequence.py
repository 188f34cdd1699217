"""Rank what to talk about by its consequence: how many contacts were not served as they should have been."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from worker.domain.briefing.content import Briefing, Insight
from worker.domain.briefing.usual_content import Measure
from worker.domain.insights.costly_queues import levels_by_medium
from worker.domain.metrics import Metric, Ratio, Reading

_Figures = Mapping[str, Any]


def contacts_short(day: Briefing, insight: Insight) -> float:
    """Return how many contacts a concern is about: late, abandoned, or fewer in time than usual. 0 for others.

    Today's shortage counts by the contacts that are expected to be late beyond the goal.
    """
    rule = _RULES.get(insight.kind)
    return max(rule(day, insight.figures), 0.0) if rule else 0.0


def _of_level(day: Briefing, figures: _Figures) -> float:
    reading = levels_by_medium(day).get(figures.get("medium"))
    return _below_goal(reading) if reading else 0.0


def _of_target(day: Briefing, figures: _Figures) -> float:
    if figures["metric"] == Metric.SERVICE_LEVEL:
        return _of_level(day, figures)
    if figures["metric"] == Metric.ABANDONMENT:
        return _above_goal(_abandonment(day, figures.get("medium")))
    return 0.0


def _abandonment(day: Briefing, medium: str | None) -> Reading | None:
    tile = day.tile(Metric.ABANDONMENT)
    readings = {reading.medium: reading.reading for reading in tile.other_media}
    return tile.reading if medium == tile.medium else readings.get(medium or "")


def _below_goal(reading: Reading) -> float:
    total = _total(reading.ratio)
    return (reading.lowest_goal - reading.ratio.value) * total if reading.ratio else 0.0


def _above_goal(reading: Reading | None) -> float:
    if reading is None or reading.ratio is None or isinstance(reading.goal, tuple):
        return 0.0
    return (reading.ratio.value - reading.goal) * _total(reading.ratio)


def _total(ratio: Ratio | None) -> float:
    return ratio.denominator or 0.0 if ratio else 0.0


def _of_run(_: Briefing, figures: _Figures) -> float:
    return float((figures["goal"] - figures["service_level"]) * figures["counted"])


def _of_queues(_: Briefing, figures: _Figures) -> float:
    return float(figures["late"] - figures["other_late"] / figures["other_counted"] * figures["counted"])


def _of_unusual_queue(_: Briefing, figures: _Figures) -> float:
    if figures["measure"] is not Measure.SERVICE_LEVEL:
        return 0.0
    return float((figures["usual"].centre - figures["value"]) * figures["contacts"])


def _of_unusual_figure(day: Briefing, figures: _Figures) -> float:
    if figures["measure"] is Measure.SERVICE_LEVEL:
        return _of_level(day, figures)
    if figures["measure"] is not Measure.ABANDONMENT:
        return 0.0
    return float((figures["value"] - figures["usual"].centre) * _total(day.tile(Metric.ABANDONMENT).reading.ratio))


def _of_silence(_: Briefing, figures: _Figures) -> float:
    return float(figures["usual"].centre)


def _of_today(_: Briefing, figures: _Figures) -> float:
    return float(figures["contacts_short"])


_RULES: Mapping[str, Callable[[Briefing, _Figures], float]] = {
    "worst_run": _of_run,
    "silent_hours": _of_silence,
    "today_short": _of_today,
    "costly_queues": _of_queues,
    "target_missed": _of_target,
    "service_level_low": _of_level,
    "service_level_change": _of_level,
    "queue_unusual": _of_unusual_queue,
    "figure_unusual": _of_unusual_figure,
}
