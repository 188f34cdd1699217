"""Read the groups, the runs and the deliveries, and return a card for each group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from worker.domain.calendar.business_day import previous_workday
from worker.domain.calendar.schedule import Due, newest_due
from worker.domain.clock import Clock
from worker.domain.groups import Group
from worker.domain.pauses import Pause
from worker.domain.runs import Event, Run, RunId, RunState
from worker.groupfiles.reloading import Groups
from worker.http.board.standups import Card, State, shown_standup, state_of, usual_duration
from worker.state.deliveries import Deliveries
from worker.state.pauses import Pauses
from worker.state.runs import Runs

USUAL_DAYS = 5
"""How many earlier briefings tell how long one usually takes."""

PAST_WEEKS = 5


@dataclass(frozen=True, slots=True)
class RunStory:
    """A run with everything that happened in it. ``group`` is None if it is in no group file any more."""

    card: Card | None
    run: Run
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class PastDay:
    """A workday of a group and the newest revision of its run, None if there is none."""

    day: date
    run: Run | None


@dataclass(frozen=True, slots=True)
class BoardReader:
    """Reads what the board shows. It changes nothing."""

    groups: Groups
    runs: Runs
    deliveries: Deliveries
    pauses: Pauses
    clock: Clock

    def cards(self) -> list[Card]:
        """Return a card for each enabled group, the earliest stand-up first."""
        now, pauses = self.clock(), self.pauses.by_group()
        groups = (group for group in self.groups.file().groups if group.enabled)
        cards = [card for group in groups if (card := self._card(group, now, pauses.get(group.key)))]
        return sorted(cards, key=lambda card: (card.due.standup_at, card.group.key))

    def problem_count(self) -> int:
        """Return how many mistakes the group files have."""
        return len(self.groups.file().problems)

    def group(self, key: str) -> Group | None:
        """Return the group of this key, or None."""
        return next((group for group in self.groups.file().groups if group.key == key), None)

    def story(self, run_id: RunId) -> RunStory | None:
        """Return a run with its timeline, or None if it does not exist."""
        run = self.runs.get(run_id)
        if run is None:
            return None
        return RunStory(self._card_of(run), run, tuple(self.runs.timeline(run_id)))

    def timeline(self, run: Run) -> tuple[Event, ...]:
        """Return the run's events, oldest first."""
        return tuple(self.runs.timeline(run.id))

    def past_weeks(self, group: Group) -> list[PastDay]:
        """Return the workdays of the last five weeks, newest first, with the runs that briefed them."""
        today = self.clock().astimezone(group.tz).date()
        days = _workdays_before(today, group)
        earliest = today - timedelta(weeks=PAST_WEEKS)
        past_days = []
        for day in days:
            if day < earliest:
                break
            past_days.append(PastDay(day, self.runs.latest_revision(RunId(group.key, day))))
        return past_days

    def _card(self, group: Group, now: datetime, pause: Pause | None) -> Card | None:
        newest = newest_due(now, group)
        newest_run = self._run_of(newest) if newest else None
        due = shown_standup(group, now, newest_run)
        if due is None:
            return None
        # an operator may have begun a briefing before its time
        return self._with_state(due, newest_run if due == newest else self._run_of(due), pause, now)

    def _with_state(self, due: Due, run: Run | None, pause: Pause | None, now: datetime) -> Card:
        usual = self._usual(due.group, due.reporting_day) if run and run.state == RunState.OPEN else None
        state = state_of(due, run, usual, pause, now)
        deliveries = tuple(self.deliveries.records(run.id)) if run else ()
        return Card(due.group, due, state, run, deliveries, usual, pause if state == State.PAUSED else None)

    def _card_of(self, run: Run) -> Card | None:
        group = self.group(run.id.group)
        due = newest_due(run.standup_at or run.created_at, group) if group else None
        return self._with_state(due, run, None, self.clock()) if due else None

    def _run_of(self, due: Due) -> Run | None:
        return self.runs.latest_revision(RunId(due.group.key, due.reporting_day))

    def _usual(self, group: Group, reporting_day: date) -> timedelta | None:
        days = _workdays_before(reporting_day, group)
        runs = (self.runs.get(RunId(group.key, next(days))) for _ in range(USUAL_DAYS))
        return usual_duration([run for run in runs if run])


def _workdays_before(day: date, group: Group) -> Iterator[date]:
    while True:
        day = previous_workday(day, group.tz, group.workdays)
        yield day
