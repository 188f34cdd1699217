"""Judge a ratio against its target.

Missed is missed: whether a target is met is arithmetic on the counts, because a target is agreed. A target missed by
no more than chance explains is *just missed*: a group that is exactly on target often does as badly. Times of agents
are no draws of chance. They are just missed by less than the amount from which a change of them matters.
"""

from __future__ import annotations

from worker.domain.groups import Targets
from worker.domain.metrics import OF_CONTACTS, Goal, Metric, Ratio, Reading, Status, goal_of
from worker.domain.rounding import FLOAT_ERROR
from worker.domain.usual.target import TargetEvidence, at_least, at_most

MATERIAL: dict[Metric, float] = {Metric.OCCUPANCY: 0.02, Metric.ADHERENCE: 0.02}
"""How far beyond its target a share of agents' time is missed and not only just, as a fraction."""


def judge(metric: Metric, ratio: Ratio | None, targets: Targets) -> Status:
    """Return the status of a ratio against the group's targets."""
    return status_of(metric, ratio, goal_of(metric, targets)) if ratio else Status.NO_DATA


def status_of(metric: Metric, ratio: Ratio, goal: Goal) -> Status:
    """Judge a ratio. Exactly on target is on target.

    A ratio of contacts that the source states without counts is not tested for chance, so it is missed or not.
    """
    if not misses(metric, ratio.value, goal):
        return Status.ON_TARGET
    if metric in OF_CONTACTS:
        evidence = target_evidence(metric, ratio, goal)
        return Status.WATCH if evidence and evidence.is_within_chance else Status.MISSED
    is_near = _distance_beyond(metric, ratio.value, goal) < MATERIAL[metric] - FLOAT_ERROR
    return Status.WATCH if is_near else Status.MISSED


def misses(metric: Metric, value: float, goal: Goal) -> bool:
    """Return whether a value lies on the wrong side of its target."""
    return _distance_beyond(metric, value, goal) > FLOAT_ERROR


def target_evidence(metric: Metric, ratio: Ratio, goal: Goal) -> TargetEvidence | None:
    """Return by how many contacts a ratio misses its target, and how likely chance is to do the same.

    None for times of agents, and where the source states no counts.
    """
    if metric not in OF_CONTACTS or isinstance(goal, tuple) or ratio.numerator is None or not ratio.denominator:
        return None
    compare = at_most if metric is Metric.ABANDONMENT else at_least
    return compare(round(ratio.numerator), round(ratio.denominator), goal)


def reading(metric: Metric, ratio: Ratio | None, targets: Targets, reason: str = "") -> Reading:
    """Return a ratio with its verdict. ``reason`` says why there is no data and is dropped if there is a ratio."""
    return Reading(metric, ratio, judge(metric, ratio, targets), goal_of(metric, targets), "" if ratio else reason)


def _distance_beyond(metric: Metric, value: float, goal: Goal) -> float:
    """Return how far a value lies on the wrong side of its target, 0 or less on the right side."""
    if isinstance(goal, tuple):
        return max(goal[0] - value, value - goal[1])
    return value - goal if metric is Metric.ABANDONMENT else goal - value
