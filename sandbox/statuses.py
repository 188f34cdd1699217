"""Agents' routing statuses and presences: derived from what they handled, and summed up for the API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sandbox.records import Activity, Shift, Stretch
from sandbox.spans import Span, common, union, without

PRESENCES = {"OnQueueWork": "ON_QUEUE", "Break": "BREAK", "Meal": "MEAL", "Unavailable": "AWAY"}
"""System presence by WFM category."""


def stretches(
    agent_id: str, handled: Iterable[Span], asides: Iterable[tuple[str, Span]], activities: Iterable[Activity]
) -> Iterator[Stretch]:
    """One agent's day: INTERACTING while handling, else what the asides say, else IDLE or OFF_QUEUE."""
    taken = union(handled)
    yield from (Stretch(agent_id, "INTERACTING", *span) for span in taken)
    for status, span in asides:
        yield from (Stretch(agent_id, status, *left) for left in without([span], taken))
        taken = union([*taken, span])
    for activity in activities:
        status = "IDLE" if activity.category == "OnQueueWork" else "OFF_QUEUE"
        for left in without([(activity.start, activity.end)], taken):
            yield Stretch(agent_id, status, *left)


def routing(found: Iterable[Stretch], span: Span) -> dict[str, dict[str, int]]:
    """Milliseconds by agent and routing status within the span; nothing is 0."""
    sums: dict[str, dict[str, int]] = {}
    for stretch in found:
        if lasted := common(span, (stretch.start, stretch.end)):
            of_agent = sums.setdefault(stretch.agent_id, {})
            of_agent[stretch.status] = of_agent.get(stretch.status, 0) + lasted
    return sums


def presences(shifts: Iterable[Shift], span: Span) -> dict[str, dict[str, int]]:
    """Milliseconds by agent and system presence within the span; nothing is 0."""
    sums: dict[str, dict[str, int]] = {}
    for shift in shifts:
        for activity in shift.actual:
            if lasted := common(span, (activity.start, activity.end)):
                of_agent = sums.setdefault(shift.agent_id, {})
                presence = PRESENCES[activity.category]
                of_agent[presence] = of_agent.get(presence, 0) + lasted
    return sums
