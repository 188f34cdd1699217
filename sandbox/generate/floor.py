"""Who answers whom: a simulation of one day, event by event. Seconds after opening.

Callers wait in their queue; an agent who becomes free takes, among the queues that he or she serves, the caller whose
wait weighs most; a caller whose patience ends gives up. So waits, abandons and occupancy follow from callers and staff
as they do in life, and agree with each other.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

_GAP = 2.0
"""Between two calls an agent has this long at least."""


class Caller(NamedTuple):
    """Somebody who calls: queue (index), instant, how long he or she will wait and talk, and how leave (``exit``)."""

    queue: int
    at: float
    patience: float
    exit: str
    handle: float


class Seat(NamedTuple):
    """An agent: served queues (indexes), and when on queue."""

    serves: frozenset[int]
    on_queue: Sequence[tuple[float, float]]


class Outcome(NamedTuple):
    """How a call went: answered by agent (index) until ``ended``, or left."""

    caller: Caller
    agent: int | None
    answered: float | None
    ended: float


class Aside(NamedTuple):
    """An agent on queue did something else: COMMUNICATING or NOT_RESPONDING."""

    agent: int
    status: str
    start: float
    end: float


class Floor:
    """One day's simulation; `run` plays it once."""

    def __init__(self, seats: Sequence[Seat], weights: Sequence[float], chance: random.Random) -> None:
        self._seats = seats
        self._weights = weights
        self._chance = chance
        self._waiting: list[deque[int]] = [deque() for _ in weights]
        self._gone: set[int] = set()
        self._idle: dict[int, float] = {}
        self._busy_until: dict[int, float] = {}
        self._events: list[tuple[float, int, str, int]] = []
        self._callers: Sequence[Caller] = ()
        self.outcomes: list[Outcome] = []
        self.asides: list[Aside] = []

    def run(self, callers: Sequence[Caller]) -> None:
        """Play the day for callers in order of their calls; fills ``outcomes`` and ``asides``."""
        self._callers = callers
        for n, seat in enumerate(self._seats):
            for start, end in seat.on_queue:
                self._push(start, "free", n)
                self._push(end, "off", n)
        for n, caller in enumerate(callers):
            self._push(caller.at, "call", n)
        turns = {"free": self._free, "off": self._off, "call": self._call, "leave": self._leave}
        while self._events:
            at, _, kind, n = heapq.heappop(self._events)
            turns[kind](at, n)

    def _push(self, at: float, kind: str, n: int) -> None:
        heapq.heappush(self._events, (at, len(self._events), kind, n))

    def _off(self, at: float, agent: int) -> None:
        self._idle.pop(agent, None)

    def _free(self, at: float, agent: int) -> None:
        on_queue = any(start <= at < end for start, end in self._seats[agent].on_queue)
        if not on_queue or at < self._busy_until.get(agent, at):
            return
        waiting = self._most_urgent(at, agent)
        if waiting is None:
            self._idle[agent] = at
        else:
            self._answer(at, agent, waiting)

    def _most_urgent(self, at: float, agent: int) -> int | None:
        best, heaviest = None, -1.0
        for queue in self._seats[agent].serves:
            line = self._waiting[queue]
            while line and line[0] in self._gone:
                line.popleft()
            if line and (weight := (at - self._callers[line[0]].at + 1) * self._weights[queue]) > heaviest:
                best, heaviest = queue, weight
        return None if best is None else self._waiting[best].popleft()

    def _call(self, at: float, n: int) -> None:
        queue = self._callers[n].queue
        ready = [agent for agent in self._idle if queue in self._seats[agent].serves]
        if ready:
            agent = min(ready, key=self._idle.__getitem__)
            del self._idle[agent]
            if self._chance.random() < 0.004:
                self._aside(at, agent, "NOT_RESPONDING", 30.0)
                self._call(at, n)
                return
            self._answer(at, agent, n)
        else:
            self._waiting[queue].append(n)
            self._push(at + self._callers[n].patience, "leave", n)

    def _answer(self, at: float, agent: int, n: int) -> None:
        self._gone.add(n)
        caller = self._callers[n]
        picked = at + self._chance.uniform(1.0, 4.5)
        ended = picked + caller.handle
        self.outcomes.append(Outcome(caller, agent, picked, ended))
        if self._chance.random() < 0.05:
            self._aside(ended, agent, "COMMUNICATING", self._chance.uniform(40, 240))
        else:
            self._busy(agent, ended + _GAP)

    def _aside(self, at: float, agent: int, status: str, seconds: float) -> None:
        self.asides.append(Aside(agent, status, at, at + seconds))
        self._busy(agent, at + seconds)

    def _busy(self, agent: int, until: float) -> None:
        self._busy_until[agent] = until
        self._push(until, "free", agent)

    def _leave(self, at: float, n: int) -> None:
        if n not in self._gone:
            self._gone.add(n)
            self.outcomes.append(Outcome(self._callers[n], None, None, at))
