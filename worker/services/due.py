"""Starts the runs that are due and not done, and records those that were missed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from worker.domain.calendar.due_calendar import DueCalendar, DueRun
from worker.domain.groups import Group
from worker.domain.runs import Run, RunId, RunState, Step
from worker.state.runs import Runs

BATCH = 500
"""How many groups are asked about, or begun, in one round trip."""

SLICE_SECONDS = 20.0
"""After this long no further batch begins. The next tick continues, so that no tick reaches a step's time limit."""

SendChains = Callable[[Sequence[RunId], Step], None]
"""Sends the Celery tasks of many runs from a step on."""


@dataclass(frozen=True, slots=True)
class DueRuns:
    """Answers beat's question "what is due and not done?". The next question gives the same answers again.

    It remembers which runs need no further look, so that a tick without news asks Redis only whether all of them still
    exist. ``settled_ids``: runs that exist and need no report. ``not_missed_ids``: runs of groups that were added too
    late.

    A run is held, and reported by ``report_held``, if the ledger has lost it although a message of its group and day
    exists (``has_message``): people may have it. `standup recover-ledger` restores it.
    """

    runs: Runs
    send_chains: SendChains
    has_message: Callable[[RunId], bool]
    report_held: Callable[[Sequence[RunId]], None]
    slice_seconds: float = SLICE_SECONDS
    calendar: DueCalendar = field(default_factory=DueCalendar)
    settled_ids: set[RunId] = field(default_factory=set)
    not_missed_ids: set[RunId] = field(default_factory=set)
    seen_keys: set[str] = field(default_factory=set)

    def start(self, groups: Sequence[Group], now: datetime) -> Iterator[tuple[Run, bool]]:
        """Start the run of each group that is due. Yield missed runs, each with whether it was recorded just now."""
        deadline = time.monotonic() + self.slice_seconds
        due_runs = self.calendar.runs(groups, now)
        self._forget_others(due_runs)
        for start in range(0, len(due_runs), BATCH):
            absent, unreported = self._look(due_runs[start : start + BATCH], now)
            yield from ((run, False) for run in unreported)
            yield from self._start(self._without_lost(absent), now)
            if absent and time.monotonic() >= deadline:
                return

    def _forget_others(self, due_runs: Sequence[DueRun]) -> None:
        """Forget the runs of earlier days."""
        if len(self.settled_ids) + len(self.not_missed_ids) > 2 * len(due_runs):
            present = {due_run.run_id for due_run in due_runs}
            self.settled_ids.intersection_update(present)
            self.not_missed_ids.intersection_update(present)

    def _look(self, batch: Sequence[DueRun], now: datetime) -> tuple[list[DueRun], list[Run]]:
        """Return which runs of the batch do not exist, and which are missed and perhaps not reported."""
        unsettled = self._unsettled([due_run for due_run in batch if due_run.run_id not in self.not_missed_ids])
        if not unsettled:
            return [], []
        self._see(unsettled, now)
        endings = self.runs.endings([due_run.run_id for due_run in unsettled])
        self.settled_ids.update(ending.run_id for ending in endings if ending.is_reported)
        absent = [due_run for due_run, ending in zip(unsettled, endings, strict=True) if ending.state is None]
        missed_ids = [ending.run_id for ending in endings if ending.state is not None and not ending.is_reported]
        return absent, list(filter(None, map(self.runs.get, missed_ids)))

    def _unsettled(self, batch: Sequence[DueRun]) -> Sequence[DueRun]:
        """Return the runs that need a look: all of the batch if a settled one has been deleted."""
        settled_ids = [due_run.run_id for due_run in batch if due_run.run_id in self.settled_ids]
        if settled_ids and self.runs.existing_count(settled_ids) < len(settled_ids):
            self.settled_ids.difference_update(settled_ids)
        return [due_run for due_run in batch if due_run.run_id not in self.settled_ids]

    def _without_lost(self, absent: Sequence[DueRun]) -> Sequence[DueRun]:
        """Hold and report the runs that the ledger has lost. Return the others."""
        if not absent:
            return []
        born_at, claimed_ids = self.runs.born_at(), self.runs.ever_claimed([due_run.run_id for due_run in absent])
        lost_ids = {
            due_run.run_id
            for due_run in absent
            if (due_run.due.due_at < born_at or due_run.run_id in claimed_ids) and self.has_message(due_run.run_id)
        }
        self.report_held(sorted(lost_ids))
        return [due_run for due_run in absent if due_run.run_id not in lost_ids]

    def _start(self, absent: Sequence[DueRun], now: datetime) -> Iterator[tuple[Run, bool]]:
        """Begin the runs that are in time. Yield those that are missed."""
        self._begin([due_run for due_run in absent if due_run.due.state == "due"])
        for due_run in absent:
            if due_run.due.state == "missed" and (missed := self._record_missed(due_run, now)):
                yield missed, True

    def _see(self, batch: Sequence[DueRun], now: datetime) -> None:
        new_keys = {due_run.due.group.key for due_run in batch} - self.seen_keys
        if new_keys:
            self.runs.see_groups(new_keys, now)
            self.seen_keys.update(new_keys)

    def _begin(self, due_runs: Sequence[DueRun]) -> None:
        """Claim the runs and send their chains."""
        if not due_runs:
            return
        claims = [
            (due_run.run_id, {"standup_at": due_run.due.standup_at.isoformat(), "source": due_run.due.group.source})
            for due_run in due_runs
        ]
        claimed = self.runs.claim_all("beat", claims)
        new_ids = [due_run.run_id for due_run, is_claimed in zip(due_runs, claimed, strict=True) if is_claimed]
        self.send_chains(new_ids, Step.HOLIDAY_CHECK)

    def _record_missed(self, due_run: DueRun, now: datetime) -> Run | None:
        """Record, once, that it is too late to begin. A group that was added after its stand-up has missed nothing."""
        due, run_id = due_run.due, due_run.run_id
        if self.runs.first_seen(due.group.key, now) >= due.catch_up_until:
            self.not_missed_ids.add(run_id)
            return None
        sentence = f"No worker was running from {due.due_at.isoformat()} until {due.catch_up_until.isoformat()}."
        fields = {"state": RunState.MISSED, "code": "missed", "sentence": sentence, "source": due.group.source}
        claimed = self.runs.claim(run_id, "beat", standup_at=due.standup_at.isoformat(), **fields)
        return self.runs.get(run_id) if claimed else None
