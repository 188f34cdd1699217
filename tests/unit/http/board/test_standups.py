"""Which stand-up the board shows, and the state that it gives its briefing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.unit.http.board.conftest import GROUP, MakeRun, berlin
from worker.domain.calendar.schedule import Due, newest_due
from worker.domain.pauses import Pause
from worker.domain.runs import RunState
from worker.http.board.standups import Card, State, shown_standup, state_of, usual_duration, with_waits

MINUTE = timedelta(minutes=1)


def thursday() -> Due:
    due = newest_due(berlin("09:00"), GROUP)
    assert due
    return due


@pytest.mark.parametrize(
    ("now", "newest_run_state", "shown_day"),
    [
        (berlin("06:00"), RunState.DELIVERED, 26),  # Wednesday's briefing is history, today's stand-up comes
        (berlin("09:00"), RunState.DELIVERED, 26),
        (berlin("23:30"), RunState.DELIVERED, 26),
        (berlin("06:00"), RunState.FAILED, 25),  # somebody still has to look at Wednesday's
        (berlin("06:00"), RunState.OPEN, 25),
        (berlin("12:00", day=28), RunState.DELIVERED, 30),  # on Saturday the next is Monday's
        (berlin("12:00", day=28), RunState.PARTLY_DELIVERED, 27),
    ],
)
def test_the_board_shows_today_or_the_next_standup_and_what_needs_somebody(
    run: MakeRun, now: datetime, newest_run_state: RunState, shown_day: int
) -> None:
    due = shown_standup(GROUP, now, run(newest_run_state))
    assert due
    assert due.standup_at.day == shown_day


@pytest.mark.parametrize(
    ("state", "now", "word"),
    [
        (RunState.OPEN, "07:50", State.ON_THE_WAY),
        (RunState.OPEN, "08:30", State.LATE),
        (RunState.DELIVERED, "08:40", State.DELIVERED),
        (RunState.NOTIFIED, "08:40", State.NOTICE),
        (RunState.PARTLY_DELIVERED, "08:00", State.IN_PART),
        (RunState.FAILED, "08:00", State.FAILED),
        (RunState.MISSED, "12:00", State.MISSED),
        (RunState.SKIPPED, "08:00", State.NOT_SENT),
    ],
)
def test_a_run_has_a_state_for_people(run: MakeRun, state: RunState, now: str, word: State) -> None:
    assert state_of(thursday(), run(state), None, None, berlin(now)) == word


def test_a_delivered_revision_is_a_correction(run: MakeRun) -> None:
    assert state_of(thursday(), run(RunState.DELIVERED, revision=2), None, None, berlin("08:40")) == State.CORRECTED


def test_a_run_that_a_pause_prevented_is_paused_and_needs_nobody(run: MakeRun) -> None:
    prevented = run(RunState.MISSED, code="paused")
    assert state_of(thursday(), prevented, None, None, berlin("12:00")) == State.PAUSED
    due = shown_standup(GROUP, berlin("06:00"), run(RunState.MISSED, code="paused"))
    assert due
    assert due.standup_at.day == 26


@pytest.mark.parametrize(("usual", "state"), [(9 * MINUTE, State.AT_RISK), (16 * MINUTE, State.ON_THE_WAY)])
def test_a_run_that_takes_twice_its_usual_time_is_at_risk(run: MakeRun, usual: timedelta, state: State) -> None:
    assert state_of(thursday(), run(), usual, None, berlin("08:04")) == state


@pytest.mark.parametrize(
    ("turn", "usual", "state"),
    [
        ("08:20", None, State.ON_THE_WAY),
        ("08:20", 8 * MINUTE, State.ON_THE_WAY),
        ("08:20", 12 * MINUTE, State.AT_RISK),
        ("08:31", None, State.AT_RISK),
    ],
)
def test_a_run_whose_wait_for_quota_leaves_too_little_time_is_at_risk(
    run: MakeRun, turn: str, usual: timedelta | None, state: State
) -> None:
    waiting = Card(GROUP, thursday(), State.ON_THE_WAY, run(), usual=usual)
    failed = Card(GROUP, thursday(), State.FAILED, run(RunState.FAILED))
    (card, _) = with_waits([waiting, Card(GROUP, thursday(), State.TO_COME)], {run().id: berlin(turn)})
    assert (card.state, card.quota_until) == (state, berlin(turn))
    assert with_waits([failed], {run().id: berlin(turn)})[0].state == State.FAILED


def test_a_run_that_began_too_late_for_its_usual_time_is_at_risk(run: MakeRun) -> None:
    assert state_of(thursday(), run(), 50 * MINUTE, None, berlin("07:46")) == State.AT_RISK


def test_seconds_more_than_usual_are_no_risk(run: MakeRun) -> None:
    assert state_of(thursday(), run(), timedelta(seconds=5), None, berlin("07:46")) == State.ON_THE_WAY


@pytest.mark.parametrize(("now", "state"), [("07:46", State.TO_COME), ("07:48", State.NOT_BEGUN)])
def test_what_nobody_claims_for_two_minutes_has_not_begun(now: str, state: State) -> None:
    assert state_of(thursday(), None, None, None, berlin(now)) == state


@pytest.mark.parametrize(("resumes_on", "state"), [(None, State.PAUSED), (date(2026, 11, 26), State.NOT_BEGUN)])
def test_a_paused_group_is_not_called_late(resumes_on: date | None, state: State) -> None:
    pause = Pause(berlin("07:00"), resumes_on)
    assert state_of(thursday(), None, None, pause, berlin("07:50")) == state


def test_the_usual_duration_is_the_median_of_delivered_runs(run: MakeRun) -> None:
    begin = berlin("07:45")
    ended = [run(RunState.DELIVERED, finished_at=begin + length * MINUTE) for length in (1, 2, 30)]
    failed = run(RunState.FAILED, finished_at=begin)
    assert usual_duration([*ended, failed, run()]) == 2 * MINUTE
    assert usual_duration([failed]) is None
