"""From rows to readings: sums of numerators over sums of denominators, judged against the group's targets.

Formulas (docs/metrics.md says where each comes from):
service level = answered in time ÷ (answered + abandoned), as the source states numerator and denominator
abandonment   = abandoned ÷ offered
occupancy     = interacting ÷ (interacting + communicating + idle), over the group's agents
adherence     = 1 − exception time ÷ scheduled time, floored at 0, over the group's agents with a schedule
A ratio is never averaged and a missing count is never 0: a denominator that is missing or 0 gives no reading.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from worker.domain.groups import Targets
from worker.domain.rows import AgentDay, QueueInterval, Rows

_Parts = tuple[int, int]
"""Numerator and denominator of one row."""


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
    PARTIAL = "partial"
    """The figure is not the whole day's: shown, not judged."""
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
    """A metric's value on a day; ``ratio`` is None where there is no data, and ``why`` then says why in a sentence."""

    metric: Metric
    ratio: Ratio | None
    status: Status
    goal: float | tuple[float, float]
    why: str = ""

    @property
    def lowest_goal(self) -> float:
        """The goal, or the lower edge of a band."""
        return self.goal[0] if isinstance(self.goal, tuple) else self.goal


def service_level(intervals: Iterable[QueueInterval]) -> Ratio | None:
    """Contacts answered in time ÷ contacts that count towards the service level."""
    return _rolled_up(Metric.SERVICE_LEVEL, tuple(intervals), _service_level_parts)


def abandonment(intervals: Iterable[QueueInterval]) -> Ratio | None:
    """Contacts abandoned ÷ contacts offered; short abandons are abandons too."""
    return _rolled_up(Metric.ABANDONMENT, tuple(intervals), _abandonment_parts)


def occupancy(agents: Iterable[AgentDay]) -> Ratio | None:
    """Time interacting ÷ time interacting, communicating or idle; agents whose times are not all known stay out."""
    return _ratio_of_sums(map(_occupancy_parts, agents))


def adherence(agents: Iterable[AgentDay]) -> Ratio | None:
    """Scheduled time kept ÷ scheduled time, at least 0; agents without a schedule stay out."""
    kept = _ratio_of_sums(map(_adherence_parts, agents))
    return Ratio(0.0, 0, kept.denominator) if kept and kept.value < 0 else kept


def ratio(metric: Metric, rows: Rows) -> Ratio | None:
    """A metric of the whole day: from its counts, or as the source states it for the one row that there is."""
    if metric is Metric.SERVICE_LEVEL:
        return service_level(rows.intervals)
    if metric is Metric.ABANDONMENT:
        return abandonment(rows.intervals)
    counted = occupancy(rows.agents) if metric is Metric.OCCUPANCY else adherence(rows.agents)
    return counted or stated_alone(metric, rows.intervals)


def sum_of(ratios: Iterable[Ratio]) -> Ratio | None:
    """Several ratios as one, by their sums; those that are stated without counts cannot be added and stay out."""
    return _ratio_of_sums(
        (of.numerator, of.denominator) for of in ratios if of.numerator is not None and of.denominator is not None
    )


def stated_alone(metric: Metric, intervals: Sequence[QueueInterval]) -> Ratio | None:
    """The ratio that the source gives without counts, where it is the only row and thus no roll-up is needed."""
    if len(intervals) != 1 or metric not in intervals[0].stated:
        return None
    return Ratio(intervals[0].stated[metric])


def is_stated(metric: Metric, rows: Rows) -> bool:
    """Whether the source states this metric for some row without its counts; several such rows have no total."""
    return any(metric in interval.stated for interval in rows.intervals)


def goal(metric: Metric, targets: Targets) -> float | tuple[float, float]:
    """The target of a metric as a fraction; occupancy has a band."""
    goals: dict[Metric, float | tuple[float, float]] = {
        Metric.SERVICE_LEVEL: targets.service_level,
        Metric.ABANDONMENT: targets.abandonment,
        Metric.OCCUPANCY: targets.occupancy,
        Metric.ADHERENCE: targets.adherence,
    }
    return goals[metric]


def judge(metric: Metric, of: Ratio | None, targets: Targets) -> Status:
    """On target, within the metric's tolerance of it, or missed; no ratio is no data."""
    return standing(metric, of.value, goal(metric, targets)) if of else Status.NO_DATA


def standing(metric: Metric, value: float, aim: float | tuple[float, float]) -> Status:
    """The status of a value; exactly on target is on target, exactly at the tolerance is still watch."""
    beyond = _beyond(metric, value, aim) - _EPSILON
    if beyond <= 0:
        return Status.ON_TARGET
    return Status.WATCH if beyond <= TOLERANCE[metric] else Status.MISSED


def reading(metric: Metric, of: Ratio | None, targets: Targets, why: str = "") -> Reading:
    """A ratio with its verdict; ``why`` is kept only where there is no ratio."""
    return Reading(metric, of, judge(metric, of, targets), goal(metric, targets), "" if of else why)


_EPSILON = 1e-9
"""Far below what a page shows, far above what floats lose: 0.82 − 0.8 is 0.0199…96 and must count as 2 points."""


def _beyond(metric: Metric, value: float, aim: float | tuple[float, float]) -> float:
    """How far on the wrong side of its target a value lies; 0 or less where it is on the right one."""
    if isinstance(aim, tuple):
        return max(aim[0] - value, value - aim[1])
    return value - aim if metric is Metric.ABANDONMENT else aim - value


def _rolled_up(
    metric: Metric, intervals: tuple[QueueInterval, ...], parts: Callable[[QueueInterval], _Parts | None]
) -> Ratio | None:
    # a queue whose ratio is stated without counts cannot join a sum, and a sum without it is not the group's
    if any(metric in interval.stated and parts(interval) is None for interval in intervals):
        return stated_alone(metric, intervals)
    return _ratio_of_sums(map(parts, intervals))


def _ratio_of_sums(parts: Iterable[tuple[float, float] | None]) -> Ratio | None:
    known = [part for part in parts if part is not None]
    numerator, denominator = sum(part[0] for part in known), sum(part[1] for part in known)
    return Ratio(numerator / denominator, numerator, denominator) if denominator > 0 else None


def answered_in_time(interval: QueueInterval) -> int | None:
    """Contacts answered within the service level's seconds: as the source states them, or answered less late."""
    if interval.service_level_numerator is not None:
        return interval.service_level_numerator
    if interval.answered is None or interval.answered_late is None:
        return None
    return interval.answered - interval.answered_late


def _service_level_parts(interval: QueueInterval) -> _Parts | None:
    if interval.service_level_numerator is not None and interval.service_level_denominator is not None:
        return interval.service_level_numerator, interval.service_level_denominator
    if interval.answered is None or interval.answered_late is None or interval.abandoned is None:
        return None
    return interval.answered - interval.answered_late, interval.answered + interval.abandoned


def _abandonment_parts(interval: QueueInterval) -> _Parts | None:
    if interval.abandoned is None or interval.offered is None:
        return None
    return interval.abandoned, interval.offered


def _occupancy_parts(agent: AgentDay) -> _Parts | None:
    if agent.interacting_ms is None or agent.communicating_ms is None or agent.idle_ms is None:
        return None
    return agent.interacting_ms, agent.interacting_ms + agent.communicating_ms + agent.idle_ms


def _adherence_parts(agent: AgentDay) -> _Parts | None:
    if not agent.scheduled_seconds or agent.scheduled_seconds < 0 or agent.exception_seconds is None:
        return None
    return agent.scheduled_seconds - agent.exception_seconds, agent.scheduled_seconds
