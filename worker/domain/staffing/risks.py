"""Find the half-hours of today that are short of agents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from worker.domain.rounding import FLOAT_ERROR
from worker.domain.staffing.day_model import Waiting, share_in_time

MOST_RISKS = 3
MOST_AGENTS = 10_000


@dataclass(frozen=True, slots=True)
class PlannedHalfHour:
    """What is expected of a half-hour. ``agents`` need not be whole."""

    start: str
    contacts: float
    handle_seconds: float
    agents: float


@dataclass(frozen=True, slots=True)
class Risk:
    """A half-hour that is short. ``contacts_short``: so many more would have to be answered in time."""

    start: str
    contacts_short: float
    service_level: float
    required_agents: int


def riskiest(half_hours: Iterable[PlannedHalfHour], waiting: Waiting, goal: float) -> list[Risk]:
    """Return the half-hours that are furthest short of the goal, in contacts, the worst first and three at most."""
    risks = []
    for plan in half_hours:
        level = share_in_time(plan.agents, plan.contacts, plan.handle_seconds, waiting)
        short = (goal - level) * plan.contacts
        if short > FLOAT_ERROR:
            risks.append(Risk(plan.start, short, level, required(plan.contacts, plan.handle_seconds, waiting, goal)))
    return sorted(risks, key=lambda risk: (-round(risk.contacts_short, 9), risk.start))[:MOST_RISKS]


def required(contacts: float, handle_seconds: float, waiting: Waiting, goal: float) -> int:
    """Return how many agents a half-hour needs, at most `MOST_AGENTS`."""
    low, high = 0, 1
    while high < MOST_AGENTS and share_in_time(high, contacts, handle_seconds, waiting) < goal - FLOAT_ERROR:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        is_enough = share_in_time(middle, contacts, handle_seconds, waiting) >= goal - FLOAT_ERROR
        low, high = (low, middle) if is_enough else (middle, high)
    return high
