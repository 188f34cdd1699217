"""Encryption and login: nothing travels to a server that is not who it should be, and no password is ever told."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.integration.channels.conftest import Post, ScriptedServer, Wire
from worker.channels.channel import OutgoingMessage
from worker.channels.smtp.channel import EmailChannel, SmtpServer
from worker.errors import ChannelBusy, DeliveryRefused

ANN = "ann@example.org"
PASSWORD = "correct-horse-battery"
LOGIN: dict[str, Any] = {"username": "standup", "password": SecretStr(PASSWORD)}
LocalServer = Callable[..., SmtpServer]
OpenMailbox = Callable[..., Post]
Certificate = Callable[[str], ssl.SSLContext]


def send(server: SmtpServer, outgoing: OutgoingMessage) -> None:
    EmailChannel(server).deliver(outgoing, ANN, lambda: None)


def implicit_tls(context: ssl.SSLContext) -> ScriptedServer:
    def talk(wire: Wire) -> None:
        wire.up_to_the_message()
        wire.hear_message()
        wire.say("250 over TLS")
        wire.hold()

    return ScriptedServer(talk, tls=context)


def test_starttls_with_a_trusted_certificate_delivers_encrypted(
    open_mailbox: OpenMailbox,
    local_server: LocalServer,
    certificate: Certificate,
    authority_file: Path,
    outgoing: OutgoingMessage,
) -> None:
    post = open_mailbox(tls=certificate("127.0.0.1"))
    send(local_server(post.port, security="starttls", ca_file=authority_file), outgoing)
    assert len(post.files) == 1


def test_tls_from_the_first_byte_delivers_encrypted(
    local_server: LocalServer, certificate: Certificate, authority_file: Path, outgoing: OutgoingMessage
) -> None:
    server = local_server(implicit_tls(certificate("127.0.0.1")).port, security="tls", ca_file=authority_file)
    assert EmailChannel(server).deliver(outgoing, ANN, lambda: None).reply == "250 over TLS"


def test_a_certificate_of_an_unknown_authority_is_refused(
    open_mailbox: OpenMailbox, local_server: LocalServer, certificate: Certificate, outgoing: OutgoingMessage
) -> None:
    post = open_mailbox(tls=certificate("127.0.0.1"))
    with pytest.raises(DeliveryRefused, match=r"certificate .* is not trusted: .*STANDUP_SMTP__CA_FILE"):
        send(local_server(post.port, security="starttls"), outgoing)
    assert post.files == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_another_host_is_refused(
    security: str,
    open_mailbox: OpenMailbox,
    local_server: LocalServer,
    certificate: Certificate,
    authority_file: Path,
    outgoing: OutgoingMessage,
) -> None:
    other_certificate = certificate("mail.example.net")
    port = open_mailbox(tls=other_certificate).port if security == "starttls" else implicit_tls(other_certificate).port
    with pytest.raises(DeliveryRefused, match=r"certificate .*127.0.0.1.*STANDUP_SMTP__HOST"):
        send(local_server(port, security=security, ca_file=authority_file), outgoing)


def test_without_the_starttls_offer_nothing_is_sent(
    open_mailbox: OpenMailbox, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    post = open_mailbox()
    with pytest.raises(DeliveryRefused, match="offers no STARTTLS"):
        send(local_server(post.port, security="starttls", **LOGIN), outgoing)
    assert post.files == []


@pytest.mark.parametrize(
    ("reply", "error"), [("454 4.7.0 TLS not available", ChannelBusy), ("501 5.5.4 no", DeliveryRefused)]
)
def test_after_a_refused_starttls_nothing_is_sent(
    reply: str, error: type[Exception], local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    def talk(wire: Wire) -> None:
        wire.say("220 hi")
        wire.answer("250-hi\r\n250 STARTTLS", reply)
        wire.hear_the_rest()

    server = ScriptedServer(talk)
    with pytest.raises(error, match=f"at STARTTLS: {reply}"):
        send(local_server(server.port, security="starttls", **LOGIN), outgoing)
    assert server.heard().verbs() == ["EHLO", "STARTTLS", "QUIT"]


def test_a_server_that_speaks_no_tls_is_refused_with_the_settings_to_check(
    open_mailbox: OpenMailbox, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    with pytest.raises(DeliveryRefused, match=r"no common TLS.*STANDUP_SMTP__PORT and STANDUP_SMTP__SECURITY"):
        send(local_server(open_mailbox().port, security="tls"), outgoing)


def test_a_connection_cut_during_the_handshake_is_busy(local_server: LocalServer, outgoing: OutgoingMessage) -> None:
    def talk(wire: Wire) -> None:
        wire.say("220 hi")
        wire.answer("250-hi\r\n250 STARTTLS", "220 go on")
        wire.cut()

    with pytest.raises(ChannelBusy, match="failed at STARTTLS"):
        send(local_server(ScriptedServer(talk).port, security="starttls"), outgoing)


def test_replies_injected_before_the_encryption_are_discarded(
    local_server: LocalServer, certificate: Certificate, authority_file: Path, outgoing: OutgoingMessage
) -> None:
    """A man in the middle may add replies in clear; read after the handshake they would pass for the server's own."""

    def talk(wire: Wire) -> None:
        wire.say("220 hi")
        wire.answer("250-hi\r\n250 STARTTLS", "220 go on\r\n250-evil\r\n250 AUTH PLAIN")
        wire.encrypt(certificate("127.0.0.1"))
        wire.answer("250 true")
        wire.hold()

    with pytest.raises(DeliveryRefused, match="offers no login"):
        send(local_server(ScriptedServer(talk).port, security="starttls", ca_file=authority_file, **LOGIN), outgoing)


def asks_for_a_login(*replies: str, offer: str = "PLAIN") -> ScriptedServer:
    def talk(wire: Wire) -> None:
        wire.say("220 hi")
        wire.answer(f"250-hi\r\n250 AUTH {offer}", *replies)
        wire.hear_the_rest()

    return ScriptedServer(talk)


def test_user_name_and_password_reach_the_server(local_server: LocalServer, outgoing: OutgoingMessage) -> None:
    server = asks_for_a_login("235 2.7.0 ok", "550 stop here")
    with pytest.raises(DeliveryRefused, match="at the sender: 550 stop here"):
        send(local_server(server.port, **LOGIN), outgoing)
    assert base64.b64decode(server.heard().lines[1].removeprefix("AUTH PLAIN ")) == f"\0standup\0{PASSWORD}".encode()


def test_a_refused_login_names_the_settings_and_never_the_password(
    local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    encoded = base64.b64encode(f"\0standup\0{PASSWORD}".encode()).decode()
    server = asks_for_a_login(f"535 5.7.8 no such login: {PASSWORD} {encoded}")
    with pytest.raises(DeliveryRefused) as raised:
        send(local_server(server.port, **LOGIN), outgoing)
    error_text = str(raised.value) + repr(raised.value)
    assert "at the login: 535 5.7.8. Correct STANDUP_SMTP__USERNAME or STANDUP_SMTP__PASSWORD." in error_text
    assert PASSWORD not in error_text
    assert encoded not in error_text


def test_a_temporarily_unavailable_login_is_busy(local_server: LocalServer, outgoing: OutgoingMessage) -> None:
    server = asks_for_a_login("454 4.7.0 the directory is away")
    with pytest.raises(ChannelBusy, match=r"at the login: 454 4\.7\.0"):
        send(local_server(server.port, **LOGIN), outgoing)


def test_a_server_without_a_common_login_is_refused(local_server: LocalServer, outgoing: OutgoingMessage) -> None:
    server = asks_for_a_login(offer="GSSAPI NTLM")
    with pytest.raises(DeliveryRefused, match="none of the login mechanisms CRAM-MD5, PLAIN, LOGIN"):
        send(local_server(server.port, **LOGIN), outgoing)


@pytest.mark.parametrize("challenge", ["334 !", "334 " + base64.b64encode(PASSWORD.encode()).decode()])
def test_an_endless_login_never_shows_the_password(
    challenge: str, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    server = asks_for_a_login(*[challenge] * 12)
    with pytest.raises((ChannelBusy, DeliveryRefused)) as raised:
        send(local_server(server.port, **LOGIN), outgoing)
    assert PASSWORD not in str(raised.value)
    assert base64.b64encode(PASSWORD.encode()).decode() not in str(raised.value)


def test_a_server_without_any_login_is_refused_with_what_to_change(
    open_mailbox: OpenMailbox, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    server = replace(local_server(open_mailbox().port), **LOGIN)
    with pytest.raises(DeliveryRefused, match=r"offers no login.*STANDUP_SMTP__SECURITY"):
        send(server, outgoing)
