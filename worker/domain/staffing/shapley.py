"""Share a change among the factors that made it. Each share is the mean over all orders of change (Shapley, 1953)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import product

Switches = tuple[bool, ...]
"""For each factor: whether it has its new value."""


def shares(values: Mapping[Switches, float]) -> tuple[float, ...]:
    """Return each factor's share of the change. ``values`` holds the value for every combination of factors.

    A factor's share is the mean of what it adds, over all orders in which the factors can change.
    """
    count = len(next(iter(values)))
    return tuple(
        math.fsum(
            _weight(sum(switches), count) * (values[_switched_on(switches, factor)] - values[switches])
            for switches in product((False, True), repeat=count)
            if not switches[factor]
        )
        for factor in range(count)
    )


def _weight(changed: int, count: int) -> float:
    """Return the share of all orders in which exactly these ``changed`` factors come before a given one."""
    return math.factorial(changed) * math.factorial(count - changed - 1) / math.factorial(count)


def _switched_on(switches: Switches, factor: int) -> Switches:
    return (*switches[:factor], True, *switches[factor + 1 :])
