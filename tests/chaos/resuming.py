"""Measures how long an interrupted step waits: from the fault until another worker has begun the step again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from redis import Redis
from redis.exceptions import RedisError

from worker.state.runs import LEASE_SECONDS

LOOK_SECONDS = 0.25
_OPEN, _RUN = "standup:open", "standup:run:"


@dataclass(frozen=True, slots=True)
class Lease:
    """Who is in a step, and until when if nothing renews the lease. Instants are in seconds since 1970."""

    holder: str
    ends_at: float

    @property
    def renewed_at(self) -> float:
        """The last instant at which the holder was certainly alive."""
        return self.ends_at - LEASE_SECONDS


@dataclass(frozen=True, slots=True)
class Resumption:
    """A step that was interrupted, and begun again by another worker after the lease of the first one had ended."""

    run_id: str
    interrupted_at: float
    lease_ended_at: float
    begun_at: float

    @property
    def seconds(self) -> float:
        """The time from the fault until the step was begun again."""
        return self.begun_at - self.interrupted_at


@dataclass
class ResumptionWatch:
    """Looks at all leases several times a second. ``faults`` are the instants at which something was broken."""

    redis: Redis
    faults: list[float] = field(default_factory=list)
    resumptions: list[Resumption] = field(default_factory=list)
    _leases: dict[str, Lease] = field(default_factory=dict)

    def run(self, ended: threading.Event) -> None:
        """Look until the morning has ended."""
        while not ended.wait(LOOK_SECONDS):
            try:
                self.look(time.time())
            except RedisError:  # a fault has it
                continue

    def look(self, now: float) -> None:
        """Look once, at ``now`` in seconds since 1970."""
        run_ids = cast(list[str], self.redis.zrange(_OPEN, 0, -1))
        pipe = self.redis.pipeline(transaction=False)
        for run_id in run_ids:
            pipe.hmget(f"{_RUN}{run_id}", "holder", "lease_until_ms", "settled_by")
        for run_id, (holder, ends_ms, settled_by) in zip(run_ids, pipe.execute(), strict=True):
            lease = Lease(holder, int(ends_ms) / 1000) if holder and ends_ms else None
            self.note(run_id, lease, now, settled_by or "")

    def note(self, run_id: str, lease: Lease | None, now: float, settled_by: str = "") -> None:
        """Note a run's lease. A new holder after a lease that ran out is a worker that resumes the step.

        ``settled_by`` is who ended a step of the run last. A holder that ended its step while no one could look,
        because Redis was away, was not interrupted.
        """
        former = self._leases.pop(run_id, None)
        if lease:
            self._leases[run_id] = lease
        if not former or not lease or former.holder in (lease.holder, settled_by) or former.ends_at > now:
            return
        instant = interrupted_at(former.renewed_at, self.faults)
        self.resumptions.append(Resumption(run_id, instant, former.ends_at, now))


def interrupted_at(renewed_at: float, faults: Iterable[float]) -> float:
    """Return when a holder was interrupted: at the first fault after it was last seen alive."""
    return min((instant for instant in faults if instant >= renewed_at), default=renewed_at)
