"""A mail server that cannot be trusted gets no mail and no password. Everything else is delivered as usual."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.mail_server import MailServer
from worker.domain.runs import RunState


def untrusted() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.mark.parametrize(("tls", "reason"), [(None, "removed the offer"), (untrusted(), "is not trusted")])
def test_an_unencrypted_mail_server_gets_nothing_and_the_bucket_gets_all(
    installation: Installation, tmp_path: Path, tls: ssl.SSLContext | None, reason: str
) -> None:
    mail_server = MailServer(tls=tls)
    installation.start_sandbox({"groups": {"support": sandbox_group("Line")}})
    login = {"SMTP__USERNAME": "standup", "SMTP__PASSWORD": "correct-horse"}
    installation.configure(SMTP__PORT=str(mail_server.port), SMTP__SECURITY="starttls", **login)
    installation.configure(BUCKETS__ARCHIVE__URL=str(tmp_path / "archive"))
    deliver = {"email": ["ana@example.com", "li@example.com"], "bucket": ["archive"]}
    installation.write_groups({"support": group("Support", "Line", deliver=deliver)})
    installation.start_worker()
    run = installation.brief("support", DAY)
    mail_server.stop()
    assert run.state == RunState.PARTLY_DELIVERED
    deliveries = {delivery.recipient: delivery for delivery in installation.deliveries.records(run.id)}
    states = {recipient: delivery.state for recipient, delivery in deliveries.items()}
    assert states == {"ana@example.com": "refused", "li@example.com": "refused", "archive": "sent"}
    assert reason in deliveries["ana@example.com"].why
    assert mail_server.recipients() == []
    verbs = [line.split(" ")[0].upper() for line in mail_server.commands]
    assert verbs.count("EHLO") == 1, "the second recipient need not be tried: the answer is known"
    assert set(verbs) <= {"EHLO", "STARTTLS", "QUIT"}
