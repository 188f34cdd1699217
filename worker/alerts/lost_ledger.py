"""Alerts for runs that the ledger has lost: their messages are in the artifact store, so people may have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from worker.alerts import headings
from worker.alerts.forms import Alert
from worker.alerts.sending import AlertSender
from worker.domain.clock import Clock
from worker.domain.runs import RunId, Step
from worker.errors import ChannelBusy
from worker.state.alert_dedup import AlertDedup
from worker.state.watch import Watch

MOST_NAMED = 12

log = structlog.get_logger("standup.ledger")


@dataclass(frozen=True, slots=True)
class LostRunAlerts:
    """Sends one alert for all runs that are held, at most once a day for each."""

    dedup: AlertDedup
    watch: Watch
    sender: AlertSender
    clock: Clock

    def report(self, run_ids: Sequence[RunId]) -> None:
        """Report the runs that were not reported yet. A busy webhook leaves them to a later tick."""
        unreported_ids = [run_id for run_id in run_ids if self.dedup.claim_held(run_id)]
        if not unreported_ids:
            return
        log.error("runs are held: the ledger has lost them", runs=len(unreported_ids))
        try:
            self.sender.send(self._alert(unreported_ids))
        except ChannelBusy as error:
            log.warning("the alert webhook is busy", because=str(error))
            for run_id in unreported_ids:
                self.dedup.release_held(run_id)
            return
        for run_id in unreported_ids:
            self.watch.mark_reported(run_id)  # it is not late for lack of a worker

    def _alert(self, run_ids: Sequence[RunId]) -> Alert:
        names = ", ".join(map(str, run_ids[:MOST_NAMED])) + (" …" if len(run_ids) > MOST_NAMED else "")
        sentence = (
            f"Redis has no record of {len(run_ids)} run{'s' if len(run_ids) > 1 else ''} whose messages are in the "
            f"artifact store: it was emptied, or has evicted them. People may have the briefing already, so it is not "
            f"sent again: {names}. The command below restores the records from the artifact store. Then those who have "
            "nothing get the briefing, and no one gets it twice."
        )
        first = run_ids[0]
        return Alert(
            run_id=str(first) if len(run_ids) == 1 else "",
            group_title="several groups",
            step=Step.HOLIDAY_CHECK.value,
            code="ledger_lost",
            sentence=sentence,
            rerun_command="standup recover-ledger",
            at=self.clock(),
            heading=headings.LEDGER_LOST,
        )
