"""Alerts for briefings that are not delivered ten minutes after they should be.

A few late runs give an alert each. If there are more, all runs that are late for one cause share an alert.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
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

MOST_SINGLE_ALERTS = 3
"""If more runs are late at one look, those of one cause share an alert."""

LOOK_SECONDS = 20.0
"""After this long a look begins no further alert, so that a slow webhook does not hold up the other watches."""

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
    seconds: float = LOOK_SECONDS

    def look(self) -> None:
        """Look once. An alert that is not sent now is sent after the next look."""
        give_up_at = time.monotonic() + self.seconds
        due_by_run = {run.run_id: run.due for run in self.calendar.runs(self.groups.file().groups, self.clock())}
        for number, briefings in enumerate(_shares(list(self._late_briefings(due_by_run)))):
            if number and time.monotonic() >= give_up_at:
                return
            claimed = self._claimed(briefings, due_by_run)
            if claimed and not self._send(claimed):
                return

    def _late_briefings(self, due_by_run: Mapping[RunId, Due]) -> Iterator[LateBriefing]:
        run_ids = list(due_by_run)
        for start in range(0, len(run_ids), BATCH):
            unfinished_ids = self.watch.unclaimed(self.runs.unfinished(run_ids[start : start + BATCH]))
            runs = self.runs.get_all(unfinished_ids)
            for run_id in unfinished_ids:
                late = self._late(run_id, due_by_run[run_id], runs.get(run_id))
                if late:
                    yield late

    def _claimed(self, briefings: Sequence[LateBriefing], due_by_run: Mapping[RunId, Due]) -> list[LateBriefing]:
        """Claim those that are still late for the same cause. A run may have ended or gone on meanwhile."""
        runs = self.runs.get_all([briefing.run_id for briefing in briefings])
        claimed = []
        for briefing in briefings:
            late = self._late(briefing.run_id, due_by_run[briefing.run_id], runs.get(briefing.run_id))
            if late and late.cause == briefing.cause and self.watch.claim(late.run_id):
                log.warning("late", run=str(late.run_id), step=late.step, code=late.code)
                claimed.append(late)
        return claimed

    def _late(self, run_id: RunId, due: Due, run: Run | None) -> LateBriefing | None:
        now = self.clock()
        if run is not None:
            return lateness.unfinished(now, due, run)
        return lateness.never_started(now, due, self.watch.absent_since(run_id, now))

    def _send(self, briefings: Sequence[LateBriefing]) -> bool:
        """Send one alert for these. False if the webhook is busy, so that the caller does not try the others.

        It leaves the runs' own alerts alone: a run that is late may still fail, and that is news.
        """
        try:
            self.sender.send(self._alert(briefings))
        except ChannelBusy as error:
            for late in briefings:
                self.watch.release(late.run_id)
            log.warning("the alert webhook is busy", runs=len(briefings), because=str(error))
            return False
        runs = self.runs.get_all([late.run_id for late in briefings])
        for late in briefings:
            self.watch.mark_reported(late.run_id)
            if late.run_id in runs:
                self.runs.note(late.run_id, late.step, "late: operations told")
        return True

    def _alert(self, briefings: Sequence[LateBriefing]) -> Alert:
        first = briefings[0]
        if len(briefings) > 1:
            return Alert(
                run_id="",
                group_title="several groups",
                step=", ".join(sorted({late.step for late in briefings})),
                code=first.code,
                sentence=lateness.of_several(briefings),
                rerun_command="",
                at=self.clock(),
                heading=headings.several_late(len(briefings)),
            )
        return Alert(
            run_id=str(first.run_id),
            group_title=first.group_title,
            step=first.step,
            code=first.code,
            sentence=first.sentence,
            rerun_command=first.command,
            at=self.clock(),
            heading=headings.late(first.group_title),
        )


def _shares(briefings: Sequence[LateBriefing]) -> Iterator[Sequence[LateBriefing]]:
    """Yield the briefings of each alert: of a few each by itself, of many those with one cause."""
    if len(briefings) <= MOST_SINGLE_ALERTS:
        yield from ([briefing] for briefing in briefings)
        return
    by_cause: dict[str, list[LateBriefing]] = {}
    for briefing in briefings:
        by_cause.setdefault(briefing.cause, []).append(briefing)
    yield from by_cause.values()
