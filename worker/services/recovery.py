"""Sends the chains of silent runs again: a worker was killed, or Redis lost a message."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from worker.domain.runs import RunId, RunState
from worker.services.runs import SendChain
from worker.state.runs import Runs

SENT_AGAIN = "silent: sent again"
"""The event of a run whose step was sent again."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """Sends silent runs again, ahead of the others. ``run_ids_in_queues`` returns the runs that a message waits for."""

    runs: Runs
    resend_chain: SendChain
    run_ids_in_queues: Callable[[], Collection[str]]

    def resend_silent(self) -> list[RunId]:
        """Send each silent run again from its present step, and return the runs that were sent.

        A step that no worker has begun is left alone if its message waits in a long queue. One that a worker began and
        did not end is sent all the same: its message, should there be one, may be the last of the queue. Those are sent
        last, because of the messages at the front of a queue a worker takes the newest first.
        """
        silent_runs = sorted(self.runs.silent(), key=_is_begun)
        if not silent_runs:
            return []
        waiting_ids = self.run_ids_in_queues()
        return [
            run_id
            for run_id, is_begun in silent_runs
            if (is_begun or str(run_id) not in waiting_ids) and self._resend(run_id)
        ]

    def _resend(self, run_id: RunId) -> bool:
        run = self.runs.get(run_id)
        if run is None or run.state != RunState.OPEN:
            return False
        self.runs.note(run_id, run.step, SENT_AGAIN)
        self.resend_chain(run_id, run.step)
        return True


def _is_begun(silent_run: tuple[RunId, bool]) -> bool:
    return silent_run[1]
