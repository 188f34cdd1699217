"""While receivers are busy: what the shell shows and does, for a run that waits for half an hour if need be."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import pytest

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from tests.mail_server import MailServer, Trouble
from worker.domain.runs import RunId, RunState
from worker.state.deliveries import Delivery

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)
RUN = RunId("support", DAY)
ANA, BUSY = "ana@example.com", "busy@example.com"


@pytest.fixture
def post() -> Iterator[MailServer]:
    made = MailServer()
    made.trouble(BUSY, Trouble("rcpt", "451 4.7.1 greylisted"))
    yield made
    made.stop()


@pytest.fixture
def waiting(installation: Installation, post: MailServer) -> Installation:
    """One of two recipients has the briefing, the other's server has said "later" three times."""
    installation.start_sandbox(
        {"groups": {"support": {"zone": ZONE, "queues": ["Q"], "agents": 4, "workdays": ALL_WEEK}}}
    )
    installation.configure(SMTP__PORT=str(post.port))
    installation.write_groups(
        {"support": {"title": "Support", "zone": ZONE, "queues": ["Q"], "deliver": {"email": [ANA, BUSY]}}}
    )
    installation.start_worker()
    installation.standup("run", "support", "--date", str(DAY))
    deadline = time.monotonic() + 60
    while post.tries[BUSY] < 3 or not delivery(installation, BUSY).again_at:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return installation


def delivery(installation: Installation, recipient: str, run: RunId = RUN) -> Delivery:
    return next(each for each in installation.parts.deliveries.of(run) if each.recipient == recipient)


def test_the_shell_shows_who_waits_and_the_operator_need_not(waiting: Installation, post: MailServer) -> None:
    story = waiting.standup("explain", str(RUN))
    assert f"{RUN} is open at step deliver" in story
    assert re.search(r"451 4\.7\.1 greylisted\. Tried [345] times, again at", " ".join(story.split()))
    assert f"standup resend {RUN}" in story
    assert "under way already" in waiting.standup("run", "support", "--date", str(DAY))
    said = json.loads(waiting.standup("resend", str(RUN), "--json"))
    assert [each["recipient"] for each in said["sending"]] == [BUSY]
    post.trouble(BUSY, None)
    assert waiting.wait_for_run(str(RUN)).state == RunState.DELIVERED
    assert sorted(post.recipients()) == [ANA, BUSY]


def test_a_correction_goes_to_those_who_wait_in_place_of_what_it_corrects(
    waiting: Installation, post: MailServer
) -> None:
    waiting.standup("rerun", str(RUN))
    first = waiting.wait_for_run(str(RUN))
    post.trouble(BUSY, None)
    assert waiting.wait_for_run(f"{RUN}.r2").state == RunState.DELIVERED
    assert first.state == RunState.PARTLY_DELIVERED
    assert delivery(waiting, BUSY).why == "revision 2 goes instead"
    assert sorted(post.recipients()) == [ANA, ANA, BUSY]
    (corrected,) = [mail for mail in post.arrived if mail.recipient == BUSY]
    assert "corrected, rev 2" in corrected.header("Subject")
    time.sleep(1)
    assert waiting.alerts() == [], "operations began the correction themselves"
