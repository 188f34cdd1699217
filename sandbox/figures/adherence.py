"""Shifts → historical adherence as WFM computes it: where the actual activity differs from the planned one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from sandbox.records.instants import Span
from sandbox.records.model import Activity, Shift

GRACE_MS = 60_000
"""Shorter differences are not exceptions: the management unit's exception threshold."""

_PRESENCE = {
    "OnQueueWork": "OnQueue",
    "Break": "Break",
    "Meal": "Meal",
    "Unavailable": "Away",
    "Unscheduled": "Offline",
}
UNSCHEDULED = "Unscheduled"


class Difference(NamedTuple):
    """A time span in which an agent did something else than planned."""

    start: int
    end: int
    planned: str
    actual: str


class AgentAdherence(NamedTuple):
    """One agent's sums over a time span, in ms. ``planned`` is the length of the schedule."""

    agent_id: str
    planned: int
    worked: int
    planned_work: int
    actual_work: int
    differences: tuple[Difference, ...]
    actuals: tuple[Activity, ...]

    @property
    def exception_ms(self) -> int:
        """How long the agent was off schedule."""
        return sum(difference.end - difference.start for difference in self.differences)

    @property
    def percentage(self) -> float | None:
        """0 to 100. None if nothing was planned or nothing was worked."""
        if not self.planned or not self.worked:
            return None
        return round(max(0.0, 1 - self.exception_ms / self.planned) * 100, 2)


def adherence(shifts: Iterable[Shift], span: Span) -> list[AgentAdherence]:
    """Return the adherence of every agent with a shift in the span."""
    activities: dict[str, tuple[list[Activity], list[Activity]]] = {}
    for shift in shifts:
        planned, actual = activities.setdefault(shift.agent_id, ([], []))
        planned += _clip(shift.planned, span)
        actual += _clip(shift.actual, span)
    return [_agent_adherence(agent, planned, actual) for agent, (planned, actual) in activities.items() if planned]


def _clip(activities: Iterable[Activity], span: Span) -> Iterator[Activity]:
    for activity in activities:
        start, end = max(activity.start, span[0]), min(activity.end, span[1])
        if start < end:
            yield Activity(activity.category, start, end)


def _agent_adherence(agent_id: str, planned: Sequence[Activity], actual: Sequence[Activity]) -> AgentAdherence:
    return AgentAdherence(
        agent_id,
        _length(planned),
        _length(actual),
        _length(activity for activity in planned if activity.category == "OnQueueWork"),
        _length(activity for activity in actual if activity.category == "OnQueueWork"),
        tuple(part for part in _differences(planned, actual) if part.end - part.start > GRACE_MS),
        tuple(actual),
    )


def _length(activities: Iterable[Activity]) -> int:
    return sum(activity.end - activity.start for activity in activities)


def _differences(planned: Sequence[Activity], actual: Sequence[Activity]) -> Iterator[Difference]:
    """Yield the differences during planned time. Work outside the shift is not an exception."""
    for plan in planned:
        inner = (edge for activity in actual for edge in activity[1:] if plan.start < edge < plan.end)
        for start, end in pairwise(sorted({plan.start, plan.end, *inner})):
            doing = next((part.category for part in actual if part.start <= start < part.end), UNSCHEDULED)
            if doing != plan.category:
                yield Difference(start, end, plan.category, doing)


def user_result(
    days: Sequence[tuple[int, AgentAdherence]], origin: int, *, exceptions: bool, actuals: bool
) -> dict[str, Any]:
    """Return the ``WfmHistoricalAdherenceBulkUserResult`` of one agent.

    Each day comes with the instant of its beginning. Offsets count from ``origin``. An undefined percentage is absent.
    """
    total = _sum([day for _, day in days])
    return {
        "userId": total.agent_id,
        **_percentages(total),
        "impact": "Negative" if total.differences else "Neutral",
        "exceptionInfo": [_exception_json(part, origin) for part in total.differences] if exceptions else [],
        "actuals": [_actual_json(activity, origin) for activity in total.actuals] if actuals else [],
        "dayMetrics": [
            {"dayStartOffsetSeconds": (start - origin) // 1000, **_day_metrics(day), **_percentages(day)}
            for start, day in days
        ],
    }


def _sum(days: Sequence[AgentAdherence]) -> AgentAdherence:
    return AgentAdherence(
        days[0].agent_id,
        sum(day.planned for day in days),
        sum(day.worked for day in days),
        sum(day.planned_work for day in days),
        sum(day.actual_work for day in days),
        tuple(difference for day in days for difference in day.differences),
        tuple(activity for day in days for activity in day.actuals),
    )


def _percentages(sums: AgentAdherence) -> dict[str, float]:
    conformance = round(sums.actual_work / sums.planned_work * 100, 2) if sums.planned_work else None
    percentages = {"adherencePercentage": sums.percentage, "conformancePercentage": conformance}
    return {name: value for name, value in percentages.items() if value is not None}


def _day_metrics(day: AgentAdherence) -> dict[str, Any]:
    return {
        "adherenceScheduleSeconds": day.planned // 1000,
        "conformanceScheduleSeconds": day.planned_work // 1000,
        "conformanceActualSeconds": day.actual_work // 1000,
        "exceptionCount": len(day.differences),
        "exceptionDurationSeconds": day.exception_ms // 1000,
        "impactSeconds": -(day.exception_ms // 1000),
        "scheduleLengthSeconds": day.planned // 1000,
        "actualLengthSeconds": day.worked // 1000,
    }


def _exception_json(difference: Difference, origin: int) -> dict[str, Any]:
    return {
        "startOffsetSeconds": (difference.start - origin) // 1000,
        "endOffsetSeconds": (difference.end - origin) // 1000,
        "scheduledActivityCategory": difference.planned,
        "actualActivityCategory": difference.actual,
        "systemPresence": _PRESENCE[difference.actual],
        "routingStatus": "IDLE" if difference.actual == "OnQueueWork" else "OFF_QUEUE",
        "impact": "Negative",
    }


def _actual_json(activity: Activity, origin: int) -> dict[str, Any]:
    return {
        "actualActivityCategory": activity.category,
        "startOffsetSeconds": (activity.start - origin) // 1000,
        "endOffsetSeconds": (activity.end - origin) // 1000,
    }
