"""Shifts → historical adherence, as WFM reckons it: where the actual activity differs from the planned one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from sandbox.records import Activity, Shift
from sandbox.spans import Span

GRACE_MS = 60_000
"""Shorter differences are no exceptions: the management unit's exception threshold."""

_PRESENCE = {
    "OnQueueWork": "OnQueue",
    "Break": "Break",
    "Meal": "Meal",
    "Unavailable": "Away",
    "Unscheduled": "Offline",
}
UNSCHEDULED = "Unscheduled"


class Difference(NamedTuple):
    """A stretch in which an agent did something else than planned."""

    start: int
    end: int
    planned: str
    actual: str


class AgentAdherence(NamedTuple):
    """One agent's sums over a span, in ms; ``planned`` is the schedule's length without unscheduled time."""

    agent_id: str
    planned: int
    worked: int
    planned_work: int
    actual_work: int
    differences: tuple[Difference, ...]
    actuals: tuple[Activity, ...]

    @property
    def excepted(self) -> int:
        """How long the agent was off schedule."""
        return sum(one.end - one.start for one in self.differences)

    @property
    def percentage(self) -> float | None:
        """0 to 100; None where nothing was planned or nothing was worked."""
        if not self.planned or not self.worked:
            return None
        return round(max(0.0, 1 - self.excepted / self.planned) * 100, 2)


def adherence(shifts: Iterable[Shift], span: Span) -> list[AgentAdherence]:
    """The adherence of every agent with a shift in the span."""
    found: dict[str, tuple[list[Activity], list[Activity]]] = {}
    for shift in shifts:
        planned, actual = found.setdefault(shift.agent_id, ([], []))
        planned += _within(shift.planned, span)
        actual += _within(shift.actual, span)
    return [_of_agent(agent, planned, actual) for agent, (planned, actual) in found.items() if planned]


def _within(activities: Iterable[Activity], span: Span) -> Iterator[Activity]:
    for one in activities:
        start, end = max(one.start, span[0]), min(one.end, span[1])
        if start < end:
            yield Activity(one.category, start, end)


def _of_agent(agent_id: str, planned: Sequence[Activity], actual: Sequence[Activity]) -> AgentAdherence:
    return AgentAdherence(
        agent_id,
        _length(planned),
        _length(actual),
        _length(one for one in planned if one.category == "OnQueueWork"),
        _length(one for one in actual if one.category == "OnQueueWork"),
        tuple(one for one in _differences(planned, actual) if one.end - one.start > GRACE_MS),
        tuple(actual),
    )


def _length(activities: Iterable[Activity]) -> int:
    return sum(one.end - one.start for one in activities)


def _differences(planned: Sequence[Activity], actual: Sequence[Activity]) -> Iterator[Difference]:
    """Only planned time counts: work outside the shift is no exception."""
    for one in planned:
        cuts = sorted(
            {one.start, one.end, *(cut for other in actual for cut in other[1:] if one.start < cut < one.end)}
        )
        for start, end in pairwise(cuts):
            doing = next((other.category for other in actual if other.start <= start < other.end), UNSCHEDULED)
            if doing != one.category:
                yield Difference(start, end, one.category, doing)


def user_result(
    days: Sequence[tuple[int, AgentAdherence]], origin: int, *, exceptions: bool, actuals: bool
) -> dict[str, Any]:
    """A ``WfmHistoricalAdherenceBulkUserResult`` of one agent's days, each with its beginning; offsets count from
    ``origin``. An undefined percentage is absent.
    """
    whole = _sum([day for _, day in days])
    return {
        "userId": whole.agent_id,
        **_percentages(whole),
        "impact": "Negative" if whole.differences else "Neutral",
        "exceptionInfo": [_exception(each, origin) for each in whole.differences] if exceptions else [],
        "actuals": [_actual(each, origin) for each in whole.actuals] if actuals else [],
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
        tuple(one for day in days for one in day.differences),
        tuple(one for day in days for one in day.actuals),
    )


def _percentages(one: AgentAdherence) -> dict[str, float]:
    conformance = round(one.actual_work / one.planned_work * 100, 2) if one.planned_work else None
    stated = {"adherencePercentage": one.percentage, "conformancePercentage": conformance}
    return {name: value for name, value in stated.items() if value is not None}


def _day_metrics(one: AgentAdherence) -> dict[str, Any]:
    return {
        "adherenceScheduleSeconds": one.planned // 1000,
        "conformanceScheduleSeconds": one.planned_work // 1000,
        "conformanceActualSeconds": one.actual_work // 1000,
        "exceptionCount": len(one.differences),
        "exceptionDurationSeconds": one.excepted // 1000,
        "impactSeconds": -(one.excepted // 1000),
        "scheduleLengthSeconds": one.planned // 1000,
        "actualLengthSeconds": one.worked // 1000,
    }


def _exception(one: Difference, origin: int) -> dict[str, Any]:
    return {
        "startOffsetSeconds": (one.start - origin) // 1000,
        "endOffsetSeconds": (one.end - origin) // 1000,
        "scheduledActivityCategory": one.planned,
        "actualActivityCategory": one.actual,
        "systemPresence": _PRESENCE[one.actual],
        "routingStatus": "IDLE" if one.actual == "OnQueueWork" else "OFF_QUEUE",
        "impact": "Negative",
    }


def _actual(one: Activity, origin: int) -> dict[str, Any]:
    return {
        "actualActivityCategory": one.category,
        "startOffsetSeconds": (one.start - origin) // 1000,
        "endOffsetSeconds": (one.end - origin) // 1000,
    }
