"""Erlang's delay formula: callers who wait as long as it takes."""

from __future__ import annotations

import math


def service_level(agents: int, contacts_per_second: float, handle_seconds: float, within_seconds: float) -> float:
    """Return the share of contacts answered within so many seconds, 0 if the agents cannot keep up."""
    load = contacts_per_second * handle_seconds
    if load >= agents:
        return 0.0
    blocked = 1 / inverse_blocking(agents, load)
    waits = blocked / (1 - load / agents * (1 - blocked))
    return 1 - waits * math.exp(-(agents - load) * within_seconds / handle_seconds)


def inverse_blocking(agents: int, load: float) -> float:
    """Return one over Erlang's blocking probability (formula B), by its recursion. ``load`` is in erlangs."""
    inverse = 1.0
    for number in range(1, agents + 1):
        inverse = 1 + inverse * number / load
    return inverse
