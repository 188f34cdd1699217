"""A whole morning, with a real mail server that is away when the first message wants to go."""

from __future__ import annotations

import time
from email import message_from_bytes, policy

import pytest

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from tests.system.postfix import Postfix
from worker.domain.deliveries import Delivery
from worker.domain.runs import RunId, RunState
from worker.state.artifacts import of_run

pytestmark = pytest.mark.system

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)
RUN = RunId("support", DAY)
ANA, STRANGER = "ana@example.com", "stranger@example.com"


def furnish(installation: Installation, postfix: Postfix) -> None:
    world = {"zone": ZONE, "queues": ["Billing"], "agents": 4, "workdays": ALL_WEEK}
    installation.start_sandbox({"groups": {"everybody": world}})
    installation.configure(
        SMTP__HOST="localhost",
        SMTP__PORT=str(postfix.ports["starttls"]),
        SMTP__SECURITY="starttls",
        SMTP__CA_FILE=str(postfix.authority),
    )
    group = {"title": "Support", "zone": ZONE, "queues": ["Billing"], "deliver": {"email": [ANA, STRANGER]}}
    installation.write_groups({RUN.group: group})


def deliveries(installation: Installation) -> dict[str, Delivery]:
    return {each.recipient: each for each in installation.deliveries.records(RUN)}


def wait_until_nobody_was_there(installation: Installation, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not any(each.why for each in deliveries(installation).values()):
        assert time.monotonic() < deadline, "no delivery was tried"
        time.sleep(0.1)


def test_a_morning_waits_for_its_mail_server_and_every_proof_is_in_the_servers_log(
    installation: Installation, mail_server: Postfix
) -> None:
    furnish(installation, mail_server)
    installation.start_worker()
    with mail_server.away():
        installation.standup("run", RUN.group, "--date", DAY.isoformat())
        wait_until_nobody_was_there(installation)
    assert installation.wait_for_run(str(RUN)).state == RunState.PARTLY_DELIVERED
    found = deliveries(installation)
    assert "550 5.1.1 <stranger@example.com>: Recipient address rejected" in found[STRANGER].why
    (arrived,) = mail_server.letters("ana")
    message = message_from_bytes(arrived, policy=policy.default)
    assert (message["To"], message["Message-ID"]) == (ANA, found[ANA].message_id)
    kept = {each.get_filename(): each.get_content() for each in message.iter_attachments()}
    assert {name.rpartition(".")[2] for name in kept} == {"pdf", "xlsx"}
    assert kept == {name: installation.artifacts.get(of_run(RUN, name)) for name in kept}
    queued = found[ANA].proof.rpartition(" ")[2]
    (delivered,) = (line for line in mail_server.log.splitlines() if f"{queued}: to=<{ANA}>" in line)
    assert "status=sent (delivered to maildir)" in delivered
