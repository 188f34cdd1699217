"""A group that is briefed of the last business day on holidays is briefed of each day once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from redis import Redis

from worker.domain.runs import Finished, NextStep, RunId, RunState, Step
from worker.services.holidays import HolidayCheck, Holidays
from worker.services.organisations import OrganisationAccess
from worker.state.runs import Runs

LAST, FIRST_HOLIDAY, SECOND_HOLIDAY = date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 28)


def unused(*_: object) -> Any:
    raise AssertionError("no calendar is asked here")


NO_CALENDAR = Holidays(OrganisationAccess(unused, unused, unused))


@pytest.fixture
def runs(redis: Redis) -> Runs:
    return Runs(redis)


def ended(runs: Runs, day: date, state: RunState, about: date, revision: int = 1) -> None:
    run_id = RunId("care", day, revision)
    runs.claim(run_id, "beat", briefed_day=about.isoformat())
    runs.enter(run_id, Step.HOLIDAY_CHECK, "one")
    runs.settle(run_id, Step.HOLIDAY_CHECK, "one", Finished(state, str(state)))


def asked(runs: Runs) -> NextStep | Finished:
    run_id = RunId("care", SECOND_HOLIDAY)
    runs.claim(run_id, "beat")
    run = runs.get(run_id)
    assert run
    settled = HolidayCheck(runs, NO_CALENDAR).brief_last_business_day(run, "Holiday", LAST)
    assert isinstance(settled, NextStep | Finished)
    return settled


def test_it_is_briefed_where_nobody_has_had_it(runs: Runs) -> None:
    ended(runs, LAST, RunState.MISSED, about=LAST)
    ended(runs, FIRST_HOLIDAY, RunState.DELIVERED, about=FIRST_HOLIDAY)
    assert isinstance(asked(runs), NextStep)


def test_the_second_holiday_of_a_chain_finds_what_the_first_has_briefed(runs: Runs) -> None:
    ended(runs, LAST, RunState.MISSED, about=LAST)
    ended(runs, FIRST_HOLIDAY, RunState.DELIVERED, about=LAST)
    settled = asked(runs)
    assert isinstance(settled, Finished)
    assert settled.state == RunState.SKIPPED


def test_a_revision_that_was_delivered_counts_too(runs: Runs) -> None:
    ended(runs, LAST, RunState.FAILED, about=LAST)
    ended(runs, LAST, RunState.DELIVERED, about=LAST, revision=2)
    assert isinstance(asked(runs), Finished)
