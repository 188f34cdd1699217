"""A whole morning, with a real mail server that is away when the first message wants to go."""

from __future__ import annotations

import time
from email import message_from_bytes, policy

import pytest

from tests.acceptance.house import ALL_WEEK, House, awake_zone, yesterday
from tests.system.postfix import Postfix
from worker.domain.runs import RunId, RunState
from worker.state.artifacts import of_run
from worker.state.deliveries import Delivery

pytestmark = pytest.mark.system

ZONE = awake_zone()
DAY = yesterday(ZONE)
RUN = RunId("support", DAY)
ANA, STRANGER = "ana@example.com", "stranger@example.com"


def furnish(house: House, postfix: Postfix) -> None:
    world = {"zone": ZONE, "queues": ["Billing"], "agents": 4, "workdays": ALL_WEEK}
    house.sandbox({"groups": {"everybody": world}})
    house.settings(
        SMTP__HOST="localhost",
        SMTP__PORT=str(postfix.ports["starttls"]),
        SMTP__SECURITY="starttls",
        SMTP__CA_FILE=str(postfix.authority),
    )
    group = {"title": "Support", "zone": ZONE, "queues": ["Billing"], "deliver": {"email": [ANA, STRANGER]}}
    house.groups({RUN.group: group})


def deliveries(house: House) -> dict[str, Delivery]:
    return {each.recipient: each for each in house.parts.deliveries.of(RUN)}


def wait_until_nobody_was_there(house: House, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not any(each.why for each in deliveries(house).values()):
        assert time.monotonic() < deadline, "no delivery was tried"
        time.sleep(0.1)


def test_a_morning_waits_for_its_mail_server_and_every_proof_is_in_the_servers_log(
    house: House, mail_server: Postfix
) -> None:
    furnish(house, mail_server)
    house.worker()
    with mail_server.away():
        house.shell("run", RUN.group, "--date", DAY.isoformat())
        wait_until_nobody_was_there(house)
    assert house.wait(str(RUN)).state == RunState.PARTLY_DELIVERED
    found = deliveries(house)
    assert "550 5.1.1 <stranger@example.com>: Recipient address rejected" in found[STRANGER].why
    (arrived,) = mail_server.letters("ana")
    message = message_from_bytes(arrived, policy=policy.default)
    assert (message["To"], message["Message-ID"]) == (ANA, found[ANA].message_id)
    kept = {each.get_filename(): each.get_content() for each in message.iter_attachments()}
    assert {name.rpartition(".")[2] for name in kept} == {"pdf", "xlsx"}
    assert kept == {name: house.parts.artifacts.get(of_run(RUN, name)) for name in kept}
    queued = found[ANA].proof.rpartition(" ")[2]
    (delivered,) = (line for line in mail_server.log.splitlines() if f"{queued}: to=<{ANA}>" in line)
    assert "status=sent (delivered to maildir)" in delivered
