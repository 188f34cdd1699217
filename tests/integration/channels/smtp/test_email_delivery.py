"""Deliveries to real mail servers: what arrives, what is refused, and what is known when the wire breaks."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.certificates import NOW, issue, new_key
from tests.integration.channels.conftest import CLIENT_SECONDS, Post, ScriptedServer, Wire
from tests.waiting import HANG_SECONDS
from worker.channels.channel import OutgoingMessage
from worker.channels.mail.certificates import CertificateFolder
from worker.channels.mail.smime import Sealer
from worker.channels.smtp import conversation
from worker.channels.smtp.channel import EmailChannel, SmtpServer
from worker.domain.documents import Document
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown, SettingsError

ANN = "ann@example.org"
LocalServer = Callable[..., SmtpServer]
OpenMailbox = Callable[..., Post]


class Acceptance:
    """Counts its calls; what `action` does happens at the call."""

    def __init__(self, action: Callable[[], object] = lambda: None) -> None:
        self.calls = 0
        self._action = action

    def __call__(self) -> None:
        self.calls += 1
        self._action()


def test_a_message_arrives_whole_with_its_recipient_alone(
    open_mailbox: OpenMailbox, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    post = open_mailbox()
    proof = EmailChannel(local_server(post.port)).deliver(outgoing, ANN, Acceptance())
    (message,) = post.messages
    assert proof.reply == "250 2.0.0 Ok: kept as 0001-ann@example.org.eml"
    assert proof.message_id == message["Message-ID"]
    assert (message["X-Envelope-From"], message["X-Envelope-To"]) == ("standup@example.com", ANN)
    assert message["To"] == ANN
    text = message.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    assert text.replace("\r\n", "\n").rstrip() == outgoing.text.rstrip()
    (attached,) = message.iter_attachments()  # type: ignore[attr-defined]
    assert attached.get_content() == outgoing.documents[0].content


def test_the_same_message_sent_again_has_the_same_bytes(
    open_mailbox: OpenMailbox, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    post = open_mailbox()
    channel = EmailChannel(local_server(post.port))
    channel.deliver(outgoing, ANN, Acceptance())
    channel.deliver(outgoing, ANN, Acceptance())
    first, second = post.files
    assert first.read_bytes() == second.read_bytes()


def test_no_content_is_sent_before_the_acceptance(
    open_mailbox: OpenMailbox, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    post = open_mailbox()
    calls_seen: list[int] = []
    acceptance = Acceptance(lambda: calls_seen.append(len(post.files)))
    EmailChannel(local_server(post.port)).deliver(outgoing, ANN, acceptance)
    assert (acceptance.calls, calls_seen, len(post.files)) == (1, [0], 1)


def test_an_acceptance_that_the_caller_forbids_sends_nothing(
    open_mailbox: OpenMailbox, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    post = open_mailbox()

    def forbid() -> None:
        raise ConnectionError("the ledger is away")

    with pytest.raises(ConnectionError, match="the ledger is away"):
        EmailChannel(local_server(post.port)).deliver(outgoing, ANN, Acceptance(forbid))
    EmailChannel(local_server(post.port)).deliver(outgoing, "bob@example.org", Acceptance())
    assert [message["To"] for message in post.messages] == ["bob@example.org"]


def test_one_bad_address_does_not_affect_the_others(
    open_mailbox: OpenMailbox, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    post = open_mailbox({"gone@example.org": "550 5.1.1 no such mailbox"})
    channel = EmailChannel(local_server(post.port))
    refused = Acceptance()
    channel.deliver(outgoing, ANN, Acceptance())
    with pytest.raises(DeliveryRefused, match=r"gone@example\.org at the recipient: 550 5\.1\.1 no such mailbox"):
        channel.deliver(outgoing, "gone@example.org", refused)
    channel.deliver(outgoing, "bob@example.org", Acceptance())
    assert [message["To"] for message in post.messages] == [ANN, "bob@example.org"]
    assert refused.calls == 0


def test_a_greylisted_message_goes_through_at_the_next_attempt(
    open_mailbox: OpenMailbox, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    post = open_mailbox({ANN: "once 451 4.7.1 greylisted"})
    channel = EmailChannel(local_server(post.port))
    with pytest.raises(ChannelBusy, match=r"451 4\.7\.1 greylisted"):
        channel.deliver(outgoing, ANN, Acceptance())
    channel.deliver(outgoing, ANN, Acceptance())
    assert len(post.files) == 1


def test_a_message_above_the_servers_limit_is_refused_before_it_is_sent(
    open_mailbox: OpenMailbox, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    post = open_mailbox(size_limit=2000)
    acceptance = Acceptance()
    with pytest.raises(DeliveryRefused, match=r"552 .* a limit of 2000\..*STANDUP_MAX_MESSAGE_BYTES.* less than 2000"):
        EmailChannel(local_server(post.port)).deliver(outgoing, ANN, acceptance)
    assert (acceptance.calls, post.files) == (0, [])


def test_eight_megabytes_arrive_and_nine_are_refused_with_both_sizes(
    open_mailbox: OpenMailbox, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    """Messages are made smaller before they reach the channel. Here the limit for that was set too high."""
    post = open_mailbox(size_limit=8_000_000)
    channel = EmailChannel(local_server(post.port))
    workbook = Document("report.xlsx", "application/x", random.Random(1).randbytes(9_000_000))
    with pytest.raises(DeliveryRefused, match=r"has 12\d{6} bytes, and the server announces a limit of 8000000"):
        channel.deliver(replace(outgoing, documents=(workbook,)), ANN, Acceptance())
    fits = replace(workbook, content=workbook.content[:5_800_000])
    channel.deliver(replace(outgoing, documents=(fits,)), ANN, Acceptance())
    (arrived,) = post.messages
    (document,) = arrived.iter_attachments()  # type: ignore[attr-defined]
    assert document.get_content() == fits.content


@pytest.mark.parametrize(
    ("replies", "error", "says"),
    [
        (["421 4.3.2 shutting down"], ChannelBusy, "at its greeting: 421 4.3.2 shutting down"),
        (["554 5.7.1 not from there"], DeliveryRefused, "at its greeting: 554 5.7.1 not from there"),
        (["220 hi", "250 hi", "550 5.7.1 not you"], DeliveryRefused, "STANDUP_SMTP__SENDER"),
        (["220 hi", "250 hi", "530 5.7.0 log in first"], DeliveryRefused, "STANDUP_SMTP__USERNAME"),
        (["220 hi", "250 hi", "250 ok", "452 4.2.2 full"], ChannelBusy, "at the recipient: 452 4.2.2 full"),
        (["220 hi", "250 hi", "250 ok", "250 ok", "451 4.3.0 disk"], ChannelBusy, "at the message: 451 4.3.0 disk"),
        (["220 hi", "250 hi", "250 ok", "250 ok", "554 5.6.0 no"], DeliveryRefused, "at the message: 554 5.6.0 no"),
        (["220 hi", "250 hi", "250 ok", "250 ok", "250 what?"], ChannelBusy, "at the message: 250 what?"),
        (["220 hi", "250 hi", "hello?"], ChannelBusy, "at the sender"),
    ],
)
def test_a_refusal_before_the_message_is_quoted_and_no_content_is_sent(
    replies: list[str], error: type[Exception], says: str, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    def talk(wire: Wire) -> None:
        wire.say(replies[0])
        wire.answer(*replies[1:])
        wire.hold()

    acceptance = Acceptance()
    with pytest.raises(error) as raised:
        EmailChannel(local_server(ScriptedServer(talk).port)).deliver(outgoing, ANN, acceptance)
    assert says in str(raised.value)
    assert (ANN in str(raised.value)) == ("greeting" not in says)
    assert acceptance.calls == 0


@pytest.mark.parametrize(
    ("reply", "error"),
    [("451 4.7.1 try later", ChannelBusy), ("552 5.3.4 too big", DeliveryRefused), ("554 5.7.1 spam", DeliveryRefused)],
)
def test_an_error_reply_after_the_final_dot_is_reported(
    reply: str, error: type[Exception], local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    def talk(wire: Wire) -> None:
        wire.up_to_the_message()
        wire.hear_message()
        wire.say(reply)
        wire.hold()

    with pytest.raises(error, match=reply):
        EmailChannel(local_server(ScriptedServer(talk).port)).deliver(outgoing, ANN, Acceptance())


def test_a_refusal_during_the_message_counts_and_no_final_dot_is_sent(
    local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    refused = threading.Event()

    def talk(wire: Wire) -> None:
        wire.up_to_the_message()
        wire.hear()
        wire.say("552 5.3.4 too big")
        refused.set()
        wire.hear_the_rest()

    server = ScriptedServer(talk)
    with pytest.raises(DeliveryRefused, match=r"552 5\.3\.4 too big"):
        EmailChannel(local_server(server.port)).deliver(outgoing, ANN, Acceptance(lambda: refused.wait(HANG_SECONDS)))
    _ehlo, _mail, _rcpt, _data, _first_line, *content = server.heard().lines
    assert content
    assert "." not in content


@pytest.mark.parametrize("lines_heard", [0, 1, 12])
def test_a_connection_cut_before_the_final_dot_has_sent_nothing(
    lines_heard: int, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    def talk(wire: Wire) -> None:
        wire.up_to_the_message()
        for _ in range(lines_heard):
            wire.hear()
        wire.cut()

    server = ScriptedServer(talk)
    acceptance = Acceptance(lambda: server.finished.wait(HANG_SECONDS))
    with pytest.raises(ChannelBusy, match=r"was not sent: the connection .* failed at the message"):
        EmailChannel(local_server(server.port)).deliver(outgoing, ANN, acceptance)


def fall_silent(wire: Wire) -> None:
    wire.hold()


def hang_up(wire: Wire) -> None:
    wire.cut()


def talk_nonsense(wire: Wire) -> None:
    wire.say("HTTP/1.1 200 OK")


def stop_half_way(wire: Wire) -> None:
    wire.say("250-2.0.0 Ok: queued")
    wire.cut()


def say_an_endless_line(wire: Wire) -> None:
    wire.say("250 " + "x" * 10_000)


def ask_for_more(wire: Wire) -> None:
    wire.say("354 go on")


@pytest.mark.parametrize(
    "ending", [fall_silent, hang_up, talk_nonsense, stop_half_way, say_an_endless_line, ask_for_more]
)
def test_a_final_dot_without_a_clear_reply_leaves_the_outcome_unknown(
    ending: Callable[[Wire], None],
    local_server: LocalServer,
    outgoing: OutgoingMessage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def talk(wire: Wire) -> None:
        wire.up_to_the_message()
        wire.hear_message()
        ending(wire)

    server = ScriptedServer(talk)
    acceptance = Acceptance()
    if ending is fall_silent:
        monkeypatch.setattr(conversation, "FINAL_REPLY_FACTOR", 0.3 / CLIENT_SECONDS)
    with pytest.raises(OutcomeUnknown, match="did not confirm it"):
        EmailChannel(local_server(server.port)).deliver(outgoing, ANN, acceptance)
    assert acceptance.calls == 1


def test_a_server_that_hangs_up_after_accepting_has_the_message(
    local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    def talk(wire: Wire) -> None:
        wire.up_to_the_message()
        wire.hear_message()
        wire.say("250 2.0.0 Ok: queued as 4F2")
        wire.cut()

    proof = EmailChannel(local_server(ScriptedServer(talk).port)).deliver(outgoing, ANN, Acceptance())
    assert proof.reply == "250 2.0.0 Ok: queued as 4F2"


@pytest.mark.parametrize(
    ("silent_after", "hint"),
    [("connection", "STANDUP_SMTP__HOST"), ("greeting", "STANDUP_SMTP__HELLO"), ("EHLO", "mail server's operator")],
)
def test_a_server_that_falls_silent_before_the_message_is_busy(
    silent_after: str, hint: str, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    def talk(wire: Wire) -> None:
        if silent_after != "connection":
            wire.say("220 hi")
        if silent_after == "EHLO":
            wire.answer("250 hi")
        wire.hold()

    server = local_server(ScriptedServer(talk).port, timeout_seconds=0.3)
    with pytest.raises(ChannelBusy, match=hint):
        EmailChannel(server).deliver(outgoing, ANN, Acceptance())


def test_a_closed_port_is_busy_and_names_the_settings(local_server: LocalServer, outgoing: OutgoingMessage) -> None:
    with pytest.raises(ChannelBusy, match=r"127\.0\.0\.1:1 failed .* STANDUP_SMTP__PORT"):
        EmailChannel(local_server(1)).deliver(outgoing, ANN, Acceptance())


def test_an_internationalised_address_is_reached_where_the_server_can(
    open_mailbox: OpenMailbox, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    post = open_mailbox()
    EmailChannel(local_server(post.port)).deliver(outgoing, "jürgen@bücher.example", Acceptance())
    (path,) = post.files
    assert "X-Envelope-To: jürgen@xn--bcher-kva.example\r\n".encode() in path.read_bytes()
    assert "\r\nTo: jürgen@xn--bcher-kva.example\r\n".encode() in path.read_bytes()


def test_an_internationalised_address_is_refused_where_the_server_cannot(
    local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    def talk(wire: Wire) -> None:
        wire.say("220 hi")
        wire.answer("250 hi")
        wire.hold()

    with pytest.raises(DeliveryRefused, match=r"jürgen@example\.org was not sent: .* SMTPUTF8"):
        EmailChannel(local_server(ScriptedServer(talk).port)).deliver(outgoing, "jürgen@example.org", Acceptance())


def test_an_impossible_address_is_refused_without_a_connection(
    local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    with pytest.raises(DeliveryRefused, match="'no-address' is not an e-mail address"):
        EmailChannel(local_server(1)).deliver(outgoing, "no-address", Acceptance())


def test_a_correction_arrives_as_a_separate_message(
    open_mailbox: OpenMailbox, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    post = open_mailbox()
    channel = EmailChannel(local_server(post.port))
    first = channel.deliver(outgoing, ANN, Acceptance())
    second = channel.deliver(replace(outgoing, run_id=f"{outgoing.run_id}.r2", revision=2), ANN, Acceptance())
    correction: Any = post.messages[1]
    assert correction["Message-ID"] == second.message_id != first.message_id
    assert correction["In-Reply-To"] == first.message_id


def test_an_expired_certificate_is_refused_before_the_server_is_asked(
    local_server: LocalServer, outgoing: OutgoingMessage, tmp_path: Path
) -> None:
    issue(tmp_path, new_key(), ANN, ends_at=NOW)
    server = ScriptedServer(lambda wire: None)
    sealer = Sealer(CertificateFolder(tmp_path), lambda: NOW + timedelta(days=1))
    acceptance = Acceptance()
    with pytest.raises(SettingsError, match=rf"the certificate {ANN}\.pem expired on 2026-11-01"):
        EmailChannel(local_server(server.port), sealer.seal).deliver(outgoing, ANN, acceptance)
    assert acceptance.calls == 0
    assert server.heard().connections == 0
