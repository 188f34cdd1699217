"""A run's messages over one connection, and a login by access token."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr

from tests.integration.channels.conftest import CLIENT_SECONDS, ScriptedServer, Wire
from tests.receivers import CUT, HANG, HttpReceiver, Reply
from worker.channels.channel import OutgoingMessage
from worker.channels.smtp.channel import EmailChannel, SmtpServer
from worker.channels.smtp.oauth import MailAccess, OAuthClient
from worker.channels.smtp.replies import LoginRefused
from worker.errors import ChannelBusy, DeliveryRefused, SettingsError, StandupError

LocalServer = Callable[..., SmtpServer]
ANN, BOB = "ann@example.org", "bob@example.org"


def take_one(wire: Wire) -> None:
    """MAIL to the final dot."""
    wire.answer("250 ok", "250 ok", "354 go on")
    wire.hear_message()
    wire.say("250 taken")


def test_a_runs_messages_share_a_connection_and_each_has_its_own_reply(
    local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    def talk(wire: Wire) -> None:
        wire.say("220 scripted")
        wire.answer("250 scripted")
        take_one(wire)
        wire.answer("250 flushed")
        take_one(wire)
        wire.hear_the_rest()

    server = ScriptedServer(talk)
    with EmailChannel(local_server(server.port)) as channel:
        replies = [channel.deliver(outgoing, recipient, lambda: None).reply for recipient in (ANN, BOB)]
    assert replies == ["250 taken", "250 taken"]
    message = ["MAIL", "RCPT", "DATA"]
    assert server.heard().verbs() == ["EHLO", *message, "RSET", *message, "QUIT"]


@pytest.mark.parametrize("end", [lambda wire: wire.answer("421 4.7.0 too many messages"), lambda wire: wire.cut()])
def test_a_connection_that_the_server_closed_is_replaced(
    end: Callable[[Wire], object],
    local_server: LocalServer,
    open_mailbox: Callable[..., object],
    outgoing: OutgoingMessage,
) -> None:
    def talk(wire: Wire) -> None:
        wire.say("220 scripted")
        wire.answer("250 scripted")
        take_one(wire)
        if wire.number == 1:
            end(wire)

    server = ScriptedServer(talk, connections=2)
    with EmailChannel(local_server(server.port)) as channel:
        for recipient in (ANN, BOB):
            assert channel.deliver(outgoing, recipient, lambda: None).reply == "250 taken"
    assert server.heard().connections == 2


def test_after_a_refusal_the_next_messages_are_delivered(
    open_mailbox: Callable[..., object], local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    post = open_mailbox({ANN: "550 5.1.1 unknown"})
    with EmailChannel(local_server(post.port)) as channel:  # type: ignore[attr-defined]
        with pytest.raises(DeliveryRefused):
            channel.deliver(outgoing, ANN, lambda: None)
        channel.deliver(outgoing, BOB, lambda: None)
        channel.deliver(outgoing, "cy@example.org", lambda: None)
    assert len(post.files) == 2  # type: ignore[attr-defined]


@pytest.fixture
def login() -> Iterator[HttpReceiver]:
    receiver = HttpReceiver()
    yield receiver
    receiver.stop()


def access(login: HttpReceiver, *replies: Reply) -> MailAccess:
    url = login.script("/token", *replies)
    timeout_seconds = 1 if HANG in replies else CLIENT_SECONDS
    return MailAccess(OAuthClient(url, "client", SecretStr("planted-client-secret"), "scope/.default", timeout_seconds))


GIVEN = Reply(body=json.dumps({"access_token": "planted-token", "expires_in": 3600}))


def test_an_access_token_replaces_the_password_and_is_requested_once(
    login: HttpReceiver, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    def talk(wire: Wire) -> None:
        wire.say("220 scripted")
        wire.answer("250-scripted\r\n250 AUTH XOAUTH2", "235 welcome")
        take_one(wire)

    tokens, scripted = access(login, GIVEN), ScriptedServer(talk, connections=2)
    for _ in range(2):
        server = local_server(scripted.port, username="standup@example.com", access=tokens)
        EmailChannel(server).deliver(outgoing, ANN, lambda: None)
    word, mechanism, credentials = scripted.heard().lines[1].split()
    assert (word, mechanism) == ("AUTH", "XOAUTH2")
    assert base64.b64decode(credentials) == b"user=standup@example.com\x01auth=Bearer planted-token\x01\x01"
    assert len(login.arrived) == 1
    assert b"grant_type=client_credentials" in login.arrived[0].body


def test_a_refused_token_is_explained_without_quoting_it(
    login: HttpReceiver, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    def talk(wire: Wire) -> None:
        wire.say("220 scripted")
        wire.answer("250-scripted\r\n250 AUTH XOAUTH2", "334 eyJzdGF0dXMiOiI0MDAifQ==", "535 5.7.3 planted-token")

    server = local_server(ScriptedServer(talk).port, username="s@example.com", access=access(login, GIVEN))
    with pytest.raises(DeliveryRefused, match=r"5\.7\.3") as caught:
        EmailChannel(server).deliver(outgoing, ANN, lambda: None)
    assert "planted-token" not in str(caught.value)
    assert "STANDUP_SMTP__OAUTH__TOKEN_URL, __CLIENT_ID, __CLIENT_SECRET" in caught.value.way_out
    assert "PASSWORD" not in caught.value.way_out
    assert len(login.arrived) == 1, "a fresh token that is refused is not replaced"


def xoauth_of(token: str) -> str:
    return base64.b64encode(f"user=s@example.com\x01auth=Bearer {token}\x01\x01".encode()).decode()


def token_reply(token: str) -> Reply:
    return Reply(body=json.dumps({"access_token": token, "expires_in": 3600}))


def takes_only(*tokens: str) -> Callable[[Wire], None]:
    """Talk like a server that refuses a login by any other token, and then hangs up."""

    def talk(wire: Wire) -> None:
        wire.say("220 scripted")
        wire.answer("250-scripted\r\n250 AUTH XOAUTH2")
        if wire.hear().split()[-1] not in map(xoauth_of, tokens):
            wire.say("535 5.7.3 Authentication unsuccessful")
            return
        wire.say("235 welcome")
        take_one(wire)

    return talk


def test_a_kept_token_that_is_refused_is_replaced_within_the_delivery(
    login: HttpReceiver, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    tokens = access(login, token_reply("revoked"), token_reply("fresh"))
    tokens.token()
    scripted = ScriptedServer(takes_only("fresh"), connections=2)
    server = local_server(scripted.port, username="s@example.com", access=tokens)
    proof = EmailChannel(server).deliver(outgoing, ANN, lambda: None)
    assert proof.reply.startswith("250")
    assert scripted.heard().messages == 1
    assert len(login.arrived) == 2


def test_a_fresh_token_that_is_refused_too_ends_the_attempts(
    login: HttpReceiver, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    tokens = access(login, token_reply("revoked"), token_reply("fresh"))
    tokens.token()
    scripted = ScriptedServer(takes_only(), connections=9)
    channel = EmailChannel(local_server(scripted.port, username="s@example.com", access=tokens))
    for _ in range(2):
        with pytest.raises(LoginRefused, match="STANDUP_SMTP__OAUTH__TOKEN_URL"):
            channel.deliver(outgoing, ANN, lambda: None)
    heard = scripted.heard()
    assert heard.verbs("AUTH") == ["AUTH", "AUTH"], "the second delivery finds the refusal of the first"
    assert len(login.arrived) == 2


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(401, '{"error": "invalid_client", "error_description": "planted-client-secret"}'), DeliveryRefused),
        (Reply(503, "later"), ChannelBusy),
        (Reply(200, "<html>"), DeliveryRefused),
        (CUT, ChannelBusy),
        (HANG, ChannelBusy),
    ],
)
def test_without_a_token_no_mail_is_sent_and_no_secret_is_quoted(
    reply: Reply, error: type[StandupError], login: HttpReceiver, local_server: LocalServer, outgoing: OutgoingMessage
) -> None:
    def talk(wire: Wire) -> None:
        wire.say("220 scripted")
        wire.answer("250 scripted")

    server = local_server(ScriptedServer(talk).port, username="s@example.com", access=access(login, reply))
    with pytest.raises(error) as caught:
        EmailChannel(server).deliver(outgoing, ANN, lambda: None)
    assert "planted" not in str(caught.value)


def test_a_token_needs_a_mailbox_and_no_password(login: HttpReceiver, local_server: LocalServer) -> None:
    with pytest.raises(SettingsError, match="USERNAME"):
        local_server(25, access=access(login, GIVEN))
