"""Leaves paused groups out of a morning, and records that they were paused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.domain.calendar.schedule import Due, due_groups
from worker.domain.groups import Group
from worker.domain.pauses import Pause
from worker.domain.runs import RunId, RunState
from worker.state.pauses import Pauses
from worker.state.runs import Runs

CODE = "paused"


@dataclass(frozen=True, slots=True)
class PausedGroups:
    """Knows which stand-ups are paused."""

    runs: Runs
    pauses: Pauses

    def active(self, groups: Sequence[Group], now: datetime) -> Sequence[Group]:
        """Return the groups without those whose present stand-up is paused. Each of these has a run that says so.

        If none is paused the result is ``groups`` itself, because `DueCalendar` recognises it.
        """
        pauses = self.pauses.by_group()
        if not pauses:
            return groups
        due = due_groups(now, [group for group in groups if group.key in pauses])
        paused = [entry for entry in due if pauses[entry.group.key].covers(entry.standup_at.date())]
        for entry in paused:
            self._record(entry, pauses[entry.group.key])
        paused_keys = {entry.group.key for entry in paused}
        return [group for group in groups if group.key not in paused_keys] if paused_keys else groups

    def _record(self, due: Due, pause: Pause) -> None:
        """Claim the run as missed and known, unless it exists. `standup run` can begin it."""
        sentence = f"The group is {pause}, so nothing was made or sent."
        fields = {"state": RunState.MISSED, "code": CODE, "sentence": sentence, "source": due.group.source}
        standup_at = due.standup_at.isoformat()
        self.runs.claim(RunId(due.group.key, due.reporting_day), "beat", standup_at=standup_at, alerted=1, **fields)
