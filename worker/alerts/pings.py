"""Pings a monitor outside, which raises an alarm when no ping comes: after each question of beat and each morning.

Nothing inside the system can report that beat, all workers or the whole machine are gone. Services such as
healthchecks.io expect a request to an address of its own in every period. The address is the only secret, so no log
contains it. Without addresses nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from urllib.request import Request, build_opener

import structlog
from pydantic import SecretStr

from worker.alerts.webhook import DeadlineHandler
from worker.deadline import Deadline, allowance_seconds
from worker.domain.runs import RunState
from worker.state.runs import Runs
from worker.state.watch import Watch

PING_SECONDS = 5.0
MORNING_MS = 20 * 3600 * 1000
"""Runs that began longer before the newest one belong to an earlier morning."""

_WAITED_FOR = (RunState.FAILED, RunState.MISSED)

log = structlog.get_logger("standup.ping")

SendPing = Callable[[SecretStr], bool]
"""Requests an address and tells whether it answered."""


@dataclass(frozen=True, slots=True)
class Pings:
    """The pings of this installation. An address that is None gets none."""

    tick_url: SecretStr | None
    morning_url: SecretStr | None
    runs: Runs
    watch: Watch
    send: SendPing

    def after_tick(self) -> None:
        """Ping: beat has asked and a worker has answered. Also ping if that finished the morning."""
        if self.tick_url:
            self.send(self.tick_url)
        if self.morning_url:
            self._after_morning(self.morning_url)

    def _after_morning(self, url: SecretStr) -> None:
        """Ping once when every run since the last ping has reached people. A failed one is waited for."""
        newest_ms = self.runs.newest_claim_ms()
        pinged_ms = self.watch.pinged_claim_ms()
        if newest_ms <= pinged_ms or self.runs.open_count():
            return
        if self.runs.any_claimed_since(max(pinged_ms + 1, newest_ms - MORNING_MS), _WAITED_FOR):
            return
        if self.send(url):
            self.watch.record_ping(newest_ms)


def send_ping(url: SecretStr) -> bool:
    """Request the address. A monitor that does not answer is no reason to stop: it raises its alarm by itself."""
    with Deadline() as deadline:
        deadline.begin(allowance_seconds(PING_SECONDS))
        opener = build_opener(DeadlineHandler(deadline))
        try:
            with opener.open(Request(url.get_secret_value()), timeout=PING_SECONDS):  # noqa: S310 - settings admit only http(s)
                if not deadline.passed:  # http.client accepts headers that are cut off
                    return True
                failure = TimeoutError.__name__
        except (OSError, HTTPException, ValueError) as error:
            failure = type(error).__name__
    log.warning("the monitor did not answer a ping", error=failure)
    return False
