"""From rows to readings: sums of numerators over sums of denominators, judged against the group's targets.

Formulas (docs/metrics.md says where each comes from):
service level = answered in time ÷ (answered + abandoned), as the source states numerator and denominator
abandonment   = abandoned ÷ offered
occupancy     = (interacting + communicating) ÷ (interacting + communicating + idle), over the group's agents
adherence     = 1 − exception time ÷ scheduled time, floored at 0, over the group's agents with a schedule
A ratio is never averaged and a missing count is never 0: a denominator that is missing or 0 gives no reading.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Metric(enum.StrEnum):
    """The four measured things of a stand-up."""

    SERVICE_LEVEL = "service_level"
    ABANDONMENT = "abandonment"
    OCCUPANCY = "occupancy"
    ADHERENCE = "adherence"


class Status(enum.StrEnum):
    """How a reading stands to its target."""

    ON_TARGET = "on_target"
    WATCH = "watch"
    MISSED = "missed"
    NO_DATA = "no_data"


TOLERANCE: dict[Metric, float] = {
    Metric.SERVICE_LEVEL: 0.02,
    Metric.ABANDONMENT: 0.01,
    Metric.OCCUPANCY: 0.03,
    Metric.ADHERENCE: 0.02,
}
"""How far beyond its target a reading is still `Status.WATCH`, as a fraction (0.02 is 2 percentage points)."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A fraction with where it comes from; numerator and denominator are None where the source states it alone."""

    value: float
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric's value on a day; ``ratio`` is None where there is no data, and ``why`` then says why."""

    metric: Metric
    ratio: Ratio | None
    status: Status
    goal: float | tuple[float, float]
    why: str = ""
