"""Alerts for briefings that are not delivered ten minutes after they should be, one per run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import structlog

from worker.alerts import headings
from worker.alerts.forms import Alert
from worker.alerts.sending import AlertSender
from worker.domain.calendar import lateness
from worker.domain.calendar.due_calendar import DueCalendar
from worker.domain.calendar.lateness import LateBriefing
from worker.domain.calendar.schedule import Due
from worker.domain.clock import Clock
from worker.domain.runs import Run, RunId
from worker.errors import ChannelBusy
from worker.groupfiles.reloading import Groups
from worker.state.runs import Runs
from worker.state.watch import Watch

BATCH = 500
"""How many runs are looked up in one round trip."""

log = structlog.get_logger("standup.watch")


@dataclass(frozen=True, slots=True)
class LateRunAlerts:
    """Looks at the newest stand-up of every group and alerts operations of late runs."""

    runs: Runs
    watch: Watch
    groups: Groups
    sender: AlertSender
    clock: Clock
    calendar: DueCalendar = field(default_factory=DueCalendar)

    def look(self) -> None:
        """Look once. An alert that cannot be sent now is sent after the next look."""
        due_by_run = {run.run_id: run.due for run in self.calendar.runs(self.groups.file().groups, self.clock())}
        for run_id in self._late_ids(due_by_run):
            late = self._late(run_id, due_by_run[run_id], self.runs.get(run_id))  # it may have ended meanwhile
            if late is None or not self.watch.claim(late.run_id):
                continue
            log.warning("late", run=str(late.run_id), step=late.step, code=late.code)
            if not self._send(late):
                return

    def _late_ids(self, due_by_run: Mapping[RunId, Due]) -> Iterator[RunId]:
        run_ids = list(due_by_run)
        for start in range(0, len(run_ids), BATCH):
            unfinished_ids = self.watch.unclaimed(self.runs.unfinished(run_ids[start : start + BATCH]))
            runs = self.runs.get_all(unfinished_ids)
            for run_id in unfinished_ids:
                if self._late(run_id, due_by_run[run_id], runs.get(run_id)):
                    yield run_id

    def _late(self, run_id: RunId, due: Due, run: Run | None) -> LateBriefing | None:
        now = self.clock()
        if run is not None:
            return lateness.unfinished(now, due, run)
        return lateness.never_started(now, due, self.watch.absent_since(run_id, now))

    def _send(self, late: LateBriefing) -> bool:
        """Send the alert. False if the webhook is busy, so that the caller does not try the others.

        It leaves the run's own alert alone: a run that is late may still fail, and that is news.
        """
        try:
            self.sender.send(self._alert(late))
        except ChannelBusy as error:
            self.watch.release(late.run_id)
            log.warning("the alert webhook is busy", run=str(late.run_id), because=str(error))
            return False
        self.watch.mark_reported(late.run_id)
        if self.runs.get(late.run_id):
            self.runs.note(late.run_id, late.step, "late: operations told")
        return True

    def _alert(self, late: LateBriefing) -> Alert:
        return Alert(
            run_id=str(late.run_id),
            group_title=late.group_title,
            step=late.step,
            code=late.code,
            sentence=late.sentence,
            rerun_command=late.command,
            at=self.clock(),
            heading=headings.late(late.group_title),
        )
