"""Briefings to a real mail server: what arrives is what was sent, and its refusals are understood."""

from __future__ import annotations

import dataclasses
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme

from tests.certificates import NOW, issue, new_key, opened
from tests.system.days import packed
from tests.system.postfix import SENDER, Postfix
from worker.channels.channel import OutgoingMessage, Proof
from worker.channels.mail import mime
from worker.channels.mail.certificates import CertificateFolder
from worker.channels.mail.smime import Sealer
from worker.channels.smtp.channel import EmailChannel
from worker.errors import ChannelBusy, DeliveryRefused

pytestmark = pytest.mark.system

ANA, BOB, CEM, STRANGER = "ana@example.com", "bob@example.com", "cem@example.com", "stranger@example.com"
DOTS = "A line that is a dot:\n.\n..\nFrom the queue\n" + "long " * 300


@pytest.fixture(scope="module")
def outgoing() -> OutgoingMessage:
    """The sample day, with lines that a transport may stumble over."""
    message = packed()
    return dataclasses.replace(message, text=message.text + DOTS)


def sent(outgoing: OutgoingMessage, recipient: str, channel: EmailChannel) -> Proof:
    return channel.deliver(outgoing, recipient, lambda: None)


def contents(message: EmailMessage) -> list[object]:
    return [part.get_content() for part in message.iter_attachments()]


def letter(outgoing: OutgoingMessage, recipient: str) -> bytes:
    return mime.build(outgoing, recipient, SENDER).content


@pytest.mark.parametrize("port", ["starttls", "tls"])
def test_a_briefing_arrives_to_the_byte_with_either_encryption(
    port: str, mail_server: Postfix, outgoing: OutgoingMessage
) -> None:
    proof = sent(outgoing, ANA, EmailChannel(mail_server.server(port)))
    (arrived,) = mail_server.letters("ana")
    assert arrived == letter(outgoing, ANA)
    assert proof.reply.startswith("250 2.0.0 Ok: queued as ")
    assert f"{proof.reply.split()[-1]}: message-id={proof.message_id}" in mail_server.log
    message = message_from_bytes(arrived, policy=policy.default)
    assert message["Message-ID"] == proof.message_id
    assert contents(message) == [document.content for document in outgoing.documents]


def test_a_certificate_of_another_issuer_or_name_gets_nothing(
    mail_server: Postfix, outgoing: OutgoingMessage, tmp_path: Path
) -> None:
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    for port in ("starttls", "tls"):
        with pytest.raises(DeliveryRefused, match="STANDUP_SMTP__CA_FILE"):
            sent(outgoing, ANA, EmailChannel(mail_server.server(port, ca_file=stranger)))
        with pytest.raises(DeliveryRefused, match="STANDUP_SMTP__HOST"):
            sent(outgoing, ANA, EmailChannel(mail_server.server(port, host="127.0.0.1")))
    sent(outgoing, BOB, EmailChannel(mail_server.server()))
    assert len(mail_server.letters("bob")) == 1
    assert mail_server.letters("ana", 0) == []


def test_an_encryption_that_does_not_fit_the_port_is_named(mail_server: Postfix, outgoing: OutgoingMessage) -> None:
    unencrypted = mail_server.server(security="none")
    swapped = mail_server.server(security="tls")
    silent = mail_server.server("tls", security="starttls", timeout_seconds=1)
    for wrong in (unencrypted, swapped, silent):
        with pytest.raises((DeliveryRefused, ChannelBusy), match="STANDUP_SMTP__SECURITY"):
            sent(outgoing, ANA, EmailChannel(wrong))


def test_an_unknown_recipient_is_refused_and_the_next_one_is_served(
    mail_server: Postfix, outgoing: OutgoingMessage
) -> None:
    with EmailChannel(mail_server.server()) as channel:
        sent(outgoing, ANA, channel)
        with pytest.raises(DeliveryRefused, match=r"550 5\.1\.1 .*User unknown in virtual mailbox table") as refused:
            sent(outgoing, STRANGER, channel)
        sent(outgoing, BOB, channel)
    assert refused.value.way_out == "Correct or remove the address in the group's file."
    assert [len(mail_server.letters(name)) for name in ("ana", "bob")] == [1, 1]


def test_a_name_beyond_ascii_gets_its_briefing(mail_server: Postfix, outgoing: OutgoingMessage) -> None:
    sent(outgoing, "jürgen@example.com", EmailChannel(mail_server.server()))
    assert mail_server.letters("jürgen") == [letter(outgoing, "jürgen@example.com")]


def test_a_sealed_letter_arrives_to_the_byte(mail_server: Postfix, outgoing: OutgoingMessage, tmp_path: Path) -> None:
    key = new_key()
    certificate = issue(tmp_path, key, ANA)
    sent(outgoing, ANA, EmailChannel(mail_server.server(), Sealer(CertificateFolder(tmp_path), lambda: NOW).seal))
    (arrived,) = mail_server.letters("ana")
    assert b"%PDF" not in arrived
    inside = message_from_bytes(opened(arrived, certificate, key), policy=policy.default)
    assert contents(inside) == [document.content for document in outgoing.documents]


def test_a_restart_between_two_messages_of_a_run_loses_neither(mail_server: Postfix, outgoing: OutgoingMessage) -> None:
    with EmailChannel(mail_server.server()) as channel:
        sent(outgoing, ANA, channel)
        with mail_server.stopped():
            pass
        sent(outgoing, BOB, channel)
    with mail_server.stopped(), pytest.raises(ChannelBusy, match="Connection refused"):
        sent(outgoing, CEM, EmailChannel(mail_server.server()))
    sent(outgoing, CEM, EmailChannel(mail_server.server()))
    assert [len(mail_server.letters(name)) for name in ("ana", "bob", "cem")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("port", "error", "sentence"),
    [
        ("full", ChannelBusy, "at the sender: 452 4.3.1 Insufficient system storage"),
        ("greylisting", ChannelBusy, "at the message: 450 4.3.2"),
        ("choosy", DeliveryRefused, "at the message: 554 5.7.1"),
    ],
)
def test_a_refusal_leaves_nothing_and_says_whether_to_try_again(
    port: str, error: type[Exception], sentence: str, mail_server: Postfix, outgoing: OutgoingMessage
) -> None:
    with EmailChannel(mail_server.server(port)) as channel, pytest.raises(error) as raised:
        sent(outgoing, ANA, channel)
    assert sentence in str(raised.value)
    sent(outgoing, BOB, EmailChannel(mail_server.server()))
    assert len(mail_server.letters("bob")) == 1
    assert mail_server.letters("ana", 0) == []


def test_a_server_that_limits_the_rate_asks_to_try_again(mail_server: Postfix, outgoing: OutgoingMessage) -> None:
    with EmailChannel(mail_server.server("hurried")) as channel:
        sent(outgoing, ANA, channel)
        with pytest.raises(ChannelBusy, match=r"450 4\.7\.1 Error: too much mail"):
            sent(outgoing, BOB, channel)
    assert len(mail_server.letters("ana")) == 1, "it must not arrive during the next test"
