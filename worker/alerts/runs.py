"""Alerts for runs that have ended: which run, at which step, why, and how to rerun it. Also when the group works again.

There is one alert per cause and day (`worker.state.alert_dedup`). If the broker does not accept the task that sends the
alert, the process that has the news sends it itself.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from worker.alerts import headings
from worker.alerts.forms import Alert
from worker.alerts.rules import BAD_STATES, AlertRules, command
from worker.alerts.same_cause import GOOD_STATES
from worker.alerts.sending import AlertSender, reason_of
from worker.domain.clock import Clock
from worker.domain.runs import Run, RunId, RunState
from worker.errors import ChannelBusy
from worker.state.alert_dedup import AlertDedup
from worker.state.runs import Runs
from worker.state.watch import Watch

UNREPORTED_AFTER = timedelta(seconds=60)
"""How long after its end a run without an alert counts as not reported."""

LOST_AFTER = timedelta(minutes=5)
"""How long after a run's end its alert counts as lost. The task that sends it may wait for a busy webhook till then."""

_CLAIMED_WITHIN = timedelta(days=2)

log = structlog.get_logger("standup.alert")


@dataclass(frozen=True, slots=True)
class RunAlerts:
    """Alerts operations of runs that have ended. ``queue_alert`` sends the task that calls `send`."""

    runs: Runs
    dedup: AlertDedup
    watch: Watch
    rules: AlertRules
    sender: AlertSender
    queue_alert: Callable[[RunId], None]
    clock: Clock

    def send(self, run_id: RunId, *, last_attempt: bool) -> None:
        """Send the alert that the run's ending deserves, if any.

        `ChannelBusy` if the webhook is busy. After the ``last_attempt``, and after an unexpected error at once, the
        alert is a line in the alerts file.
        """
        run = self.runs.get(run_id)
        if run is None or run.alerted:
            return
        alert = self.rules.alert_for(run)
        try:
            sent = alert is not None and self.sender.send(alert)
        except Exception as error:
            if alert is None or (isinstance(error, ChannelBusy) and not last_attempt):
                raise
            self.sender.write_down(alert, reason_of(error))
            self.dedup.keep_written_down(run.id, _ended_at(run))
            return
        if alert is None or sent:
            self._record(run, sent)
        else:
            self.dedup.keep_written_down(run.id, _ended_at(run))

    def _record(self, run: Run, sent: bool) -> None:
        if run.state in GOOD_STATES:
            self.dedup.end_streak(run.id.group, run.id.reporting_day)
        elif sent:
            self.watch.mark_reported(run.id)  # an operator who resumes the run knows that it is late
        self.runs.mark_reported(run)
        self.runs.note(run.id, run.step, "operations alerted" if sent else "operations know: no further alert")

    def report(self, run_id: RunId, state: RunState, code: str, sentence: str) -> None:
        """Report a run's ending by the task, from this process, or in the alerts file, whichever works."""
        if state not in (*BAD_STATES, *GOOD_STATES) or (state in GOOD_STATES and not self._was_failing(run_id)):
            return
        try:
            self.queue_alert(run_id)
        except (OperationalError, RedisError) as error:
            log.error("alert sent from here: the broker is away", run=str(run_id), error=type(error).__name__)
            self._send_without_ledger(run_id, state, code, sentence)

    def report_run(self, run: Run) -> None:
        """Report the ending that the ledger has."""
        self.report(run.id, run.state, run.code, run.sentence)

    def report_unreported(self, run_id: RunId) -> None:
        """Report a run that ended a while ago without an alert: the worker that ended it may have died before it."""
        run = self.runs.get(run_id)
        if run is None or run.alerted or run.state == RunState.OPEN:
            return
        if self.clock() - _ended_at(run) > UNREPORTED_AFTER and self.dedup.claim_unreported(run_id):
            self.report_run(run)

    def look(self) -> None:
        """Report failures whose alert was lost, because the ledger was away or the broker has lost the message.

        The first look of an installation begins this. Ends from before are left alone: an older release did not record
        which alerts are in the alerts file.
        """
        now = self.clock()
        begins_at = self.dedup.looked_since(now)
        since_ms = round((now - _CLAIMED_WITHIN).timestamp() * 1000)
        unreported_ids = self.runs.unreported((RunState.FAILED, RunState.PARTLY_DELIVERED), since_ms)
        ends = {run.id: _ended_at(run) for run in self.runs.get_all(unreported_ids).values()}
        lost = {run_id: ended_at for run_id, ended_at in ends.items() if begins_at < ended_at < now - LOST_AFTER}
        for run_id in self.dedup.not_written_down(lost):
            self.report_unreported(run_id)

    def _was_failing(self, run_id: RunId) -> bool:
        try:
            return self.dedup.streak(run_id.group) is not None
        except RedisError:
            return False  # good news can wait

    def _send_without_ledger(self, run_id: RunId, state: RunState, code: str, sentence: str) -> None:
        """Send a failure, and record that if the ledger is there.

        It may have been sent before, but twice is better than never.
        """
        if state not in BAD_STATES:
            return
        alert = Alert(
            run_id=str(run_id),
            group_title=run_id.group,
            step="",
            code=code,
            sentence=sentence,
            rerun_command=command(run_id, state, code),
            at=self.clock(),
            heading=headings.ended_badly(run_id.group, state, code, run_id.revision),
        )
        self.sender.send_or_write_down(alert)
        with suppress(RedisError):
            if run := self.runs.get(run_id):
                self.runs.mark_reported(run)


def _ended_at(run: Run) -> datetime:
    return run.finished_at or run.created_at
