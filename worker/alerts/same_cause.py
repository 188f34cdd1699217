"""One alert for all groups that one cause has stopped: a wrong secret, a missing permission, an API that is away.

The first run that a cause stops gives an alert at once. Further ones within ten minutes are collected, and the
watchdog's next look, within a minute, sends one alert for all of them. The good news is collected in the same way when
the cause is repaired.
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
from worker.domain.runs import Run, RunId, RunState
from worker.errors import ChannelBusy, DeliveryRefused
from worker.state.alert_dedup import AlertDedup, is_good_news
from worker.state.runs import Runs
from worker.state.watch import Watch

GOOD_STATES = (RunState.DELIVERED, RunState.NOTIFIED)

MOST_NAMED = 12

_VARIABLE = re.compile(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b[0-9a-f]{16,}\b|\d+")
"""What differs between the sentences of two groups with the same cause: ids of requests, days, times and counts."""

log = structlog.get_logger("standup.alert")


def cause_of(run: Run) -> str:
    """Return what two runs have in common if one repair helps both: the code, and the sentence without particulars.

    A sentence that names a queue or a recipient of the group is a cause of its own. A refusal that is the same for all
    recipients, as of a login, is one cause, however many recipients a group has.
    """
    sentence = _of_all_recipients(run.sentence) if run.code == DeliveryRefused.code else run.sentence
    sentence = re.sub(rf"(?<![\w@.-]){re.escape(run.id.group)}(?![\w@-])", "", sentence)
    return f"{run.state} {run.code} {_VARIABLE.sub('', sentence)}"


def _of_all_recipients(sentence: str) -> str:
    """Return the reasons of a sentence about several recipients (`Progress.failures`), each once, without names."""
    return " ".join(sorted({reason.partition(": ")[2] for reason in sentence.split("; ")}))


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
            runs = self._still_to_report(cause, run_ids)
            self.dedup.forget_collected(cause, set(run_ids) - {run.id for run in runs})
            if runs:
                self._send(cause, runs)

    def _still_to_report(self, cause: str, run_ids: Sequence[RunId]) -> list[Run]:
        """Return the runs without those that no longer exist, or work again: each of these has its own good news."""
        runs = self.runs.get_all(run_ids).values()
        return [run for run in runs if is_good_news(cause) or run.state not in GOOD_STATES]

    def _send(self, cause: str, runs: Sequence[Run]) -> None:
        try:
            self.sender.send(self._recovered(runs) if is_good_news(cause) else self._stopped(runs))
        except ChannelBusy as error:
            log.warning("the alert webhook is busy", because=str(error))
            return
        self.dedup.forget_collected(cause, [run.id for run in runs])
        for run in runs:
            if not is_good_news(cause):
                self.watch.mark_reported(run.id)
            self.runs.note(run.id, run.step, "operations alerted", "with other groups of the same cause")

    def _recovered(self, recovered_runs: Sequence[Run]) -> Alert:
        return Alert(
            run_id=str(recovered_runs[0].id) if len(recovered_runs) == 1 else "",
            group_title="several groups",
            step=recovered_runs[0].step.value,
            code="recovered",
            sentence=f"The cause of earlier alerts is gone. Also delivered: {_names(recovered_runs)}.",
            rerun_command="",
            at=self.clock(),
            heading=headings.others_recovered(len(recovered_runs)),
        )

    def _stopped(self, stopped_runs: Sequence[Run]) -> Alert:
        first = stopped_runs[0]
        return Alert(
            run_id=str(first.id) if len(stopped_runs) == 1 else "",
            group_title="several groups",
            step=first.step.value,
            code=first.code,
            sentence=f"The cause of an earlier alert has also stopped {_names(stopped_runs)}. {first.sentence}",
            rerun_command="standup resend --all" if first.code == DeliveryRefused.code else "standup rerun --failed",
            at=self.clock(),
            heading=headings.same_cause(len(stopped_runs), first.state),
        )


def _names(runs: Sequence[Run]) -> str:
    """Return the groups of these runs, of many the first ones and how many others."""
    names = ", ".join(run.id.group for run in runs[:MOST_NAMED])
    return f"{names} and {len(runs) - MOST_NAMED} others" if len(runs) > MOST_NAMED else names
