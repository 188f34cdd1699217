"""Renews the leases of the steps that this process does, all of them in one thread and one round trip.

Most steps end before their lease is renewed, so a thread for each of them would only cost.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from worker.domain.runs import RunId
from worker.state.runs import LEASE_SECONDS, Runs

RENEWAL_SECONDS = LEASE_SECONDS / 4
"""How long after its last renewal, or its beginning, a lease is renewed."""

LOOK_SECONDS = 1.0
"""How often the thread looks which leases to renew."""

log = structlog.get_logger("standup.step")


@dataclass(eq=False)
class _Lease:
    run_id: RunId
    holder: str
    longest_seconds: float
    renew_at: float


class LeaseKeeper:
    """Renews the leases of one ledger. The thread begins with the first lease, and waits while there is none."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._leases: set[_Lease] = set()
        self._lock = threading.Lock()
        self._has_leases = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def renewing(self, run_id: RunId, holder: str, longest_seconds: float) -> Iterator[None]:
        """Renew the lease as long as the block runs, but no longer than the step may take."""
        lease = _Lease(run_id, holder, longest_seconds, time.monotonic() + RENEWAL_SECONDS)
        self._add(lease)
        try:
            yield
        finally:
            with self._lock:
                self._leases.discard(lease)

    def _add(self, lease: _Lease) -> None:
        with self._lock:
            self._leases.add(lease)
            if self._thread is None:
                self._thread = threading.Thread(target=self._renew_for_ever, daemon=True, name="leases")
                self._thread.start()
            self._has_leases.set()

    def _renew_for_ever(self) -> None:
        while True:
            self._has_leases.wait()
            time.sleep(LOOK_SECONDS)
            self.renew_due(time.monotonic())

    def renew_due(self, now: float) -> None:
        """Renew the leases that are due. One that the ledger refuses is not renewed again."""
        with self._lock:
            if not self._leases:
                self._has_leases.clear()
            due = [lease for lease in self._leases if lease.renew_at <= now]
        if not due:
            return
        try:
            answers = self._runs.renew((lease.run_id, lease.holder, lease.longest_seconds) for lease in due)
        except Exception as error:
            log.warning("leases not renewed", error=type(error).__name__)
            return
        for lease, is_renewed in zip(due, answers, strict=True):
            if is_renewed:
                lease.renew_at = now + RENEWAL_SECONDS
            else:
                self._drop(lease)

    def _drop(self, lease: _Lease) -> None:
        with self._lock:
            is_ongoing = lease in self._leases  # a step that has just ended has given its lease back
            self._leases.discard(lease)
        if is_ongoing:
            reason = "the step takes too long, or another worker has it"
            log.warning("the lease is not renewed", run=str(lease.run_id), because=reason)
