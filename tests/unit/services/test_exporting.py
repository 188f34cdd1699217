"""When to look again, and when to give up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from worker.domain.runs import Run, RunId, RunState, Step
from worker.errors import PollTimeout
from worker.genesys.source import ExportJob
from worker.services.exporting import look_again

STARTED = datetime(2026, 11, 23, 7, tzinfo=UTC)
RUN = Run(
    id=RunId("support", date(2026, 11, 20)),
    state=RunState.OPEN,
    step=Step.POLL,
    asked_by="beat",
    created_at=STARTED,
    briefed_day=date(2026, 11, 20),
    job_started_at=STARTED,
)
JOB = ExportJob("reporting", "running", {"queues": "7f3c1e"}, "0 of 1 completed")


def test_the_waits_grow_with_each_look() -> None:
    waits = [look_again(replace(RUN, polls=n), JOB, STARTED + timedelta(seconds=1)).seconds for n in range(4)]
    assert waits == pytest.approx([5, 10, 20, 40], rel=0.11)


def test_the_last_look_is_at_three_minutes_and_not_after() -> None:
    outcome = look_again(replace(RUN, polls=9), JOB, STARTED + timedelta(seconds=170))
    assert outcome.seconds == pytest.approx(10)


def test_after_three_minutes_the_run_gives_up_and_reports_the_last_job_state() -> None:
    with pytest.raises(PollTimeout, match="0 of 1 completed") as raised:
        look_again(RUN, JOB, STARTED + timedelta(seconds=181))
    assert "standup run support --date 2026-11-20" in str(raised.value)


def test_a_resumed_run_has_three_minutes_again() -> None:
    now = STARTED + timedelta(hours=1)
    outcome = look_again(replace(RUN, job_started_at=None), JOB, now)
    assert outcome.changes["job_started_at"] == now.isoformat()


def test_a_good_look_begins_the_count_of_failures_again() -> None:
    assert look_again(replace(RUN, attempts=2), JOB, STARTED + timedelta(seconds=1)).changes["attempts"] == 0
