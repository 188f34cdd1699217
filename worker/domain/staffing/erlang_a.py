"""Erlang A: callers hang up after a random time. It also holds when more contacts come than can be served.

The formulas are those of Baccelli and Hébuterne for the M/M/c+G queue with exponential times to abandonment, as in
Mandelbaum and Zeltyn, "Service engineering in action: the Palm/Erlang-A queue" (2007). The integrals over the waiting
time are computed with Gauss–Legendre points in pieces that begin at the peak of the integrand and double in width.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from worker.domain.staffing.erlang_c import inverse_blocking

_NEGLIGIBLE = 42.0
"""The integrand is left out where it is less than e^−42 of its peak."""

_FIRST_PIECE = 1.5
"""The width of the first piece, in units of the integrand's own width."""

# the points and weights of order 12 on [−1, 1]: Abramowitz and Stegun, table 25.4
_HALF_POINTS = (
    (0.125233408511468915, 0.249147045813402785),
    (0.367831498998180194, 0.233492536538354809),
    (0.587317954286617447, 0.203167426723065922),
    (0.769902674194304687, 0.160078328543346226),
    (0.904117256370474857, 0.106939325995318431),
    (0.981560634246719251, 0.047175336386511827),
)
_POINTS = tuple((sign * point, weight) for point, weight in _HALF_POINTS for sign in (-1, 1))


@dataclass(frozen=True, slots=True)
class HalfHour:
    """What comes of a half-hour in the long run. ``waits`` is the share of contacts that wait at all.

    ``in_time`` and ``abandoned`` are shares of the contacts offered, ``answer_seconds`` is the mean wait of those
    answered, and ``occupancy`` the share of the agents' time that is spent with contacts.
    """

    in_time: float
    abandoned: float
    waits: float
    answer_seconds: float
    occupancy: float


@lru_cache(maxsize=65_536)
def half_hour(
    agents: int,
    contacts_per_second: float,
    handle_seconds: float,
    seconds_until_abandoning: float,
    within_seconds: float,
) -> HalfHour:
    """Return what one agent or more make of these contacts. There is at least a fraction of a contact."""
    queue = _Queue(contacts_per_second, agents / handle_seconds, 1 / seconds_until_abandoning)
    integrals = queue.integrals(within_seconds)
    load = contacts_per_second * handle_seconds
    idle = math.exp(-queue.exponent(queue.peak)) * (inverse_blocking(agents - 1, load) if agents > 1 else 1.0)
    factor = contacts_per_second / (idle + contacts_per_second * integrals.reached)
    waits = factor * integrals.reached
    abandoned = waits - factor * integrals.staying
    return HalfHour(
        in_time=1 - waits + factor * integrals.staying_in_time,
        abandoned=abandoned,
        waits=waits,
        answer_seconds=factor * integrals.staying_seconds / (1 - abandoned),
        occupancy=load * (1 - abandoned) / agents,
    )


@dataclass(slots=True)
class _Integrals:
    """Integrals over the wait that a contact meets, all relative to the peak of the integrand."""

    reached: float = 0.0
    staying: float = 0.0
    staying_in_time: float = 0.0
    staying_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Queue:
    arrivals: float
    service: float
    """Contacts that all agents together finish per second."""
    abandonment: float
    """The rate at which a waiting contact hangs up."""

    @property
    def peak(self) -> float:
        """The wait at which the integrand is largest."""
        return math.log(self.arrivals / self.service) / self.abandonment if self.arrivals > self.service else 0.0

    def exponent(self, wait: float) -> float:
        """Return the logarithm of the integrand."""
        return self.arrivals * -math.expm1(-self.abandonment * wait) / self.abandonment - self.service * wait

    def integrals(self, within_seconds: float) -> _Integrals:
        """Return the integrals, ``staying_in_time`` up to the seconds within which a contact counts as in time."""
        top, sums = self.exponent(self.peak), _Integrals()
        for start, end in self._pieces(within_seconds):
            middle, half = (start + end) / 2, (end - start) / 2
            for point, weight in _POINTS:
                wait = middle + half * point
                reached = half * weight * math.exp(self.exponent(wait) - top)
                staying = reached * math.exp(-self.abandonment * wait)
                sums.reached += reached
                sums.staying += staying
                sums.staying_in_time += staying if end <= within_seconds else 0.0
                sums.staying_seconds += staying * wait
        return sums

    def _pieces(self, cut: float) -> Iterator[tuple[float, float]]:
        """Yield the pieces to integrate over, in order, with a border at ``cut``."""
        ends = sorted({0.0, self.peak, *self._borders(1), *self._borders(-1)})
        if ends[0] < cut < ends[-1]:
            ends = sorted({*ends, cut})
        yield from pairwise(ends)

    def _borders(self, direction: int) -> Iterator[float]:
        """Yield the borders of the pieces on one side of the peak, until the integrand is negligible."""
        rate = max(self.service - self.arrivals, 0.0)
        rate += math.sqrt(self.abandonment * min(self.service, self.arrivals))
        width, border, top = _FIRST_PIECE / rate, self.peak, self.exponent(self.peak)
        while True:
            border = max(border + direction * width, 0.0)
            yield border
            if border == 0 or top - self.exponent(border) > _NEGLIGIBLE:
                return
            width *= 2
