"""A group that is briefed of the last business day on holidays is briefed of each day once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from redis import Redis

from worker.domain.runs import Finished, NextStep, RunId, RunState, Step
from worker.genesys.access import OrganisationAccess
from worker.services.holidays import HolidayCheck, Holidays
from worker.state.runs import Runs

LAST, FIRST_HOLIDAY, SECOND_HOLIDAY = date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 28)


def unused(*_: object) -> Any:
    raise AssertionError("no calendar is asked here")


NO_CALENDAR = Holidays(OrganisationAccess(unused, unused, unused))


@pytest.fixture
def runs(redis: Redis) -> Runs:
    return Runs(redis)


def ended(runs: Runs, day: date, state: RunState, briefed_day: date, revision: int = 1) -> None:
    run_id = RunId("care", day, revision)
    runs.claim(run_id, "beat", briefed_day=briefed_day.isoformat())
    runs.enter(run_id, Step.HOLIDAY_CHECK, "one")
    runs.settle(run_id, Step.HOLIDAY_CHECK, "one", Finished(state, str(state)))


def outcome_of_check(runs: Runs) -> NextStep | Finished:
    run_id = RunId("care", SECOND_HOLIDAY)
    runs.claim(run_id, "beat")
    run = runs.get(run_id)
    assert run
    outcome = HolidayCheck(runs, NO_CALENDAR).brief_last_business_day(run, "Holiday", LAST)
    assert isinstance(outcome, NextStep | Finished)
    return outcome


def test_the_last_business_day_is_briefed_if_it_was_not_delivered(runs: Runs) -> None:
    ended(runs, LAST, RunState.MISSED, briefed_day=LAST)
    ended(runs, FIRST_HOLIDAY, RunState.DELIVERED, briefed_day=FIRST_HOLIDAY)
    assert isinstance(outcome_of_check(runs), NextStep)


def test_the_second_of_two_holidays_does_not_brief_the_same_day_again(runs: Runs) -> None:
    ended(runs, LAST, RunState.MISSED, briefed_day=LAST)
    ended(runs, FIRST_HOLIDAY, RunState.DELIVERED, briefed_day=LAST)
    outcome = outcome_of_check(runs)
    assert isinstance(outcome, Finished)
    assert outcome.state == RunState.SKIPPED


def test_a_delivered_revision_counts_as_delivered(runs: Runs) -> None:
    ended(runs, LAST, RunState.FAILED, briefed_day=LAST)
    ended(runs, LAST, RunState.DELIVERED, briefed_day=LAST, revision=2)
    assert isinstance(outcome_of_check(runs), Finished)
