"""Read the groups, the runs and the deliveries, and return a card for each group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice, takewhile

from worker.domain.calendar.business_day import previous_workday
from worker.domain.calendar.schedule import Due, due_at, newest_due
from worker.domain.clock import Clock
from worker.domain.groups import Group
from worker.domain.pauses import Pause
from worker.domain.runs import Event, Run, RunId, RunState
from worker.groupfiles.reloading import Groups
from worker.http.board import quotas
from worker.http.board.standups import Card, State, shown_standup, state_of, usual_duration
from worker.state.deliveries import Deliveries
from worker.state.heartbeat import Heartbeat
from worker.state.pauses import Pauses
from worker.state.runs import Runs
from worker.state.token_bucket import Quotas, QuotaUse

USUAL_DAYS = 5
"""How many earlier briefings tell how long one usually takes."""

PAST_WEEKS = 5

GROUPS_AT_ONCE = 1000
"""Redis is asked about so many groups in one round trip, so that the answers of 10,000 are never in memory together."""

SILENT_AFTER = timedelta(minutes=2)
"""Beat asks every half minute what is due. If no question arrives for so long, beat or all workers are away."""


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
    quotas: Quotas
    heartbeat: Heartbeat
    clock: Clock

    def cards(self) -> list[Card]:
        """Return a card for each enabled group, the earliest stand-up first. What else is known of a run is not read.

        `GROUPS_AT_ONCE` groups together take as many round trips to Redis as one.
        """
        now, pauses = self.clock(), self.pauses.by_group()
        cards: list[Card] = []
        for groups in _batches(self._enabled_groups()):
            cards += self._cards_of(self._standups(groups, now), pauses, now)
        return _in_order(cards)

    def cards_of_day(self, day: date) -> tuple[list[Card], list[Group]]:
        """Return a card for each run of the stand-ups of a past local day, and the groups whose stand-up has no run."""
        cards: list[Card] = []
        groups_without_run: list[Group] = []
        for groups in _batches(self._enabled_groups()):
            dues = [due for group in groups if (due := _due_on(group, day))]
            runs = self.runs.latest_revisions(map(_run_id, dues))
            cards += self._cards_of(
                [(due, runs[_run_id(due)]) for due in dues if _run_id(due) in runs], {}, self.clock()
            )
            groups_without_run += [due.group for due in dues if _run_id(due) not in runs]
        return _in_order(cards), groups_without_run

    def with_deliveries(self, cards: Sequence[Card]) -> list[Card]:
        """Return the cards with the delivery records of their runs."""
        deliveries = self.deliveries.records_of([card.run.id for card in cards if card.run])
        return [replace(card, deliveries=tuple(deliveries[card.run.id]) if card.run else ()) for card in cards]

    def quota_uses(self, cards: Iterable[Card]) -> dict[str, QuotaUse]:
        """Return how much of each organisation's quota is in use, and which of these groups' runs wait for it."""
        return self.quotas.by_organisation(quotas.tickets(cards))

    def silent_since(self) -> datetime | None:
        """Return since when no worker has heard from beat, None if one has just now or none ever has."""
        last = self.heartbeat.last()
        return last if last and self.clock() - last > SILENT_AFTER else None

    def _enabled_groups(self) -> list[Group]:
        return [group for group in self.groups.file().groups if group.enabled]

    def timelines(self, runs: Iterable[Run]) -> dict[RunId, list[Event]]:
        """Return the events of each run, oldest first."""
        return self.runs.timelines([run.id for run in runs])

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

    def past_weeks(self, group: Group) -> list[PastDay]:
        """Return the workdays of the last five weeks, newest first, with the runs that briefed them."""
        return self.past_weeks_of([group])[group.key]

    def past_weeks_of(self, groups: Sequence[Group]) -> dict[str, list[PastDay]]:
        """Return the last five weeks of many groups, by group."""
        days = {group.key: list(self._past_workdays(group)) for group in groups}
        runs = self.runs.latest_revisions(
            RunId(key, day) for key, days_of_group in days.items() for day in days_of_group
        )
        return {
            key: [PastDay(day, runs.get(RunId(key, day))) for day in days_of_group]
            for key, days_of_group in days.items()
        }

    def first_groups(self, at_most: int) -> tuple[list[Group], int]:
        """Return the enabled groups, but not more than so many, and how many there are."""
        groups = self._enabled_groups()
        return groups[:at_most], len(groups)

    def _past_workdays(self, group: Group) -> Iterator[date]:
        today = self.clock().astimezone(group.tz).date()
        earliest = today - timedelta(weeks=PAST_WEEKS)
        return takewhile(lambda day: day >= earliest, _workdays_before(today, group))

    def _standups(self, groups: Iterable[Group], now: datetime) -> list[tuple[Due, Run | None]]:
        """Return the stand-up that the board shows of each group, with its run if there is one."""
        newest_dues = {group.key: newest_due(now, group) for group in groups}
        runs = self.runs.latest_revisions(_run_id(due) for due in newest_dues.values() if due)
        dues = []
        for group in groups:
            newest = newest_dues[group.key]
            due = shown_standup(group, now, runs.get(_run_id(newest)) if newest else None)
            dues += [due] if due else []
        # an operator may have begun a briefing before its time
        runs |= self.runs.latest_revisions(_run_id(due) for due in dues if due != newest_dues[due.group.key])
        return [(due, runs.get(_run_id(due))) for due in dues]

    def _cards_of(
        self, standups: Sequence[tuple[Due, Run | None]], pauses: Mapping[str, Pause], now: datetime
    ) -> list[Card]:
        usual = self._usual([due for due, run in standups if run and run.state == RunState.OPEN])
        cards = []
        for due, run in standups:
            key, pause = due.group.key, pauses.get(due.group.key)
            state = state_of(due, run, usual.get(key), pause, now)
            pause_shown = pause if state == State.PAUSED else None
            cards.append(Card(due.group, due, state, run, usual=usual.get(key), pause=pause_shown))
        return cards

    def _card_of(self, run: Run) -> Card | None:
        group = self.group(run.id.group)
        due = newest_due(run.standup_at or run.created_at, group) if group else None
        return self.with_deliveries(self._cards_of([(due, run)], {}, self.clock()))[0] if due else None

    def _usual(self, dues: Sequence[Due]) -> dict[str, timedelta | None]:
        """Return how long the last briefings of these groups took, by group."""
        run_ids = {due.group.key: list(_earlier_runs(due)) for due in dues}
        runs = self.runs.get_all(run_id for ids in run_ids.values() for run_id in ids)
        return {key: usual_duration([runs[run_id] for run_id in ids if run_id in runs]) for key, ids in run_ids.items()}


def _batches(groups: Sequence[Group]) -> Iterator[Sequence[Group]]:
    for start in range(0, len(groups), GROUPS_AT_ONCE):
        yield groups[start : start + GROUPS_AT_ONCE]


def _in_order(cards: Iterable[Card]) -> list[Card]:
    return sorted(cards, key=lambda card: (card.due.standup_at, card.group.key))


def _due_on(group: Group, day: date) -> Due | None:
    """Return the stand-up of a local day, or None if the group has none on it."""
    due = newest_due(due_at(group, day), group)
    return due if due and due.standup_at.date() == day else None


def _run_id(due: Due) -> RunId:
    return RunId(due.group.key, due.reporting_day)


def _earlier_runs(due: Due) -> Iterator[RunId]:
    for day in islice(_workdays_before(due.reporting_day, due.group), USUAL_DAYS):
        yield RunId(due.group.key, day)


def _workdays_before(day: date, group: Group) -> Iterator[date]:
    while True:
        day = previous_workday(day, group.tz, group.workdays)
        yield day
