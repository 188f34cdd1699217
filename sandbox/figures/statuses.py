"""Agents' routing statuses and presences: derived from calls and shifts, and summed for the API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sandbox.records.instants import Span, overlap, subtract, union
from sandbox.records.model import Activity, Shift, StatusPeriod

PRESENCES = {"OnQueueWork": "ON_QUEUE", "Break": "BREAK", "Meal": "MEAL", "Unavailable": "AWAY"}
"""System presence by WFM category."""


def status_periods(
    agent_id: str, handled: Iterable[Span], other_work: Iterable[tuple[str, Span]], activities: Iterable[Activity]
) -> Iterator[StatusPeriod]:
    """Yield the statuses of one agent's day.

    The agent is INTERACTING while handling calls, else in the status of ``other_work``, else IDLE or OFF_QUEUE.
    """
    covered = union(handled)
    yield from (StatusPeriod(agent_id, "INTERACTING", *span) for span in covered)
    for status, span in other_work:
        yield from (StatusPeriod(agent_id, status, *rest) for rest in subtract([span], covered))
        covered = union([*covered, span])
    for activity in activities:
        status = "IDLE" if activity.category == "OnQueueWork" else "OFF_QUEUE"
        for rest in subtract([(activity.start, activity.end)], covered):
            yield StatusPeriod(agent_id, status, *rest)


def routing_times(periods: Iterable[StatusPeriod], span: Span) -> dict[str, dict[str, int]]:
    """Return the milliseconds by agent and routing status within the span. A status without time is absent."""
    sums: dict[str, dict[str, int]] = {}
    for period in periods:
        if duration := overlap(span, (period.start, period.end)):
            times = sums.setdefault(period.agent_id, {})
            times[period.status] = times.get(period.status, 0) + duration
    return sums


def presence_times(shifts: Iterable[Shift], span: Span) -> dict[str, dict[str, int]]:
    """Return the milliseconds by agent and system presence within the span. A presence without time is absent."""
    sums: dict[str, dict[str, int]] = {}
    for shift in shifts:
        for activity in shift.actual:
            if duration := overlap(span, (activity.start, activity.end)):
                times = sums.setdefault(shift.agent_id, {})
                presence = PRESENCES[activity.category]
                times[presence] = times.get(presence, 0) + duration
    return sums
