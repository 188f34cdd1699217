"""When a briefing is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from worker.domain.calendar import lateness
from worker.domain.calendar.schedule import Due, due_groups
from worker.domain.groups import Group
from worker.domain.runs import Run, RunId, RunState, Step

GROUP = Group.model_validate(
    {
        "key": "support",
        "title": "Support",
        "zone": "Europe/Berlin",
        "standup_at": "08:30",
        "catch_up_until": "11:00",
        "queues": ["Q"],
        "deliver": {"email": []},
    }
)
RUN = RunId("support", date(2026, 11, 19))
STANDUP = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


def due_at(now: datetime) -> Due:
    [due] = due_groups(now, [GROUP])
    return due


def run(state: RunState = RunState.OPEN, created_at: datetime = STANDUP - timedelta(minutes=45)) -> Run:
    return Run(RUN, state, Step.POLL, "beat", created_at, RUN.reporting_day)


@pytest.mark.parametrize(("minutes", "late"), [(9.9, False), (10, True), (60, True)])
def test_a_run_that_is_open_ten_minutes_after_the_stand_up_is_late(minutes: float, late: bool) -> None:
    now = STANDUP + timedelta(minutes=minutes)
    late_briefing = lateness.unfinished(now, due_at(now), run())
    assert (late_briefing is not None) == late
    if late_briefing:
        assert (late_briefing.run_id, late_briefing.code, late_briefing.step) == (RUN, "late", "poll")
        assert f"standup explain {RUN}" in late_briefing.sentence


def test_a_run_whose_receivers_are_busy_is_not_called_absent() -> None:
    now = STANDUP + timedelta(minutes=10)
    late_briefing = lateness.unfinished(now, due_at(now), replace(run(), step=Step.DELIVER))
    assert late_briefing
    assert "is not delivered to everyone: some receivers are busy" in late_briefing.sentence


@pytest.mark.parametrize("state", [state for state in RunState if state != RunState.OPEN])
def test_a_run_that_has_ended_is_not_late_whatever_its_end(state: RunState) -> None:
    now = STANDUP + timedelta(hours=1)
    assert lateness.unfinished(now, due_at(now), run(state)) is None


def test_a_run_that_began_after_the_stand_up_has_ten_minutes_from_then_on() -> None:
    started_minutes_ago = STANDUP + timedelta(minutes=40)
    for minutes, late in ((9, False), (10, True)):
        now = started_minutes_ago + timedelta(minutes=minutes)
        assert (lateness.unfinished(now, due_at(now), run(created_at=started_minutes_ago)) is not None) == late


@pytest.mark.parametrize(
    ("absent_for", "after_standup", "late"), [(60, 9, False), (60, 10, True), (9, 60, False), (10, 60, True)]
)
def test_a_due_run_that_does_not_exist_is_late_once_it_was_missed_long_enough(
    absent_for: int, after_standup: int, late: bool
) -> None:
    now = STANDUP + timedelta(minutes=after_standup)
    late_briefing = lateness.never_started(now, due_at(now), now - timedelta(minutes=absent_for))
    assert (late_briefing is not None) == late
    if late_briefing:
        assert (late_briefing.code, late_briefing.command) == ("not_begun", "standup run support --date 2026-11-19")


def test_after_the_catch_up_the_run_is_missed_and_no_longer_late() -> None:
    now = STANDUP + timedelta(hours=5)
    assert due_at(now).state == "missed"
    assert lateness.never_started(now, due_at(now), STANDUP) is None
