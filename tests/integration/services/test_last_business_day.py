"""A group that is briefed of the last business day on holidays is briefed of each day once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tasks.holiday_check import _last_business_day
from worker.domain.runs import Onward, Over, RunId, RunState, Step
from worker.settings import Settings
from worker.wiring import Parts

LAST, FIRST_HOLIDAY, SECOND_HOLIDAY = date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 28)


@pytest.fixture
def parts(redis_url: str, tmp_path: Path) -> Parts:
    return Parts(Settings(redis_url=redis_url, artifacts=str(tmp_path)))


def ended(parts: Parts, day: date, state: RunState, about: date, revision: int = 1) -> None:
    run_id = RunId("care", day, revision)
    parts.runs.claim(run_id, "beat", briefed_day=about.isoformat())
    parts.runs.enter(run_id, Step.HOLIDAY_CHECK, "one")
    parts.runs.settle(run_id, Step.HOLIDAY_CHECK, "one", Over(state, str(state)))


def asked(parts: Parts) -> Onward | Over:
    run_id = RunId("care", SECOND_HOLIDAY)
    parts.runs.claim(run_id, "beat")
    run = parts.runs.get(run_id)
    assert run
    settled = _last_business_day(parts, run, "Holiday", LAST)
    assert isinstance(settled, Onward | Over)
    return settled


def test_it_is_briefed_where_nobody_has_had_it(parts: Parts) -> None:
    ended(parts, LAST, RunState.MISSED, about=LAST)
    ended(parts, FIRST_HOLIDAY, RunState.DELIVERED, about=FIRST_HOLIDAY)
    assert isinstance(asked(parts), Onward)


def test_the_second_holiday_of_a_chain_finds_what_the_first_has_briefed(parts: Parts) -> None:
    ended(parts, LAST, RunState.MISSED, about=LAST)
    ended(parts, FIRST_HOLIDAY, RunState.DELIVERED, about=LAST)
    settled = asked(parts)
    assert isinstance(settled, Over)
    assert settled.state == RunState.SKIPPED


def test_a_revision_that_was_delivered_counts_too(parts: Parts) -> None:
    ended(parts, LAST, RunState.FAILED, about=LAST)
    ended(parts, LAST, RunState.DELIVERED, about=LAST, revision=2)
    assert isinstance(asked(parts), Over)
