"""The service level of a day, half-hour by half-hour, with all agents serving all queues."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from worker.domain.staffing import erlang_a

HALF_HOUR_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long contacts wait before they hang up, in the mean, and within how many seconds they count as in time."""

    seconds_until_abandoning: float
    within_seconds: float


def share_in_time(agents: float, contacts: float, handle_seconds: float, waiting: Waiting) -> float:
    """Return the share of a half-hour's contacts that are answered in time.

    ``agents`` need not be whole: between two whole numbers the share is taken to be linear.
    """
    if contacts <= 0:
        return 1.0
    fewer = math.floor(agents)
    part = agents - fewer
    low = _of_whole_agents(fewer, contacts, handle_seconds, waiting)
    return low if part == 0 else low + part * (_of_whole_agents(fewer + 1, contacts, handle_seconds, waiting) - low)


def _of_whole_agents(agents: int, contacts: float, handle_seconds: float, waiting: Waiting) -> float:
    if agents < 1:
        return 0.0
    times = waiting.seconds_until_abandoning, waiting.within_seconds
    return erlang_a.half_hour(agents, contacts / HALF_HOUR_SECONDS, handle_seconds, *times).in_time


def service_level(agents: Sequence[float], contacts: Sequence[float], handle_seconds: float, waiting: Waiting) -> float:
    """Return the share of the day's contacts that are answered in time."""
    in_time = sum(
        count * share_in_time(staff, count, handle_seconds, waiting)
        for staff, count in zip(agents, contacts, strict=True)
    )
    return in_time / sum(contacts)
