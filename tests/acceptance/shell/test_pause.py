"""An operator pauses a group: beat makes nothing for it, and every list shows the pause."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.waiting import wait_until
from worker.domain.runs import RunState

TOMORROW = DAY + timedelta(days=2)


@pytest.fixture(scope="module")
def installation(shared_installation: Installation) -> Installation:
    """Two groups that are due now, one of them paused before beat starts."""
    shared_installation.start_sandbox({"groups": {key: sandbox_group(f"Queue {key}") for key in ("paused", "active")}})
    shared_installation.write_groups({key: group(key, f"Queue {key}") for key in ("paused", "active")})
    shared_installation.record_past("paused", "active")
    shared_installation.standup("pause", "paused", "--until", str(TOMORROW))
    shared_installation.start_worker()
    shared_installation.start_beat()
    return shared_installation


def test_a_paused_group_gets_nothing_until_the_operator_runs_it(installation: Installation) -> None:
    assert installation.wait_for_run(f"active:{DAY}").state == RunState.DELIVERED
    run = installation.wait_for_run(f"paused:{DAY}")
    assert (run.state, run.code) == (RunState.MISSED, "paused")
    assert f"paused until {TOMORROW}" in run.sentence
    listed_runs = installation.standup("runs")
    assert "missed paused" in listed_runs
    beats = installation.heartbeat.last()
    wait_until(lambda: installation.heartbeat.last() != beats, "beat has asked again")
    assert installation.alerts() == []
    assert installation.mails_to("paused@example.com") == []
    assert "delivered" in installation.standup("run", "paused", "--wait")
    assert len(installation.mails_to("paused@example.com")) == 1


def test_the_pause_is_shown_and_can_be_ended(installation: Installation) -> None:
    installation.standup("pause", "active", "--until", str(TOMORROW + timedelta(days=1)))
    listed_groups = installation.standup("groups")
    assert "paused until" in listed_groups
    assert str(TOMORROW + timedelta(days=1)) in listed_groups
    assert set(json.loads(installation.standup("groups", "--json"))["paused"]) == {"paused", "active"}
    planned = json.loads(installation.standup("plan", "--group", "active", "--json"))
    assert [(entry["outcome"], "paused until" in entry["reason"]) for entry in planned[:2]] == [
        ("none", True),
        ("briefing", False),
    ]
    assert installation.standup("resume", "active") == "active: the pause has ended\n"
    second_answer = installation.standup("resume", "active")
    assert second_answer == "active: was not paused. To continue a failed run: standup run active --date DAY\n"
    assert "paused" not in installation.standup("plan", "--group", "active")


def test_a_pause_that_has_no_stand_up_is_refused(installation: Installation) -> None:
    assert "is not after today" in installation.standup("pause", "active", "--until", str(DAY), expect=2)
