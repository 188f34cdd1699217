"""Ends a worker that is older than what Redis stores, and tells operations once a day.

Such a worker was left behind by an update. It begins no step meanwhile: the ledger refuses it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from worker.alerts import headings
from worker.alerts.forms import Alert
from worker.alerts.sending import AlertSender
from worker.domain.clock import Clock
from worker.state.alert_dedup import AlertDedup
from worker.state.version import WAY_OUT, StateVersion, newer_sentence

LOOK_SECONDS = 5.0

log = structlog.get_logger("standup.version")


@dataclass(frozen=True, slots=True)
class NewerStateWatch:
    """Watches the version of the stored state from one worker process. ``host`` is the worker's machine."""

    version: StateVersion
    dedup: AlertDedup
    sender: AlertSender
    clock: Clock
    host: str

    def run(self, end_worker: Callable[[], None]) -> None:
        """Look every few seconds until the state is too new, then end the worker."""
        while not self._is_too_old():
            time.sleep(LOOK_SECONDS)
        end_worker()

    def _is_too_old(self) -> bool:
        try:
            return self.look()
        except Exception as error:  # Redis is away, which others report: the next look must still happen
            log.debug("version not read", error=type(error).__name__)
            return False

    def look(self) -> bool:
        """Record this worker's version, and return whether a newer one is stored. Then operations hear of it."""
        stored = self.version.raise_to_known()
        if stored <= self.version.readable:
            return False
        sentence = newer_sentence(stored, self.version.readable)
        log.error("this worker is too old and ends", sentence=sentence, way_out=WAY_OUT)
        if self.dedup.claim_old_worker(self.host):
            self.sender.send_or_write_down(self._alert(sentence))
        return True

    def _alert(self, sentence: str) -> Alert:
        return Alert(
            run_id="",
            group_title="all groups",
            step="",
            code="state_newer",
            sentence=f"A worker on {self.host} has ended, because it is older than the others. {sentence} Runs "
            f"continue on the workers that were updated. {WAY_OUT}",
            rerun_command="standup doctor",
            at=self.clock(),
            heading=headings.OLD_WORKER,
        )
