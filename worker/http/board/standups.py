"""Which stand-up of a group the board shows, and the state of its briefing."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import median

from worker.domain.calendar.schedule import Due, newest_due, next_due
from worker.domain.deliveries import Delivery
from worker.domain.groups import Group
from worker.domain.pauses import Pause
from worker.domain.runs import Run, RunId, RunState
from worker.services import pausing

CLAIM_PATIENCE = timedelta(minutes=2)
"""How long after its due instant a briefing may be without a run: beat asks every half minute."""

SLOWER_THAN_USUAL = timedelta(minutes=5)
"""How much longer than usual a run may take before the board calls its stand-up at risk."""


class State(enum.StrEnum):
    """What the board says of a group's briefing. The value is the word on the page."""

    FAILED = "Failed"
    MISSED = "Missed"
    NOT_BEGUN = "Not begun"
    LATE = "Late"
    AT_RISK = "At risk"
    IN_PART = "Delivered in part"
    ON_THE_WAY = "On the way"
    TO_COME = "To come"
    PAUSED = "Paused"
    DELIVERED = "Delivered"
    CORRECTED = "Delivered, corrected"
    NOTICE = "Notice"
    NOT_SENT = "Not sent"

    @property
    def needs_operator(self) -> bool:
        """Tell whether somebody has to look at it."""
        return self in _NEEDS_OPERATOR

    @property
    def is_ended(self) -> bool:
        """Tell whether people have what they get."""
        return self in (State.DELIVERED, State.CORRECTED, State.NOTICE, State.NOT_SENT)


_NEEDS_OPERATOR = (State.FAILED, State.MISSED, State.NOT_BEGUN, State.LATE, State.AT_RISK, State.IN_PART)
_OF_RUN = {
    RunState.OPEN: State.ON_THE_WAY,
    RunState.DELIVERED: State.DELIVERED,
    RunState.FAILED: State.FAILED,
    RunState.MISSED: State.MISSED,
    RunState.PARTLY_DELIVERED: State.IN_PART,
    RunState.NOTIFIED: State.NOTICE,
    RunState.SKIPPED: State.NOT_SENT,
}


@dataclass(frozen=True, slots=True)
class Card:
    """One group on the board. ``run`` is None before its briefing begins. Instants of ``due`` are in its zone.

    ``usual`` is how long its last runs took, None if none is known. ``quota_until``: when its wait for quota ends.
    """

    group: Group
    due: Due
    state: State
    run: Run | None = None
    deliveries: tuple[Delivery, ...] = ()
    usual: timedelta | None = None
    pause: Pause | None = None
    quota_until: datetime | None = None


def shown_standup(group: Group, now: datetime, newest_run: Run | None) -> Due | None:
    """Return today's stand-up or, on a day without one, the next. A bad or open briefing stays until the next begins.

    ``newest_run`` is the run of the newest stand-up whose preparation should have started.
    """
    newest = newest_due(now, group)
    if newest and (_is_of_today(newest, now) or (newest_run and _stays(newest_run))):
        return newest
    return next_due(now, group)


def _stays(run: Run) -> bool:
    return run.state == RunState.OPEN or state_of_run(run).needs_operator


def state_of(due: Due, run: Run | None, usual: timedelta | None, pause: Pause | None, now: datetime) -> State:
    """Return the state of a stand-up's briefing."""
    if run is None:
        return _state_without_run(due, pause, now)
    if run.state != RunState.OPEN:
        return state_of_run(run)
    if now >= due.standup_at.astimezone(UTC):
        return State.LATE
    if usual is None:
        return State.ON_THE_WAY
    is_slow = now - run.created_at > max(2 * usual, usual + SLOWER_THAN_USUAL)
    ends_late = run.created_at + usual > due.standup_at.astimezone(UTC)
    return State.AT_RISK if is_slow or ends_late else State.ON_THE_WAY


def with_waits(cards: Iterable[Card], waits: Mapping[RunId, datetime]) -> list[Card]:
    """Return the cards with the ends of their waits for quota. ``waits`` has them by run."""
    return [_with_wait(card, waits[card.run.id]) if card.run and card.run.id in waits else card for card in cards]


def _with_wait(card: Card, quota_until: datetime) -> Card:
    """A run that needs its usual time after its wait, and ends after its stand-up begins, is at risk."""
    ends_at = quota_until + (card.usual or timedelta())
    is_at_risk = card.state == State.ON_THE_WAY and ends_at > card.due.standup_at.astimezone(UTC)
    return replace(card, quota_until=quota_until, state=State.AT_RISK if is_at_risk else card.state)


def state_of_run(run: Run) -> State:
    """Return the state of a run. A stand-up that has begun does not make it late here."""
    if run.state == RunState.DELIVERED and run.id.revision > 1:
        return State.CORRECTED
    if run.state == RunState.MISSED and run.code == pausing.CODE:
        return State.PAUSED
    return _OF_RUN[run.state]


def usual_duration(runs: Sequence[Run]) -> timedelta | None:
    """Return how long runs that reached people took, by their median. None if there is none."""
    seconds = [
        (run.finished_at - run.created_at).total_seconds()
        for run in runs
        if run.finished_at and run.state == RunState.DELIVERED
    ]
    return timedelta(seconds=median(seconds)) if seconds else None


def _state_without_run(due: Due, pause: Pause | None, now: datetime) -> State:
    if pause and pause.covers(due.standup_at.date()):
        return State.PAUSED
    if due.state == "due" and now > due.due_at.astimezone(UTC) + CLAIM_PATIENCE:
        return State.NOT_BEGUN
    return State.TO_COME


def _is_of_today(due: Due, now: datetime) -> bool:
    return due.standup_at.date() >= now.astimezone(due.group.tz).date()
