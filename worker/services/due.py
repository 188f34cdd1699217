"""Starts the runs that are due and not done, and records those that were missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from worker.domain.calendar.schedule import Due, due_groups
from worker.domain.groups import Group
from worker.domain.runs import Run, RunId, RunState
from worker.services.runs import RunStarter
from worker.state.runs import Runs


@dataclass(frozen=True, slots=True)
class DueRuns:
    """Answers beat's question "what is due and not done?". The next question gives the same answers again."""

    runs: Runs
    starter: RunStarter

    def start(self, groups: Iterable[Group], now: datetime) -> Iterator[tuple[Run, bool]]:
        """Start the run of each group that is due. Yield missed runs, each with whether it was recorded just now."""
        for due in due_groups(now, groups):
            yield from self._start(due, now)

    def _start(self, due: Due, now: datetime) -> Iterator[tuple[Run, bool]]:
        run_id = RunId(due.group.key, due.reporting_day)
        first_seen = self.runs.first_seen(due.group.key, now)
        run = self.runs.get(run_id)
        if run is not None:
            if run.state == RunState.MISSED:
                yield run, False
        elif due.state == "due":
            self.starter.begin(run_id, asked_by="beat", standup_at=due.standup_at, source=due.group.source)
        elif first_seen < due.catch_up_until and (missed := self._record_missed(due, run_id)):
            yield missed, True

    def _record_missed(self, due: Due, run_id: RunId) -> Run | None:
        """Record, once, that it is too late to begin. A group that was added after its stand-up has missed nothing."""
        sentence = f"No worker was running from {due.due_at.isoformat()} until {due.catch_up_until.isoformat()}."
        fields = {"state": RunState.MISSED, "code": "missed", "sentence": sentence, "source": due.group.source}
        claimed = self.runs.claim(run_id, "beat", standup_at=due.standup_at.isoformat(), **fields)
        return self.runs.get(run_id) if claimed else None
