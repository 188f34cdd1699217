"""A metric's name, value, goal and status, and how it moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from renderers.words import dates, numbers
from worker.domain.briefing import Change
from worker.domain.metrics import Metric, Reading, Status

METRIC_NAMES = {
    Metric.SERVICE_LEVEL: "Service level",
    Metric.ABANDONMENT: "Abandonment",
    Metric.OCCUPANCY: "Occupancy",
    Metric.ADHERENCE: "Adherence",
}
STATUS_WORDS = {
    Status.ON_TARGET: "On target",
    Status.WATCH: "Watch",
    Status.MISSED: "Missed",
    Status.NO_DATA: "No data",
}
_BETTER_WHEN = {Metric.SERVICE_LEVEL: "up", Metric.ADHERENCE: "up", Metric.ABANDONMENT: "down"}


@dataclass(frozen=True, slots=True)
class ChangeText:
    """``5.4 pp worse``; ``direction`` chooses the triangle, ``tone`` its colour."""

    direction: Literal["up", "down", "flat"]
    tone: Literal["better", "worse", "neutral"]
    text: str


def value(reading: Reading) -> str:
    """77.5%, with as many more places as it takes not to look like the goal that it misses."""
    if reading.ratio is None:
        return numbers.MISSING
    edges = reading.goal if isinstance(reading.goal, tuple) else (reading.goal,)
    return numbers.percent(reading.ratio.value, max(places(reading.ratio.value, edge) for edge in edges))


def goal(reading: Reading) -> str:
    """≥ 80%, ≤ 5%, 78–86%."""
    if isinstance(reading.goal, tuple):
        low, high = reading.goal
        return f"{numbers.bare_percent(low)}–{numbers.bare_percent(high)}%"
    sign = "≤" if reading.metric is Metric.ABANDONMENT else "≥"
    return f"{sign} {numbers.bare_percent(reading.goal)}%"


def reference(change: Change) -> str:
    """Tue 20 for another day, Wed avg for the same weekday of earlier weeks."""
    if change.kind == "previous":
        return dates.day_of_month(change.days[0])
    return f"{dates.weekday(change.days[0])} avg"


def change(change: Change, metric: Metric) -> ChangeText:
    """How far and which way; better or worse where the metric has such a direction (occupancy has a band)."""
    if abs(change.points) < 0.0005:
        return ChangeText("flat", "neutral", "no change")
    direction: Literal["up", "down"] = "up" if change.points > 0 else "down"
    size = numbers.points(change.points)
    if metric not in _BETTER_WHEN:
        return ChangeText(direction, "neutral", size)
    tone: Literal["better", "worse"] = "better" if _BETTER_WHEN[metric] == direction else "worse"
    return ChangeText(direction, tone, f"{size} {tone}")


def places(fraction: float, edge: float) -> int:
    """1, or as many as keep a value from being rounded onto another that it is not."""
    for digits in range(1, 4):
        if round(fraction * 100, digits) != round(edge * 100, digits) or abs(fraction - edge) < 1e-9:
            return digits
    return 3
