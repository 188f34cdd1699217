"""The sandbox's mailbox and webhook inbox, as any mail or web client sees them."""

from __future__ import annotations

import smtplib
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from sandbox.receivers.mailbox import Mailbox
from tests.integration.channels.conftest import Post, WebhookInbox
from tests.waiting import HANG_SECONDS

OpenMailbox = Callable[..., Post]
MESSAGE = b"From: a@example.com\r\nTo: b@example.org\r\nSubject: hi\r\n\r\n..\r\nbody\r\n"


def post(url: str, body: bytes) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, body), timeout=HANG_SECONDS) as response:
        text: str = response.read().decode()
        return text


def test_each_recipient_gets_a_file_with_the_envelope_above_the_message(open_mailbox: OpenMailbox) -> None:
    inbox = open_mailbox()
    with smtplib.SMTP(inbox.host, inbox.port) as client:
        client.sendmail("a@example.com", ["b@example.org", "c@example.org"], MESSAGE)
    assert [path.name for path in inbox.files] == ["0001-b@example.org.eml", "0002-c@example.org.eml"]
    assert inbox.files[1].read_bytes() == (
        b"X-Envelope-From: a@example.com\r\nX-Envelope-To: c@example.org\r\n" + MESSAGE
    )


def test_a_refused_recipient_leaves_the_others(open_mailbox: OpenMailbox) -> None:
    inbox = open_mailbox({"B@example.org": "550 5.1.1 no such mailbox"})
    with smtplib.SMTP(inbox.host, inbox.port) as client:
        refused = client.sendmail("a@example.com", ["b@example.org", "c@example.org"], MESSAGE)
    assert refused == {"b@example.org": (550, b"5.1.1 no such mailbox")}
    assert [path.name for path in inbox.files] == ["0001-c@example.org.eml"]


def test_a_refusal_once_is_gone_at_the_second_attempt(open_mailbox: OpenMailbox) -> None:
    inbox = open_mailbox({"b@example.org": "once 451 4.7.1 greylisted"})
    with smtplib.SMTP(inbox.host, inbox.port) as client:
        client.ehlo()
        client.mail("a@example.com")
        assert client.rcpt("b@example.org") == (451, b"4.7.1 greylisted")
        assert client.rcpt("b@example.org")[0] == 250


def test_the_announced_size_limit_is_enforced(open_mailbox: OpenMailbox) -> None:
    inbox = open_mailbox(size_limit=3000)
    with smtplib.SMTP(inbox.host, inbox.port) as client:
        client.ehlo()
        assert client.esmtp_features["size"] == "3000"
        client.mail("a@example.com")
        client.rcpt("b@example.org")
        assert client.data(b"x: y\r\n\r\n" + b"line\r\n" * 1000)[0] == 552
    assert inbox.files == []


def test_after_a_restart_numbering_continues_and_no_file_is_overwritten(tmp_path: Path) -> None:
    for _ in range(2):
        mailbox = Mailbox("127.0.0.1", 0, tmp_path)
        with smtplib.SMTP(*mailbox.start()) as client:
            client.sendmail("a@example.com", "b@example.org", MESSAGE)
        mailbox.stop()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0001-b@example.org.eml", "0002-b@example.org.eml"]


def test_no_address_writes_outside_the_folder(open_mailbox: OpenMailbox) -> None:
    inbox = open_mailbox()
    with smtplib.SMTP(inbox.host, inbox.port) as client:
        client.sendmail("a@example.com", '"../../x"@example.org', MESSAGE)
    assert [path.name for path in inbox.files] == ["0001-.._.._x@example.org.eml"]


def test_a_port_in_use_is_reported_at_the_start(open_mailbox: OpenMailbox, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="in use"):
        Mailbox("127.0.0.1", open_mailbox().port, tmp_path).start()


def test_every_post_is_kept_with_its_path_headers_and_body(webhook_inbox: WebhookInbox) -> None:
    assert post(f"{webhook_inbox.url}/services/T0/b?x=1", b'{"text": "hi"}') == "ok"
    assert post(f"{webhook_inbox.url}/", b"no json \xff") == "ok"
    first, second = webhook_inbox.records
    assert (first["path"], first["body"]) == ("/services/T0/b", {"text": "hi"})
    assert first["headers"]["content-length"] == "14"
    assert datetime.fromisoformat(first["at"]).tzinfo is not None
    assert (second["path"], second["body"]) == ("/", "no json \ufffd")
    assert sorted(path.name for path in webhook_inbox.directory.iterdir()) == [
        "0001-services-T0-b.json",
        "0002-root.json",
    ]


def test_a_post_to_fail_gets_the_status_it_asks_for_and_is_not_kept(webhook_inbox: WebhookInbox) -> None:
    with pytest.raises(urllib.error.HTTPError, match="503"):
        post(f"{webhook_inbox.url}/fail/503", b"{}")
    assert webhook_inbox.records == []


@pytest.mark.parametrize(
    ("path", "status", "text", "header"),
    [
        ("/v3/mail/send", 202, "", "X-Message-Id"),
        ("/teams/ops", 202, "", "x-ms-workflow-run-id"),
        ("/connector/ops", 200, "1", ""),
        ("/slack/ops", 200, "ok", ""),
    ],
)
def test_each_receiver_answers_as_its_vendor_does(
    path: str, status: int, text: str, header: str, webhook_inbox: WebhookInbox
) -> None:
    request = urllib.request.Request(webhook_inbox.url + path, b"{}")
    with urllib.request.urlopen(request, timeout=HANG_SECONDS) as response:
        assert (response.status, response.read().decode()) == (status, text)
        assert not header or response.headers[header] == webhook_inbox.names[0]
    assert [record["path"] for record in webhook_inbox.records] == [path]


def test_a_failed_connector_and_a_proxy_answer_200_and_keep_nothing(webhook_inbox: WebhookInbox) -> None:
    assert "Microsoft Teams endpoint returned HTTP error 429" in post(f"{webhook_inbox.url}/connector/fail/429", b"{}")
    assert post(f"{webhook_inbox.url}/page/ops", b"{}").startswith("<!DOCTYPE html>")
    assert webhook_inbox.records == []
