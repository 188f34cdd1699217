"""Receivers that answer a byte at a time, or without an end: each conversation as a whole comes to an end.

Each single wait here is shorter than the time-out, so that without a deadline most of these would last for ever.
"""

from __future__ import annotations

import gzip
import json
import ssl
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import pytest
from pydantic import SecretStr

from tests.integration.channels.conftest import ScriptedServer, Wire
from tests.integration.channels.test_alert_webhook import ALERT
from tests.integration.channels.test_web_channels import KINDS, Handover, channel
from worker.alerts.webhook import AlertWebhook
from worker.channels.chat.slack import SlackChannel, SlackRoom
from worker.channels.parcel import Attachment, Parcel
from worker.channels.smtp.channel import EmailChannel, SmtpServer
from worker.channels.smtp.oauth import MailAccess, OAuthClient
from worker.errors import ChannelBusy, OutcomeUnknown, StandupError

ANN = "ann@example.org"
TIMEOUT_SECONDS = 0.2
"""Of a single wait: three times as much in all."""

LocalServer = Callable[..., SmtpServer]
Certificate = Callable[[str], ssl.SSLContext]
Talk = Callable[[Wire], None]

ENDLESS_HANDSHAKE = ["\x16\x03\x03\x40\x00\x02\x00\x3f\x00", *"\x03" * 10_000]


def after(*replies: str, then: Talk) -> Talk:
    """Greet, answer a line with each reply, and then."""

    def talk(wire: Wire) -> None:
        wire.say("220 scripted")
        wire.answer(*replies)
        then(wire)

    return talk


def dribbles(*lines: str) -> Talk:
    return lambda wire: wire.dribble(*lines)


def floods(text: str) -> Talk:
    return lambda wire: wire.flood(text.encode())


CONTENT = "content, not taken at all"
MAIL = {
    "greeting, a letter at a time": dribbles("220 come in, ", "come in, "),
    "greeting of endless lines": dribbles("220-still here\r\n"),
    "greeting of endless lines, fast": floods("220-still here\r\n"),
    "greeting without line end, fast": floods("220 still here "),
    "EHLO": after(then=dribbles("250-SIZE\r\n")),
    "STARTTLS": after("250-hi\r\n250 STARTTLS", then=dribbles("220 go")),
    "handshake": after(
        "250-hi\r\n250 STARTTLS", "220 go on", then=lambda wire: (wire.take(1), wire.dribble(*ENDLESS_HANDSHAKE))
    ),
    "login": after("250-hi\r\n250 AUTH PLAIN", then=dribbles("235-2.7.0\r\n")),
    "sender": after("250 hi", then=dribbles("250-ok\r\n")),
    "recipient": after("250 hi", "250 ok", then=dribbles("250 ok ")),
    "DATA": after("250 hi", "250 ok", "250 ok", then=dribbles("354-go on\r\n")),
    CONTENT: after("250 hi", "250 ok", "250 ok", "354 go on", then=lambda wire: wire.hold_still()),
}


@pytest.mark.parametrize("stage", MAIL)
def test_a_mail_server_that_comes_to_no_end_before_the_final_dot_has_got_nothing(
    stage: str, local_server: LocalServer, parcel: Parcel
) -> None:
    scripted = ScriptedServer(MAIL[stage], buffer_bytes=4096)
    server = local_server(scripted.port, timeout_seconds=TIMEOUT_SECONDS)
    if stage in ("STARTTLS", "handshake"):
        server = replace(server, security="starttls")
    if stage == "login":
        server = replace(server, username="standup", password=SecretStr("secret"))
    handover = Handover()
    with pytest.raises(ChannelBusy):
        EmailChannel(server).deliver(large(parcel) if stage == CONTENT else parcel, ANN, handover)
    assert handover.times == 0


@pytest.mark.parametrize(
    "then", [dribbles("250 2.0.0 "), dribbles("250-2.0.0 ok\r\n"), floods("250-ok\r\n"), floods("250 ok ")]
)
def test_a_mail_server_that_comes_to_no_end_after_the_final_dot_leaves_the_outcome_unknown(
    then: Talk, local_server: LocalServer, parcel: Parcel
) -> None:
    def talk(wire: Wire) -> None:
        wire.up_to_the_message()
        wire.hear_message()
        then(wire)

    handover = Handover()
    with pytest.raises(OutcomeUnknown, match="did not confirm it"):
        EmailChannel(local_server(ScriptedServer(talk).port, timeout_seconds=TIMEOUT_SECONDS)).deliver(
            parcel, ANN, handover
        )
    assert handover.times == 1


def test_tls_from_the_first_byte_has_an_end_as_well(local_server: LocalServer, parcel: Parcel) -> None:
    port = ScriptedServer(dribbles(*ENDLESS_HANDSHAKE)).port
    with pytest.raises(ChannelBusy):
        EmailChannel(local_server(port, security="tls", timeout_seconds=TIMEOUT_SECONDS)).deliver(
            parcel, ANN, Handover()
        )


def test_what_took_too_long_is_said_with_the_time_that_it_had(local_server: LocalServer, parcel: Parcel) -> None:
    server = local_server(ScriptedServer(MAIL["recipient"]).port, timeout_seconds=1)
    with pytest.raises(ChannelBusy, match=r"too slow: at the recipient .* 3 s in all.*STANDUP_SMTP__TIMEOUT_SECONDS"):
        EmailChannel(server).deliver(parcel, ANN, Handover())


def test_a_slow_link_that_is_well_has_the_time_that_the_size_needs(local_server: LocalServer, parcel: Parcel) -> None:
    """A piece every tenth of a second: in all several times the time-out, as eight megabytes on a slow line."""

    def talk(wire: Wire) -> None:
        wire.up_to_the_message()
        wire.take_slowly(0.1)
        wire.say("250 taken")
        wire.hold()

    server = local_server(ScriptedServer(talk, buffer_bytes=64 * 1024).port, timeout_seconds=0.5)
    assert EmailChannel(server).deliver(large(parcel), ANN, Handover()).reply == "250 taken"


def test_a_connection_that_dribbles_between_two_messages_is_left_for_another(
    local_server: LocalServer, parcel: Parcel
) -> None:
    connections: list[int] = []

    def talk(wire: Wire) -> None:
        connections.append(1)
        wire.up_to_the_message()
        wire.hear_message()
        wire.say("250 taken")
        if len(connections) == 1:
            wire.hear()
            wire.dribble("250-flushed\r\n")

    server = ScriptedServer(talk, connections=2)
    with EmailChannel(local_server(server.port, timeout_seconds=TIMEOUT_SECONDS)) as kept:
        for to in (ANN, "bob@example.org"):
            assert kept.deliver(parcel, to, Handover()).reply == "250 taken"
    assert len(connections) == 2


def large(parcel: Parcel) -> Parcel:
    return replace(parcel, attachments=(Attachment("report.xlsx", "application/x", bytes(2_000_000)),))


def hears_request(then: Talk) -> Talk:
    """Read a request's head, and of its body what comes."""

    def talk(wire: Wire) -> None:
        while wire.hear():
            pass
        then(wire)

    return talk


WEB = {
    "status line": dribbles("HTTP/1.1 200 OK "),
    "endless headers": lambda wire: (wire.say("HTTP/1.1 200 OK"), wire.dribble("X-Header: value\r\n")),
    "one endless header": lambda wire: (wire.say("HTTP/1.1 200 OK"), wire.flood(b"X-Header-value")),
    "100 Continue for ever": floods("HTTP/1.1 100 Continue\r\n\r\n"),
    "102 Processing, slowly": dribbles("HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("answer", WEB)
def test_a_web_receiver_that_comes_to_no_end_of_its_answer_leaves_the_outcome_unknown(
    answer: str, kind: str, parcel: Parcel
) -> None:
    server = ScriptedServer(hears_request(WEB[answer]))  # type: ignore[arg-type]
    handover = Handover()
    with pytest.raises(OutcomeUnknown):
        channel(kind, f"http://127.0.0.1:{server.port}", TIMEOUT_SECONDS).deliver(parcel, ANN, handover)
    assert handover.times == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_web_receiver_that_dribbles_at_its_handshake_has_got_nothing(kind: str, parcel: Parcel) -> None:
    server = ScriptedServer(dribbles(*ENDLESS_HANDSHAKE))
    handover = Handover()
    with pytest.raises(ChannelBusy):
        channel(kind, f"https://127.0.0.1:{server.port}", TIMEOUT_SECONDS).deliver(parcel, ANN, handover)
    assert handover.times == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_proxy_that_dribbles_has_got_nothing(kind: str, parcel: Parcel, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = ScriptedServer(hears_request(dribbles("HTTP/1.1 200 Connection established\r\nX: y\r\n")))
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
    handover = Handover()
    with pytest.raises(ChannelBusy, match="too slow"):
        channel(kind, "https://receiver.example", TIMEOUT_SECONDS).deliver(parcel, ANN, handover)
    assert handover.times == 0


def test_a_yes_stands_though_its_body_never_ends(parcel: Parcel) -> None:
    def talk(wire: Wire) -> None:
        wire.say("HTTP/1.1 200 OK\r\n")
        wire.dribble("ok ")

    server = ScriptedServer(hears_request(talk))
    proof = channel("slack", f"http://127.0.0.1:{server.port}", TIMEOUT_SECONDS).deliver(parcel, ANN, Handover())
    assert proof.reply.startswith("200 ok")


def test_of_a_body_without_end_little_is_read(parcel: Parcel) -> None:
    wires: list[Wire] = []

    def talk(wire: Wire) -> None:
        wires.append(wire)
        wire.say("HTTP/1.1 404 Not Found\r\n")
        wire.flood(b"x" * 10_000)

    server = ScriptedServer(hears_request(talk))
    with pytest.raises(StandupError, match="404 xxx"):
        channel("slack", f"http://127.0.0.1:{server.port}", timeout=5).deliver(parcel, ANN, Handover())
    assert server.finished.wait(5)
    assert wires[0].flooded < 20_000_000


def test_a_body_that_swells_when_it_is_unpacked_fills_no_memory(parcel: Parcel) -> None:
    bomb = gzip.compress(bytes(100_000_000))

    def talk(wire: Wire) -> None:
        wire.say(f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n")
        wire.say_bytes(bomb)

    server = ScriptedServer(hears_request(talk))
    tracemalloc.start()
    channel("slack", f"http://127.0.0.1:{server.port}").deliver(parcel, ANN, Handover())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


def test_the_login_for_mail_has_an_end(local_server: LocalServer, parcel: Parcel) -> None:
    login = ScriptedServer(hears_request(dribbles("HTTP/1.1 200 OK\r\nX-Header: value\r\n")))
    client = OAuthClient(f"http://127.0.0.1:{login.port}/token", "client", SecretStr("s"), "scope", TIMEOUT_SECONDS)

    def talk(wire: Wire) -> None:
        wire.say("220 hi")
        wire.answer("250-hi\r\n250 AUTH XOAUTH2")
        wire.hold()

    server = local_server(ScriptedServer(talk).port, username="s@example.com", access=MailAccess(client))
    with pytest.raises(ChannelBusy, match="too slow"):
        EmailChannel(server).deliver(parcel, ANN, Handover())


def test_the_uploads_to_slack_have_one_end_together(parcel: Parcel) -> None:
    """Each of them is quicker than what it may take, and there are many."""
    uploads: list[int] = []

    def talk(wire: Wire) -> None:
        head = [wire.hear()]
        while head[-1]:
            head.append(wire.hear())
        uploads.append(1)
        port = server.port
        said = json.dumps({"ok": True, "upload_url": f"http://127.0.0.1:{port}/upload", "file_id": "F"})
        wire.say_slowly(f"HTTP/1.1 200 OK\r\nContent-Length: {len(said)}\r\nConnection: close\r\n\r\n{said}", 0.3)

    server = ScriptedServer(talk, connections=100)
    room = SlackRoom(
        "ops", "STANDUP_SLACK__OPS", SecretStr("https://hooks.example/x"), SecretStr("token"), "C1",
        f"http://127.0.0.1:{server.port}/api", TIMEOUT_SECONDS * 2,
    )  # fmt: skip
    many = tuple(Attachment(f"{number}.pdf", "application/pdf", b"%PDF") for number in range(40))
    handover = Handover()
    with pytest.raises(ChannelBusy, match="too slow"):
        SlackChannel(room).deliver(replace(parcel, attachments=many), "ops", handover)
    assert handover.times == 0
    assert len(uploads) < 20


def test_operations_webhook_has_an_end() -> None:
    server = ScriptedServer(hears_request(dribbles("HTTP/1.1 200 OK\r\nX-Header: value\r\n")))
    with pytest.raises(ChannelBusy, match="gave no answer"):
        AlertWebhook(SecretStr(f"http://127.0.0.1:{server.port}/x"), timeout_seconds=TIMEOUT_SECONDS).send(ALERT)
