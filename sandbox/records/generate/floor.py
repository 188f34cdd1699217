"""A simulation of who answers whom on one day, event by event. Times are seconds after opening.

Callers wait in their queue. A free agent takes the caller with the heaviest wait among the agent's queues. Callers give
up when they have waited as long as they are willing to. Waits, abandons and occupancy therefore follow from callers and
staff, as in life, and agree with each other.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

_GAP = 2.0
"""The shortest break of an agent between two calls, in seconds."""


class Caller(NamedTuple):
    """A caller: index of the queue, time of the call, longest wait, how a waiting caller leaves, and handle time."""

    queue: int
    time: float
    longest_wait: float
    exit: str
    handle: float


class Seat(NamedTuple):
    """An agent: indexes of the agent's queues, and when the agent is on queue."""

    serves: frozenset[int]
    on_queue: Sequence[tuple[float, float]]


class Outcome(NamedTuple):
    """How a call went. ``agent`` is an index, None for a caller who left."""

    caller: Caller
    agent: int | None
    answered: float | None
    ended: float


class OtherWork(NamedTuple):
    """A time span in which an agent on queue was COMMUNICATING or NOT_RESPONDING."""

    agent: int
    status: str
    start: float
    end: float


class Floor:
    """The simulation of one day. `run` plays it once."""

    def __init__(self, seats: Sequence[Seat], weights: Sequence[float], chance: random.Random) -> None:
        self._seats = seats
        self._weights = weights
        self._chance = chance
        self._waiting: list[deque[int]] = [deque() for _ in weights]
        self._finished: set[int] = set()
        self._idle: dict[int, float] = {}
        self._busy_until: dict[int, float] = {}
        self._events: list[tuple[float, int, str, int]] = []
        self._callers: Sequence[Caller] = ()
        self.outcomes: list[Outcome] = []
        self.other_work: list[OtherWork] = []

    def run(self, callers: Sequence[Caller]) -> None:
        """Play the day for callers in order of their calls. Fill ``outcomes`` and ``other_work``."""
        self._callers = callers
        for n, seat in enumerate(self._seats):
            for start, end in seat.on_queue:
                self._push(start, "free", n)
                self._push(end, "off", n)
        for n, caller in enumerate(callers):
            self._push(caller.time, "call", n)
        handlers = {"free": self._free, "off": self._log_off, "call": self._call, "leave": self._leave}
        while self._events:
            time, _, kind, n = heapq.heappop(self._events)
            handlers[kind](time, n)

    def _push(self, time: float, kind: str, n: int) -> None:
        heapq.heappush(self._events, (time, len(self._events), kind, n))

    def _log_off(self, time: float, agent: int) -> None:
        self._idle.pop(agent, None)

    def _free(self, time: float, agent: int) -> None:
        on_queue = any(start <= time < end for start, end in self._seats[agent].on_queue)
        if not on_queue or time < self._busy_until.get(agent, time):
            return
        caller = self._most_urgent(time, agent)
        if caller is None:
            self._idle[agent] = time
        else:
            self._answer(time, agent, caller)

    def _most_urgent(self, time: float, agent: int) -> int | None:
        best, heaviest = None, -1.0
        for queue in self._seats[agent].serves:
            line = self._waiting[queue]
            while line and line[0] in self._finished:
                line.popleft()
            if line and (weight := (time - self._callers[line[0]].time + 1) * self._weights[queue]) > heaviest:
                best, heaviest = queue, weight
        return None if best is None else self._waiting[best].popleft()

    def _call(self, time: float, n: int) -> None:
        queue = self._callers[n].queue
        ready = [agent for agent in self._idle if queue in self._seats[agent].serves]
        if ready:
            agent = min(ready, key=self._idle.__getitem__)
            del self._idle[agent]
            if self._chance.random() < 0.004:
                self._start_other_work(time, agent, "NOT_RESPONDING", 30.0)
                self._call(time, n)
                return
            self._answer(time, agent, n)
        else:
            self._waiting[queue].append(n)
            self._push(time + self._callers[n].longest_wait, "leave", n)

    def _answer(self, time: float, agent: int, n: int) -> None:
        self._finished.add(n)
        caller = self._callers[n]
        answered = time + self._chance.uniform(1.0, 4.5)
        ended = answered + caller.handle
        self.outcomes.append(Outcome(caller, agent, answered, ended))
        if self._chance.random() < 0.05:
            self._start_other_work(ended, agent, "COMMUNICATING", self._chance.uniform(40, 240))
        else:
            self._busy(agent, ended + _GAP)

    def _start_other_work(self, time: float, agent: int, status: str, seconds: float) -> None:
        self.other_work.append(OtherWork(agent, status, time, time + seconds))
        self._busy(agent, time + seconds)

    def _busy(self, agent: int, end: float) -> None:
        self._busy_until[agent] = end
        self._push(end, "free", agent)

    def _leave(self, time: float, n: int) -> None:
        if n not in self._finished:
            self._finished.add(n)
            self.outcomes.append(Outcome(self._callers[n], None, None, time))
