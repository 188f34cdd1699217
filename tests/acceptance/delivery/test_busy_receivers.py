"""While receivers are busy: what the commands show and do for a run that retries for half an hour if need be."""

from __future__ import annotations

import json
import re

import pytest

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.mail_server import MailServer, Trouble
from tests.waiting import wait_until
from worker.domain.deliveries import Delivery
from worker.domain.runs import RunId, RunState

KEYS = ("resent", "corrected")
"""A group for each test."""


@pytest.fixture(scope="module")
def waiting(shared_installation: Installation, mail_server: MailServer) -> Installation:
    """One of each group's two recipients has the briefing. The server has refused the other three times for now."""
    installation = shared_installation
    installation.start_sandbox({"groups": {key: sandbox_group(f"Queue {key}") for key in KEYS}})
    installation.configure(SMTP__PORT=str(mail_server.port))
    installation.write_groups(
        {key: group(key, f"Queue {key}", deliver={"email": [ana(key), busy(key)]}) for key in KEYS}
    )
    installation.start_worker()
    for key in KEYS:
        mail_server.set_troubles(busy(key), Trouble("rcpt", "451 4.7.1 greylisted"))
        installation.begin_run(key, DAY)
    for key in KEYS:
        wait_until(lambda: mail_server.tries[busy(key)] >= 3 and delivery(installation, key).again_at, "three tries")  # noqa: B023
    return installation


def ana(key: str) -> str:
    return f"ana@{key}.example.com"


def busy(key: str) -> str:
    return f"busy@{key}.example.com"


def delivery(installation: Installation, key: str) -> Delivery:
    """Return the delivery to the busy recipient."""
    deliveries = installation.deliveries.records(RunId(key, DAY))
    return next(delivery for delivery in deliveries if delivery.recipient == busy(key))


def recipients(mail_server: MailServer, key: str) -> list[str]:
    return sorted(recipient for recipient in mail_server.recipients() if recipient in (ana(key), busy(key)))


def test_explain_shows_who_waits_and_resend_sends_at_once(waiting: Installation, mail_server: MailServer) -> None:
    run_id = f"resent:{DAY}"
    story = waiting.standup("explain", run_id)
    assert f"{run_id} is open at step deliver" in story
    assert re.search(r"451 4\.7\.1 greylisted.* [0-9]+ times\. Next attempt at", " ".join(story.split()))
    assert f"standup resend {run_id}" in story
    assert "already running" in waiting.standup("run", "resent", "--date", str(DAY))
    answer = json.loads(waiting.standup("resend", run_id, "--json"))
    assert [delivery["recipient"] for delivery in answer["sending"]] == [busy("resent")]
    mail_server.set_troubles(busy("resent"), None)
    assert waiting.wait_for_run(run_id).state == RunState.DELIVERED
    assert recipients(mail_server, "resent") == [ana("resent"), busy("resent")]


def test_a_correction_replaces_the_briefing_for_those_who_wait(waiting: Installation, mail_server: MailServer) -> None:
    run_id = f"corrected:{DAY}"
    waiting.standup("rerun", run_id)
    first = waiting.wait_for_run(run_id)
    mail_server.set_troubles(busy("corrected"), None)
    assert waiting.wait_for_run(f"{run_id}.r2").state == RunState.DELIVERED
    assert first.state == RunState.PARTLY_DELIVERED
    assert delivery(waiting, "corrected").why == "revision 2 goes instead"
    assert recipients(mail_server, "corrected") == [ana("corrected"), ana("corrected"), busy("corrected")]
    (mail,) = [mail for mail in mail_server.arrived if mail.recipient == busy("corrected")]
    assert "corrected, rev 2" in mail.header("Subject")
    waiting.wait_for_log("worker", r"Task briefing\.alert\[.* succeeded")
    assert waiting.alerts() == [], "operations began the correction themselves"
