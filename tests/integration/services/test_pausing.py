"""A paused group gets no run of its own, no alert, and a record that says so."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from redis import Redis

from worker.domain.groups import Deliver, Group
from worker.domain.pauses import Pause
from worker.domain.runs import RunId, RunState, Step
from worker.services.pausing import PausedGroups
from worker.state.pauses import Pauses
from worker.state.runs import Runs

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
RUN = RunId("support", date(2026, 11, 20))


def group(key: str) -> Group:
    return Group(
        key=key,
        title=key,
        zone="Europe/Berlin",
        standup_at=time(8, 30),
        catch_up_until=time(11),
        queues=("Billing",),
        deliver=Deliver(email=("ana@example.com",)),
    )


GROUPS = (group("support"), group("sales"))


@pytest.fixture
def pauses(redis: Redis) -> Pauses:
    return Pauses(redis)


@pytest.fixture
def runs(redis: Redis) -> Runs:
    return Runs(redis)


@pytest.fixture
def paused_groups(runs: Runs, pauses: Pauses) -> PausedGroups:
    return PausedGroups(runs, pauses)


def test_without_a_pause_the_groups_are_the_same_object(paused_groups: PausedGroups) -> None:
    assert paused_groups.active(GROUPS, NOW) is GROUPS


def test_a_paused_group_is_left_out_and_its_run_says_why(
    paused_groups: PausedGroups, pauses: Pauses, runs: Runs
) -> None:
    pauses.pause("support", Pause(NOW, MONDAY + timedelta(days=1)))
    assert [entry.key for entry in paused_groups.active(GROUPS, NOW)] == ["sales"]
    run = runs.get(RUN)
    assert run is not None
    assert (run.state, run.code, run.alerted) == (RunState.MISSED, "paused", True)
    assert run.sentence == "The group is paused until 2026-11-24, so nothing was made or sent."
    assert paused_groups.active(GROUPS, NOW) == [GROUPS[1]]
    assert runs.resume(RUN, "operator") == Step.HOLIDAY_CHECK


def test_a_pause_ends_on_its_day_or_when_it_is_resumed(paused_groups: PausedGroups, pauses: Pauses) -> None:
    pauses.pause("support", Pause(NOW, MONDAY))
    assert paused_groups.active(GROUPS, NOW) is GROUPS
    pauses.pause("support", Pause(NOW))
    assert len(paused_groups.active(GROUPS, NOW)) == 1
    assert pauses.resume("support")
    assert not pauses.resume("support")
    assert len(paused_groups.active(GROUPS, NOW)) == 2


def test_a_run_that_exists_is_left_alone(paused_groups: PausedGroups, pauses: Pauses, runs: Runs) -> None:
    runs.claim(RUN, "operator")
    pauses.pause("support", Pause(NOW))
    paused_groups.active(GROUPS, NOW)
    run = runs.get(RUN)
    assert run is not None
    assert run.state == RunState.OPEN
