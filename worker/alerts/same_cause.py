"""One alert for all groups that one cause has stopped: a wrong secret, a missing permission, an API that is away.

The first run that a cause stops gives an alert at once. Further ones within ten minutes are collected, and the
watchdog's next look, within a minute, sends one alert for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from worker.alerts import headings
from worker.alerts.forms import Alert
from worker.alerts.sending import AlertSender
from worker.domain.clock import Clock
from worker.domain.runs import Run
from worker.errors import ChannelBusy
from worker.state.alert_dedup import AlertDedup
from worker.state.runs import Runs
from worker.state.watch import Watch

MOST_NAMED = 12

_VARIABLE = re.compile(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b[0-9a-f]{16,}\b|\d+")
"""What differs between the sentences of two groups with the same cause: ids of requests, days, times and counts."""

log = structlog.get_logger("standup.alert")


def cause_of(run: Run) -> str:
    """Return what two runs have in common if one repair helps both: the code, and the sentence without particulars.

    A sentence that names a queue or a recipient of the group is a cause of its own.
    """
    sentence = re.sub(rf"(?<![\w-]){re.escape(run.id.group)}(?![\w-])", "", run.sentence)
    return f"{run.state} {run.code} {_VARIABLE.sub('', sentence)}"


@dataclass(frozen=True, slots=True)
class SameCauseAlerts:
    """Sends what `AlertRules` has collected."""

    dedup: AlertDedup
    runs: Runs
    watch: Watch
    sender: AlertSender
    clock: Clock

    def look(self) -> None:
        """Send one alert per cause. A busy webhook leaves it to the next look."""
        for cause, run_ids in self.dedup.collected().items():
            stopped_runs = list(self.runs.get_all(run_ids).values())
            if not stopped_runs or self._is_sent(stopped_runs):
                self.dedup.forget_collected(cause, run_ids)

    def _is_sent(self, stopped_runs: Sequence[Run]) -> bool:
        try:
            self.sender.send(self._alert(stopped_runs))
        except ChannelBusy as error:
            log.warning("the alert webhook is busy", because=str(error))
            return False
        for run in stopped_runs:
            self.watch.mark_reported(run.id)
            self.runs.note(run.id, run.step, "operations alerted", "with other groups of the same cause")
        return True

    def _alert(self, stopped_runs: Sequence[Run]) -> Alert:
        first = stopped_runs[0]
        names = ", ".join(run.id.group for run in stopped_runs[:MOST_NAMED])
        unnamed = f" and {len(stopped_runs) - MOST_NAMED} others" if len(stopped_runs) > MOST_NAMED else ""
        return Alert(
            run_id=str(first.id) if len(stopped_runs) == 1 else "",
            group_title="several groups",
            step=first.step.value,
            code=first.code,
            sentence=f"The cause of the alert before has stopped also {names}{unnamed}. {first.sentence}",
            rerun_command="standup rerun --failed",
            at=self.clock(),
            heading=headings.same_cause(len(stopped_runs)),
        )
