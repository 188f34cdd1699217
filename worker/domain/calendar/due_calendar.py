"""Remembers what is due until the next instant at which that changes, because beat asks every 30 seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from worker.domain.calendar.schedule import Due, by_standup, newest_due, next_change
from worker.domain.groups import Group
from worker.domain.runs import RunId


@dataclass(frozen=True, slots=True)
class DueRun:
    """A stand-up that is due, and the id of its run."""

    due: Due
    run_id: RunId


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is due for a group between two instants, in UTC."""

    group: Group
    run: DueRun | None
    starts_at: datetime
    ends_at: datetime

    def holds(self, group: Group, now: datetime) -> bool:
        return self.group is group and self.starts_at <= now < self.ends_at


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """All answers, and the period in which none of them changes."""

    groups: Sequence[Group]
    answers: Mapping[str, _Answer]
    runs: list[DueRun]
    starts_at: datetime
    ends_at: datetime

    def holds(self, groups: Sequence[Group], now: datetime) -> bool:
        return self.groups is groups and self.starts_at <= now < self.ends_at


_NEVER = datetime.min.replace(tzinfo=UTC)


class DueCalendar:
    """Answers as `schedule.due_groups` does, and calculates only the groups whose answer has changed.

    It recognises unchanged groups by their identity: group files are read again only when they have changed.
    """

    def __init__(self) -> None:
        self._snapshot = _Snapshot((), {}, [], _NEVER, _NEVER)

    def runs(self, groups: Sequence[Group], now: datetime) -> list[DueRun]:
        """Return each enabled group's newest stand-up that is past its lead time, the earliest stand-up first."""
        snapshot = self._snapshot
        if not snapshot.holds(groups, now):
            snapshot = self._snapshot = _snapshot(groups, now.astimezone(UTC), snapshot.answers)
        return snapshot.runs


def _snapshot(groups: Sequence[Group], now: datetime, earlier_answers: Mapping[str, _Answer]) -> _Snapshot:
    answers = {group.key: _answer(group, now, earlier_answers.get(group.key)) for group in groups if group.enabled}
    runs = [answer.run for answer in answers.values() if answer.run]
    runs.sort(key=lambda run: by_standup(run.due))
    ends_at = min((answer.ends_at for answer in answers.values()), default=now)
    return _Snapshot(groups, answers, runs, now, ends_at)


def _answer(group: Group, now: datetime, earlier_answer: _Answer | None) -> _Answer:
    if earlier_answer and earlier_answer.holds(group, now):
        return earlier_answer
    due = newest_due(now, group)
    run = DueRun(due, RunId(group.key, due.reporting_day)) if due else None
    return _Answer(group, run, now, next_change(now, group, due))
