"""Say which activities of agents fall into a risk window, so that somebody can move them out of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from worker.domain.today.outlook import MovableAgents, RiskWindow
from worker.domain.today.plan import Movable, PlannedActivity


def movable_agents(activities: Sequence[PlannedActivity], window: RiskWindow) -> tuple[MovableAgents, ...]:
    """Return how many agents are in each kind of activity at the same time in the window. The most come first.

    At the same time: an agent with two meetings in the window is one agent.
    """
    counts = [
        MovableAgents(kind, _most_at_once((part for part in activities if part.kind is kind), window))
        for kind in Movable
    ]
    return tuple(sorted((count for count in counts if count.agents), key=lambda count: -count.agents))


def _most_at_once(activities: Iterable[PlannedActivity], window: RiskWindow) -> int:
    """Return the largest number of agents at any instant of the window. It is reached where an activity begins."""
    start, end = window.start.timestamp(), window.end.timestamp()
    inside = [
        (max(activity.start.timestamp(), start), min(activity.end.timestamp(), end), activity.agents)
        for activity in activities
    ]
    begins = {begin for begin, last, _ in inside if begin < last}
    return max((sum(agents for first, last, agents in inside if first <= begin < last) for begin in begins), default=0)
