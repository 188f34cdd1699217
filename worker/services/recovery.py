"""Sends the chains of silent runs again: a worker was killed, or Redis lost a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from worker.domain.runs import RunId, RunState
from worker.services.runs import SendChain
from worker.state.runs import Runs

LONG_BACKLOG = 500
"""With more waiting messages, a step that has not begun is probably among them.

A worker does a few hundred steps in the 45 s after which a run counts as silent. With a lower number, the steps that a
killed worker had in its memory waited for another round of the sweep, more than two minutes together.
"""


@dataclass(frozen=True, slots=True)
class Recovery:
    """Sends silent runs again. ``backlog`` returns how many messages wait for a worker."""

    runs: Runs
    send_chain: SendChain
    backlog: Callable[[], int]

    def resend_silent(self) -> list[RunId]:
        """Send each silent run again from its present step, and return the runs that were sent.

        In a long backlog, only steps that a worker began. A step that was not begun is in the queue. If its message is
        lost all the same, a new one would wait behind the others, so it is sent when they are done.
        """
        silent_runs = self.runs.silent()
        if not silent_runs:
            return []
        is_backlog_long = self.backlog() > LONG_BACKLOG
        return [
            run_id for run_id, is_begun in silent_runs if (is_begun or not is_backlog_long) and self._resend(run_id)
        ]

    def _resend(self, run_id: RunId) -> bool:
        run = self.runs.get(run_id)
        if run is None or run.state != RunState.OPEN:
            return False
        self.runs.note(run_id, run.step, "silent: sent again")
        self.send_chain(run_id, run.step)
        return True
