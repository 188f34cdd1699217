"""Injects a fault at its time, or when a worker reaches its moment, and repairs it when it has lasted long enough."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from tests.chaos.breaking import BREAKS
from tests.chaos.faults import Fault
from tests.chaos.moments import moment
from tests.chaos.processes import Repair
from tests.chaos.proxy import Trap
from tests.chaos.stage import Stage

LOOK_SECONDS = 0.2
"""How long to wait until there is something to break, between two looks."""


@dataclass
class Injection:
    """A fault and what became of it. Instants are in seconds since 1970; 0: it did not happen.

    ``stage`` is where, and ``fault_instants`` gets the instant. ``is_over``: all runs have ended, so that no moment is
    awaited any more.
    """

    fault: Fault
    stage: Stage
    fault_instants: list[float]
    is_over: threading.Event
    began_at: float = 0.0
    ended_at: float = 0.0
    repairs: list[Repair] = field(default_factory=list)

    @property
    def happened(self) -> bool:
        """Tell whether its moment came."""
        return bool(self.began_at)

    def play(self) -> None:
        """Break, wait, and repair."""
        if self.fault.moment:
            self._wait_for_moment()
        else:
            self._wait_for_victim()
        if self.happened:
            time.sleep(self.fault.seconds)
        for repair in self.repairs:
            repair()
        self.ended_at = time.time() if self.happened else 0.0

    def _wait_for_victim(self) -> None:
        """Break as soon as there is something to break."""
        while not self.is_over.is_set() and not self.happened:
            self._break(None)
            if not self.happened:
                self.is_over.wait(LOOK_SECONDS)

    def _wait_for_moment(self) -> None:
        awaited = moment(self.fault.moment, self.fault.side)
        proxy = self.stage.proxies[awaited.server]
        trap = Trap(awaited, self._break)
        proxy.set_trap(trap)
        while not trap.has_struck.wait(0.5):
            if self.is_over.is_set() and trap.cancel():
                return

    def _break(self, client_port: int | None) -> None:
        instant = time.time()
        repair = BREAKS[self.fault.kind](self.stage, self.fault, client_port)
        if repair:
            self.began_at = instant
            self.fault_instants.append(instant)
            self.repairs.append(repair)
