"""Calculate metrics from rows, and say what the group's targets of them are.

A metric is a sum of numerators over a sum of denominators (docs/metrics.md gives the source of each formula):
service level = answered in time ÷ (answered + abandoned), with the numerator and denominator that the source states
abandonment   = abandoned ÷ offered
occupancy     = interacting ÷ (interacting + communicating + idle), over the group's agents
adherence     = 1 − exception time ÷ scheduled time, at least 0, over the group's agents with a schedule
Ratios are never averaged, and a missing count is never taken for 0. Without a denominator there is no ratio. If a part
of the figure is not known, such as one queue's or one agent's, the figure is not known: the rest would look like the
whole.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from worker.domain.groups import Targets
from worker.domain.rows import AgentDay, QueueInterval, Rows

Goal = float | tuple[float, float]
"""A target as a fraction, or the low and high edge of a band."""

_Parts = tuple[int, int]
"""Numerator and denominator of one row."""


class Metric(enum.StrEnum):
    """What a briefing measures."""

    SERVICE_LEVEL = "service_level"
    ABANDONMENT = "abandonment"
    OCCUPANCY = "occupancy"
    ADHERENCE = "adherence"


OF_CONTACTS = (Metric.SERVICE_LEVEL, Metric.ABANDONMENT)
"""The metrics of contacts, which each medium has for itself. The others are of agents."""


class Status(enum.StrEnum):
    """A reading judged against its target."""

    ON_TARGET = "on_target"
    WATCH = "watch"
    """Just missed: the target is missed, but chance alone often does as much (`worker.domain.statuses`)."""
    MISSED = "missed"
    PARTIAL = "partial"
    """The figure covers a part of the day, so it is shown and not judged."""
    NOT_JUDGED = "not_judged"
    """The figure is known, but there is no target that it can be judged against. `Reading.reason` says why."""
    THIN = "thin"
    """The figure has so few contacts that it proves nothing, so it is shown and not judged."""
    NO_DATA = "no_data"

    @property
    def is_off_target(self) -> bool:
        """Whether the target was missed, if only just."""
        return self in (Status.MISSED, Status.WATCH)


DEFAULT_SERVICE_LEVEL = 0.80


@dataclass(frozen=True, slots=True)
class Ratio:
    """A fraction and its parts. Numerator and denominator are None where the source states only the fraction."""

    value: float
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric's value on a day. Without data ``ratio`` is None, and ``reason`` says why in a sentence.

    ``reason`` also says why a reading is `Status.NOT_JUDGED`. Its ``goal`` must then not be shown.
    """

    metric: Metric
    ratio: Ratio | None
    status: Status
    goal: Goal
    reason: str = ""

    @property
    def lowest_goal(self) -> float:
        """The goal, or the lower edge of a band."""
        return self.goal[0] if isinstance(self.goal, tuple) else self.goal

    @property
    def is_judged(self) -> bool:
        """Whether the reading is on target or misses it."""
        return self.status in (Status.ON_TARGET, Status.WATCH, Status.MISSED)


def service_level(intervals: Iterable[QueueInterval]) -> Ratio | None:
    """Return contacts answered in time ÷ contacts that count towards the service level.

    Contacts that came earlier can be answered when no others come. If nothing was offered, there is no ratio: one such
    answer would make it 0 % or 100 %.
    """
    rows = tuple(intervals)
    return None if is_nothing_offered(rows) else _rolled_up(Metric.SERVICE_LEVEL, rows, service_level_parts)


def is_nothing_offered(intervals: Iterable[QueueInterval]) -> bool:
    """Return whether there are contacts, and all of them came before these intervals."""
    offered = [row.offered for row in intervals if has_any(row)]
    return bool(offered) and all(count == 0 for count in offered)


def abandonment(intervals: Iterable[QueueInterval]) -> Ratio | None:
    """Return contacts abandoned, including short abandons, ÷ contacts offered.

    Contacts that came before midnight can be abandoned after it. If more are abandoned than offered, there is no ratio.
    """
    total = _rolled_up(Metric.ABANDONMENT, tuple(intervals), _abandonment_parts)
    return None if total and total.value > 1 else total


def occupancy(agents: Iterable[AgentDay]) -> Ratio | None:
    """Return time interacting ÷ time interacting, communicating or idle. Ignore agents without any time."""
    return _ratio_if_complete(_occupancy_parts(agent) for agent in agents if _has_times(agent))


def adherence(agents: Iterable[AgentDay]) -> Ratio | None:
    """Return time on schedule ÷ scheduled time, at least 0. Ignore agents without a schedule."""
    total = _ratio_if_complete(_adherence_parts(agent) for agent in agents if _has_schedule(agent))
    return Ratio(0.0, 0, total.denominator) if total and total.value < 0 else total


def ratio_of(metric: Metric, rows: Rows) -> Ratio | None:
    """Return a metric of the whole day: from its counts, or as the source states it if there is only one row."""
    if _lacks_a_part(metric, rows):
        return None
    if metric is Metric.SERVICE_LEVEL:
        return service_level(rows.intervals)
    if metric is Metric.ABANDONMENT:
        return abandonment(rows.intervals)
    counted = occupancy(rows.agents) if metric is Metric.OCCUPANCY else adherence(rows.agents)
    return counted or only_stated_ratio(metric, rows.intervals)


def _lacks_a_part(metric: Metric, rows: Rows) -> bool:
    """Return whether the source says that it has only a part of this metric. The part is not the metric."""
    return any(gap.metric == metric and gap.kind in ("partial", "unavailable", "late_data") for gap in rows.gaps)


def combined(ratios: Iterable[Ratio]) -> Ratio | None:
    """Add up numerators and denominators of several ratios. Ignore those that are stated without counts."""
    return _ratio_of_sums(
        (ratio.numerator, ratio.denominator)
        for ratio in ratios
        if ratio.numerator is not None and ratio.denominator is not None
    )


def only_stated_ratio(metric: Metric, intervals: Sequence[QueueInterval]) -> Ratio | None:
    """Return the ratio that the source states without counts, if there is only one row and nothing to add up."""
    if len(intervals) != 1 or metric not in intervals[0].stated:
        return None
    return Ratio(intervals[0].stated[metric])


def is_known_in_part(metric: Metric, rows: Rows) -> bool:
    """Return whether the source has some of the parts of a metric and lacks others."""
    return {True, False} <= _states_of_parts(metric, rows)


def is_not_stated(metric: Metric, rows: Rows) -> bool:
    """Return whether the source has contacts or agents that a metric is of, and none of its parts."""
    return _states_of_parts(metric, rows) - {None} == {False}


def _states_of_parts(metric: Metric, rows: Rows) -> set[bool | None]:
    if metric in OF_CONTACTS:
        return {states_part_of(metric, row) for row in rows.intervals}
    return {agent_states_part_of(metric, agent) for agent in rows.agents}


def states_part_of(metric: Metric, row: QueueInterval) -> bool | None:
    """Return whether an interval states its part of a metric of contacts. None if it has no part in it."""
    parts = service_level_parts(row) if metric is Metric.SERVICE_LEVEL else _abandonment_parts(row)
    return parts is not None if needs_parts(metric, row) else None


def agent_states_part_of(metric: Metric, agent: AgentDay) -> bool | None:
    """Return whether an agent's day states its part of occupancy or adherence. None if it has no part in it."""
    if metric is Metric.OCCUPANCY:
        return _occupancy_parts(agent) is not None if _has_times(agent) else None
    return _adherence_parts(agent) is not None if _has_schedule(agent) else None


def is_stated(metric: Metric, rows: Rows) -> bool:
    """Return whether the source states this metric for some row without counts. Such rows have no total."""
    return any(metric in interval.stated for interval in rows.intervals)


def goal_of(metric: Metric, targets: Targets) -> Goal:
    """Return the group's target of a metric as a fraction. Occupancy has a band."""
    level = targets.service_level
    goals: dict[Metric, Goal] = {
        Metric.SERVICE_LEVEL: level if isinstance(level, float | int) else DEFAULT_SERVICE_LEVEL,
        Metric.ABANDONMENT: targets.abandonment,
        Metric.OCCUPANCY: targets.occupancy,
        Metric.ADHERENCE: targets.adherence,
    }
    return goals[metric]


def _rolled_up(
    metric: Metric, intervals: tuple[QueueInterval, ...], parts: Callable[[QueueInterval], _Parts | None]
) -> Ratio | None:
    # a ratio without counts cannot be added up, and a sum without that queue is not the group's
    if any(metric in interval.stated and parts(interval) is None for interval in intervals):
        return only_stated_ratio(metric, intervals)
    return _ratio_if_complete(
        part
        for interval, part in zip(intervals, map(parts, intervals), strict=True)
        if part is not None or needs_parts(metric, interval)
    )


_INBOUND = ("offered", "answered", "abandoned")
_ANSWERED = ("answered", "service_level_numerator", "service_level_denominator")
"""With an answer or more a half-hour counts towards the service level. Without any the platform may state none, because
the organisation leaves abandoned contacts out (docs/metrics.md)."""


def needs_parts(metric: Metric, interval: QueueInterval) -> bool:
    """Return whether a metric of contacts is not known without the parts of this interval."""
    is_every_contact_needed = metric is Metric.ABANDONMENT or interval.answered is None
    return has_any(interval, _INBOUND if is_every_contact_needed else _ANSWERED)


def has_any(interval: QueueInterval, counts: Iterable[str] = _INBOUND) -> bool:
    """Return whether one of these counts is known and not 0."""
    return any(getattr(interval, count) for count in counts)


def _has_times(agent: AgentDay) -> bool:
    return any(time is not None for time in (agent.interacting_ms, agent.communicating_ms, agent.idle_ms))


def _has_schedule(agent: AgentDay) -> bool:
    return agent.scheduled_seconds is not None and agent.scheduled_seconds > 0


def _ratio_if_complete(parts: Iterable[_Parts | None]) -> Ratio | None:
    """Add up parts, unless one of them is not known."""
    all_parts = tuple(parts)
    return None if None in all_parts else _ratio_of_sums(all_parts)


def _ratio_of_sums(parts: Iterable[tuple[float, float] | None]) -> Ratio | None:
    stated_parts = [part for part in parts if part is not None]
    numerator, denominator = sum(part[0] for part in stated_parts), sum(part[1] for part in stated_parts)
    return Ratio(numerator / denominator, numerator, denominator) if denominator > 0 else None


def service_level_parts(interval: QueueInterval) -> _Parts | None:
    """Return the contacts answered in time and those that count towards the service level, None if not known."""
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
    if agent.scheduled_seconds is None or agent.exception_seconds is None:
        return None
    return agent.scheduled_seconds - agent.exception_seconds, agent.scheduled_seconds
