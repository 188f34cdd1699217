"""A whole morning with a real mail server that is down when the first message is to be sent."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.system.postfix import Postfix
from tests.waiting import wait_until
from worker.domain.deliveries import Delivery
from worker.domain.runs import RunId, RunState
from worker.state.files.artifacts import of_run

pytestmark = pytest.mark.system

RUN = RunId("support", DAY)
ANA, STRANGER = "ana@example.com", "stranger@example.com"


def prepare(installation: Installation, postfix: Postfix) -> None:
    installation.start_sandbox({"groups": {"support": sandbox_group("Billing")}})
    installation.configure(
        SMTP__HOST="localhost",
        SMTP__PORT=str(postfix.ports["starttls"]),
        SMTP__SECURITY="starttls",
        SMTP__CA_FILE=str(postfix.authority),
    )
    installation.write_groups({RUN.group: group("Support", "Billing", deliver={"email": [ANA, STRANGER]})})


def deliveries(installation: Installation) -> dict[str, Delivery]:
    return {delivery.recipient: delivery for delivery in installation.deliveries.records(RUN)}


def test_a_morning_waits_for_its_mail_server_whose_log_has_each_proof(
    installation: Installation, mail_server: Postfix
) -> None:
    prepare(installation, mail_server)
    installation.start_worker()
    with mail_server.stopped():
        installation.begin_run(RUN.group, DAY)
        wait_until(lambda: any(record.why for record in deliveries(installation).values()), "a delivery was tried")
    assert installation.wait_for_run(str(RUN)).state == RunState.PARTLY_DELIVERED
    records = deliveries(installation)
    assert "550 5.1.1 <stranger@example.com>: Recipient address rejected" in records[STRANGER].why
    (arrived,) = mail_server.letters("ana")
    message = message_from_bytes(arrived, policy=policy.default)
    assert (message["To"], message["Message-ID"]) == (ANA, records[ANA].message_id)
    documents = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert {name.rpartition(".")[2] for name in documents} == {"pdf", "xlsx"}
    assert documents == {name: installation.artifacts.get(of_run(RUN, name)) for name in documents}
    queue_id = records[ANA].proof.rpartition(" ")[2]
    (line,) = (line for line in mail_server.log.splitlines() if f"{queue_id}: to=<{ANA}>" in line)
    assert "status=sent (delivered to maildir)" in line
