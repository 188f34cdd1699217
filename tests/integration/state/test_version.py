"""The stored state has a version, and a program that is too old for it does no harm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from redis import Redis

from tests.integration.alerts.test_redis_outage import Webhook
from worker.alerts.newer_state import NewerStateWatch
from worker.alerts.sending import AlertSender
from worker.doctor.finding import Level
from worker.doctor.processes import state_version
from worker.domain.runs import RunId, RunState, Step
from worker.errors import SettingsError
from worker.state.alert_dedup import AlertDedup
from worker.state.runs import Runs
from worker.state.version import KEY, STATE_VERSION, StateVersion

RUN = RunId("support-emea", date(2026, 11, 20))
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def watch_of(redis: Redis, tmp_path: Path, webhook: Webhook, readable: int = STATE_VERSION) -> NewerStateWatch:
    sender = AlertSender(lambda: webhook, tmp_path / "alerts.jsonl")
    return NewerStateWatch(StateVersion(redis, readable), AlertDedup(redis), sender, lambda: NOW, "host-1")


def test_a_worker_stores_its_version_and_never_lowers_it(redis: Redis) -> None:
    assert StateVersion(redis).stored() == 0
    assert StateVersion(redis, readable=2).raise_to_known() == 2
    assert StateVersion(redis, readable=1).raise_to_known() == 2
    assert redis.get(KEY) == "2"


def test_a_worker_that_is_too_old_enters_no_step_and_changes_nothing(redis: Redis) -> None:
    runs = Runs(redis)
    runs.claim(RUN, "beat")
    StateVersion(redis, readable=STATE_VERSION + 1).raise_to_known()
    run_before = redis.hgetall(f"standup:run:{RUN}")
    assert runs.enter(RUN, Step.HOLIDAY_CHECK, "old-worker")[0] == "newer"
    assert redis.hgetall(f"standup:run:{RUN}") == run_before
    run = runs.get(RUN)
    assert run is not None
    assert run.state == RunState.OPEN


@pytest.mark.parametrize("stored", [None, STATE_VERSION])
def test_a_step_is_entered_in_an_older_state_and_in_the_same(redis: Redis, stored: int | None) -> None:
    runs = Runs(redis)
    runs.claim(RUN, "beat")
    if stored:
        redis.set(KEY, stored)
    assert runs.enter(RUN, Step.HOLIDAY_CHECK, "worker")[0] == "mine"


def test_a_worker_that_is_too_old_ends_and_operations_hear_of_it_once(redis: Redis, tmp_path: Path) -> None:
    webhook, ended = Webhook(), []
    redis.set(KEY, STATE_VERSION + 1)
    for _ in range(2):  # a supervisor starts it again
        watch_of(redis, tmp_path, webhook).run(lambda: ended.append("worker"))
    assert ended == ["worker", "worker"]
    (alert,) = webhook.alerts
    assert alert.title == "A worker was not updated and has ended"
    assert alert.code == "state_newer"
    assert f"version {STATE_VERSION + 1}" in alert.sentence
    assert "docs/upgrading.md" in alert.sentence


def test_a_worker_of_the_same_version_goes_on_and_says_nothing(redis: Redis, tmp_path: Path) -> None:
    webhook = Webhook()
    assert not watch_of(redis, tmp_path, webhook).look()
    assert webhook.alerts == []
    assert redis.get(KEY) == str(STATE_VERSION)


@pytest.mark.parametrize(("stored", "level"), [(0, Level.OK), (STATE_VERSION, Level.OK), (7, Level.WRONG)])
def test_doctor_says_whether_this_program_can_read_the_state(redis: Redis, stored: int, level: Level) -> None:
    redis.set(KEY, stored)
    finding = state_version(StateVersion(redis))
    assert finding.level == level
    assert f"version {stored}" in finding.fact
    assert bool(finding.way_out) == (level == Level.WRONG)


def test_a_command_that_writes_is_refused_on_a_newer_state(redis: Redis) -> None:
    refuse: Callable[[], None] = StateVersion(redis).refuse_newer
    refuse()
    redis.set(KEY, STATE_VERSION + 1)
    with pytest.raises(SettingsError, match="Update the program on this machine"):
        refuse()
