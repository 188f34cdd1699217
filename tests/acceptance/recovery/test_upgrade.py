"""An installation goes on with what an earlier release stored, and an outdated worker beside others does no harm."""

from __future__ import annotations

import json

import pytest

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.integration.state.releases import load_redis
from worker.domain.runs import RunId, RunState
from worker.state.version import KEY, STATE_VERSION

PARTLY = RunId("three-readers", DAY)
READERS = ("first@example.com", "left-last-month@example.com", "third@example.com")


@pytest.fixture
def upgraded(installation: Installation) -> Installation:
    """The first release's morning, as if it had been yesterday's, with today's settings."""
    names = ("three-readers", "northgate-support", "broken-exports", "harbour-claims")
    mailbox = {"refuse": {"left-last-month@example.com": "550 5.1.1 no such mailbox"}}
    installation.start_sandbox({"mailbox": mailbox, "groups": {"all": sandbox_group("Onboarding")}})
    installation.write_groups(
        {name: group(name.title(), "Onboarding", deliver={"email": list(READERS)}) for name in names}
    )
    load_redis(installation.redis, DAY)
    return installation


def test_runs_of_the_first_release_are_listed_explained_rerun_and_continued(upgraded: Installation) -> None:
    states = {run["group"]: run["state"] for run in json.loads(upgraded.standup("runs", "--json"))}
    assert states == {
        "three-readers": "partly_delivered",
        "northgate-support": "delivered",
        "broken-exports": "failed",
        "harbour-claims": "notified",
    }
    explained = json.loads(upgraded.standup("explain", str(PARTLY), "--json"))
    assert explained["code"] == "delivery_refused"
    assert "claimed by beat" in explained["timeline"][0].values()
    foreseen = json.loads(upgraded.standup("rerun", str(PARTLY), "--dry-run", "--json"))
    assert foreseen == {"run": f"{PARTLY}.r2", "content": "briefing", "changes": None}, "it kept no figures to compare"
    upgraded.start_worker()
    upgraded.standup("rerun", str(PARTLY), "--wait", expect=1)  # the third reader's mailbox is still gone
    revised = upgraded.wait_for_run(f"{PARTLY}.r2")
    assert revised.state == RunState.PARTLY_DELIVERED
    assert len(upgraded.mails_to("first@example.com")) == 1
    upgraded.standup("run", "broken-exports", "--date", str(DAY))
    assert upgraded.wait_for_run(f"broken-exports:{DAY}").outcome == "briefing"
    assert upgraded.redis.get(KEY) == str(STATE_VERSION)


def test_an_outdated_worker_ends_and_leaves_the_runs_to_the_others(upgraded: Installation) -> None:
    upgraded.redis.set(KEY, STATE_VERSION + 1)  # as an updated worker does
    run_before = upgraded.redis.hgetall(f"standup:run:{PARTLY}")
    worker = upgraded.start_worker()
    assert worker.process is not None
    assert worker.process.wait(60) == 78
    assert "this worker is too old and ends" in upgraded.log("worker")
    (alert,) = upgraded.wait_for_alerts(1)
    assert alert["text"].startswith("A worker was not updated and has ended")
    assert "knows versions up to" in upgraded.standup("rerun", str(PARTLY), expect=1)
    assert "knows versions up to" in upgraded.standup("doctor", expect=1)
    assert upgraded.redis.hgetall(f"standup:run:{PARTLY}") == run_before
