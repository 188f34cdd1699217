"""Receivers that answer a byte at a time, or without an end: the conversation as a whole has an end.

Each wait is short, so that without a deadline most of these conversations would last for ever. The deadlines' clock
stops until the server has reached the stage that a test is about.
"""

from __future__ import annotations

import gzip
import json
import threading
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import pytest
import requests
from pydantic import SecretStr

from tests.integration.channels.conftest import CLIENT_SECONDS, ScriptedServer, Wire
from tests.integration.channels.test_alert_webhook import ALERT
from tests.integration.channels.test_web_channels import KINDS, Acceptance, channel
from tests.manual_clock import ManualClock
from tests.waiting import HANG_SECONDS
from worker import deadline
from worker.alerts.pings import send_ping
from worker.alerts.webhook import AlertWebhook
from worker.channels.channel import OutgoingMessage
from worker.channels.chat.slack import SlackChannel, SlackRoom
from worker.channels.smtp.channel import EmailChannel, SmtpServer
from worker.channels.smtp.oauth import MailAccess, OAuthClient
from worker.domain.documents import Document
from worker.errors import ChannelBusy, OutcomeUnknown, StandupError

ANN = "ann@example.org"
WAITS = 3
"""A conversation may last as long as this many time-outs, and longer for large messages."""

LocalServer = Callable[..., SmtpServer]
Talk = Callable[[Wire, Callable[[], None]], object]
"""What a server does at a stage. It calls the function when the stage is reached."""

ENDLESS_HANDSHAKE = ["\x16\x03\x03\x40\x00\x02\x00\x3f\x00", *"\x03" * 10_000]


@pytest.fixture
def expire(clock: ManualClock) -> Callable[[], None]:
    """Let the deadline of the running conversation pass."""
    return lambda: clock.advance(3_600)


def stage_reached(*replies: str, stage: Talk) -> Talk:
    """Greet, answer a line with each reply, and hear the line of the stage."""

    def talk(wire: Wire, reached: Callable[[], None]) -> None:
        wire.say("220 scripted")
        wire.answer(*replies)
        wire.hear()
        stage(wire, reached)

    return talk


def dribbles(*lines: str) -> Talk:
    return lambda wire, reached: wire.dribble(*lines, on_first_line=reached)


def floods(text: str) -> Talk:
    return lambda wire, reached: wire.flood(text.encode(), on_first_copy=reached)


def dribbles_in_handshake(wire: Wire, reached: Callable[[], None]) -> None:
    wire.say("220 go on")
    wire.take(1)
    wire.dribble(*ENDLESS_HANDSHAKE, on_first_line=reached)


def takes_no_content(wire: Wire, reached: Callable[[], None]) -> None:
    wire.say("354 go on")
    wire.take(1)
    reached()
    wire.hold_still()


CONTENT = "content, of which little is taken"
MAIL: dict[str, Talk] = {
    "greeting, a letter at a time": dribbles("220 come in, ", "come in, "),
    "greeting of endless lines": dribbles("220-still here\r\n"),
    "greeting of endless lines, fast": floods("220-still here\r\n"),
    "greeting without line end, fast": floods("220 still here "),
    "EHLO": stage_reached(stage=dribbles("250-SIZE\r\n")),
    "STARTTLS": stage_reached("250-hi\r\n250 STARTTLS", stage=dribbles("220 go")),
    "handshake": stage_reached("250-hi\r\n250 STARTTLS", stage=dribbles_in_handshake),
    "login": stage_reached("250-hi\r\n250 AUTH PLAIN", stage=dribbles("235-2.7.0\r\n")),
    "sender": stage_reached("250 hi", stage=dribbles("250-ok\r\n")),
    "recipient": stage_reached("250 hi", "250 ok", stage=dribbles("250 ok ")),
    "DATA": stage_reached("250 hi", "250 ok", "250 ok", stage=dribbles("354-go on\r\n")),
    CONTENT: stage_reached("250 hi", "250 ok", "250 ok", stage=takes_no_content),
}


@pytest.mark.parametrize("stage", MAIL)
def test_a_mail_server_that_stalls_before_the_final_dot_is_busy(
    stage: str, local_server: LocalServer, outgoing: OutgoingMessage, expire: Callable[[], None]
) -> None:
    scripted = ScriptedServer(lambda wire: MAIL[stage](wire, expire), buffer_bytes=4096)
    server = local_server(scripted.port)
    if stage in ("STARTTLS", "handshake"):
        server = replace(server, security="starttls")
    if stage == "login":
        server = replace(server, username="standup", password=SecretStr("secret"))
    acceptance = Acceptance()
    with pytest.raises(ChannelBusy):
        EmailChannel(server).deliver(large(outgoing) if stage == CONTENT else outgoing, ANN, acceptance)
    assert acceptance.times == 0


@pytest.mark.parametrize(
    "confirm", [dribbles("250 2.0.0 "), dribbles("250-2.0.0 ok\r\n"), floods("250-ok\r\n"), floods("250 ok ")]
)
def test_a_mail_server_that_stalls_after_the_final_dot_is_an_unknown_outcome(
    confirm: Talk, local_server: LocalServer, outgoing: OutgoingMessage, expire: Callable[[], None]
) -> None:
    def talk(wire: Wire) -> None:
        wire.up_to_the_message()
        wire.hear_message()
        confirm(wire, expire)

    acceptance = Acceptance()
    with pytest.raises(OutcomeUnknown, match="did not confirm it"):
        EmailChannel(local_server(ScriptedServer(talk).port)).deliver(outgoing, ANN, acceptance)
    assert acceptance.times == 1


def test_implicit_tls_has_a_deadline(
    local_server: LocalServer, outgoing: OutgoingMessage, expire: Callable[[], None]
) -> None:
    port = ScriptedServer(lambda wire: wire.dribble(*ENDLESS_HANDSHAKE, on_first_line=expire)).port
    with pytest.raises(ChannelBusy):
        EmailChannel(local_server(port, security="tls")).deliver(outgoing, ANN, Acceptance())


def test_a_slow_mail_server_is_reported_with_its_stage_and_its_time(
    local_server: LocalServer, outgoing: OutgoingMessage, expire: Callable[[], None]
) -> None:
    server = local_server(ScriptedServer(lambda wire: MAIL["recipient"](wire, expire)).port)
    seconds = int(CLIENT_SECONDS * WAITS)
    words = rf"too slow: at the recipient .* {seconds} s in all.*STANDUP_SMTP__TIMEOUT_SECONDS"
    with pytest.raises(ChannelBusy, match=words):
        EmailChannel(server).deliver(outgoing, ANN, Acceptance())


def test_the_deadline_grows_with_the_size_of_the_message(
    local_server: LocalServer, outgoing: OutgoingMessage, clock: ManualClock
) -> None:
    """The message takes longer than any small one may, at nine tenths of the time that its size allows."""
    started_at = clock.monotonic()

    def talk(wire: Wire) -> None:
        wire.up_to_the_message()
        wire.take_slowly(lambda size: clock.advance(0.9 * size / deadline.SLOWEST_BYTES_PER_SECOND))
        wire.say("250 taken")
        wire.hold()

    server = local_server(ScriptedServer(talk, buffer_bytes=64 * 1024).port)
    assert EmailChannel(server).deliver(large(outgoing, 20_000_000), ANN, Acceptance()).reply == "250 taken"
    assert clock.monotonic() - started_at > CLIENT_SECONDS * WAITS


def test_a_connection_that_dribbles_between_messages_is_replaced(
    local_server: LocalServer, outgoing: OutgoingMessage, expire: Callable[[], None]
) -> None:
    def talk(wire: Wire) -> None:
        wire.up_to_the_message()
        wire.hear_message()
        wire.say("250 taken")
        if wire.number == 1:
            wire.hear()
            wire.dribble("250-flushed\r\n", on_first_line=expire)

    server = ScriptedServer(talk, connections=2)
    with EmailChannel(local_server(server.port)) as email:
        for recipient in (ANN, "bob@example.org"):
            assert email.deliver(outgoing, recipient, Acceptance()).reply == "250 taken"
    assert server.heard().connections == 2


def large(outgoing: OutgoingMessage, size: int = 2_000_000) -> OutgoingMessage:
    return replace(outgoing, documents=(Document("report.xlsx", "application/x", bytes(size)),))


def hears_request(answer: Callable[[Wire], object]) -> Callable[[Wire], None]:
    """Read a request's head, and of its body what comes."""

    def talk(wire: Wire) -> None:
        while wire.hear():
            pass
        answer(wire)

    return talk


def endless_headers(wire: Wire, reached: Callable[[], None]) -> None:
    wire.say("HTTP/1.1 200 OK")
    wire.dribble("X-Header: value\r\n", on_first_line=reached)


def one_endless_header(wire: Wire, reached: Callable[[], None]) -> None:
    wire.say("HTTP/1.1 200 OK")
    wire.flood(b"X-Header-value", on_first_copy=reached)


WEB: dict[str, Talk] = {
    "status line": dribbles("HTTP/1.1 200 OK "),
    "endless headers": endless_headers,
    "one endless header": one_endless_header,
    "100 Continue for ever": floods("HTTP/1.1 100 Continue\r\n\r\n"),
    "100 Continue, slowly": dribbles("HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("answer", WEB)
def test_a_web_receiver_that_stalls_leaves_the_outcome_unknown(
    answer: str, kind: str, outgoing: OutgoingMessage, expire: Callable[[], None]
) -> None:
    server = ScriptedServer(hears_request(lambda wire: WEB[answer](wire, expire)))
    acceptance = Acceptance()
    with pytest.raises(OutcomeUnknown):
        channel(kind, f"http://127.0.0.1:{server.port}", CLIENT_SECONDS).deliver(outgoing, ANN, acceptance)
    assert acceptance.times == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_web_receiver_that_dribbles_at_its_handshake_got_nothing(
    kind: str, outgoing: OutgoingMessage, expire: Callable[[], None]
) -> None:
    server = ScriptedServer(lambda wire: wire.dribble(*ENDLESS_HANDSHAKE, on_first_line=expire))
    acceptance = Acceptance()
    with pytest.raises(ChannelBusy):
        channel(kind, f"https://127.0.0.1:{server.port}", CLIENT_SECONDS).deliver(outgoing, ANN, acceptance)
    assert acceptance.times == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_proxy_that_dribbles_got_nothing(
    kind: str, outgoing: OutgoingMessage, monkeypatch: pytest.MonkeyPatch, expire: Callable[[], None]
) -> None:
    answer = "HTTP/1.1 200 Connection established\r\nX: y\r\n"
    proxy = ScriptedServer(hears_request(lambda wire: wire.dribble(answer, on_first_line=expire)))
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
    acceptance = Acceptance()
    with pytest.raises(ChannelBusy, match="too slow"):
        channel(kind, "https://receiver.example", CLIENT_SECONDS).deliver(outgoing, ANN, acceptance)
    assert acceptance.times == 0


def test_a_confirmation_counts_though_its_body_never_ends(
    outgoing: OutgoingMessage, expire: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    reads_body = threading.Event()
    original = requests.Response.iter_content

    def iter_content(response: requests.Response, size: int) -> object:
        reads_body.set()
        return original(response, size)

    def expire_when_the_body_is_read() -> None:
        assert reads_body.wait(HANG_SECONDS)
        expire()

    def talk(wire: Wire) -> None:
        wire.say("HTTP/1.1 202 Accepted\r\n")
        wire.dribble("ok ", on_first_line=expire_when_the_body_is_read)

    monkeypatch.setattr(requests.Response, "iter_content", iter_content)
    server = ScriptedServer(hears_request(talk))
    proof = channel("teams", f"http://127.0.0.1:{server.port}", CLIENT_SECONDS).deliver(outgoing, ANN, Acceptance())
    assert proof.reply == "202 accepted"


def test_only_the_start_of_an_endless_body_is_read(outgoing: OutgoingMessage) -> None:
    def talk(wire: Wire) -> None:
        wire.say("HTTP/1.1 404 Not Found\r\n")
        wire.flood(b"x" * 10_000)

    server = ScriptedServer(hears_request(talk))
    with pytest.raises(StandupError, match="404 xxx"):
        channel("slack", f"http://127.0.0.1:{server.port}", CLIENT_SECONDS).deliver(outgoing, ANN, Acceptance())
    assert server.heard().flooded_bytes < 20_000_000


def test_a_compressed_body_is_unpacked_only_up_to_the_limit(outgoing: OutgoingMessage) -> None:
    unpacked_bytes = 100_000_000
    bomb = gzip.compress(bytes(unpacked_bytes))

    def talk(wire: Wire) -> None:
        wire.say(f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n")
        wire.say_bytes(bomb)

    server = ScriptedServer(hears_request(talk))
    tracemalloc.start()
    with pytest.raises(OutcomeUnknown):
        channel("slack", f"http://127.0.0.1:{server.port}", CLIENT_SECONDS).deliver(outgoing, ANN, Acceptance())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < unpacked_bytes / 2, "what other threads of this process need counts as well"


def test_the_login_for_mail_has_a_deadline(
    local_server: LocalServer, outgoing: OutgoingMessage, expire: Callable[[], None]
) -> None:
    login = ScriptedServer(hears_request(lambda wire: endless_headers(wire, expire)))
    client = OAuthClient(f"http://127.0.0.1:{login.port}/token", "client", SecretStr("s"), "scope", CLIENT_SECONDS)

    def talk(wire: Wire) -> None:
        wire.say("220 hi")
        wire.answer("250-hi\r\n250 AUTH XOAUTH2")
        wire.hold()

    server = local_server(ScriptedServer(talk).port, username="s@example.com", access=MailAccess(client))
    with pytest.raises(ChannelBusy, match="too slow"):
        EmailChannel(server).deliver(outgoing, ANN, Acceptance())


def test_all_uploads_to_slack_share_one_deadline(outgoing: OutgoingMessage, clock: ManualClock) -> None:
    """Each of the many uploads is quicker than its time-out."""

    def talk(wire: Wire) -> None:
        while wire.hear():
            pass
        clock.advance(CLIENT_SECONDS * 0.75)
        address = f"http://127.0.0.1:{server.port}/upload"
        body = json.dumps({"ok": True, "upload_url": address, "file_id": "F"})
        wire.say(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}")

    server = ScriptedServer(talk, connections=100)
    room = SlackRoom(
        "ops", "STANDUP_SLACK__OPS", SecretStr("https://hooks.example/x"), SecretStr("token"), "C1",
        f"http://127.0.0.1:{server.port}/api", CLIENT_SECONDS,
    )  # fmt: skip
    many = tuple(Document(f"{number}.pdf", "application/pdf", b"%PDF") for number in range(40))
    acceptance = Acceptance()
    with pytest.raises(ChannelBusy, match="too slow"):
        SlackChannel(room).deliver(replace(outgoing, documents=many), "ops", acceptance)
    assert acceptance.times == 0
    assert server.heard().connections <= 5, "three time-outs have passed with the fourth answer"


def test_the_alert_webhook_has_a_deadline(expire: Callable[[], None]) -> None:
    server = ScriptedServer(hears_request(lambda wire: endless_headers(wire, expire)))
    webhook = AlertWebhook(SecretStr(f"http://127.0.0.1:{server.port}/x"), timeout_seconds=CLIENT_SECONDS)
    with pytest.raises(ChannelBusy, match="gave no answer"):
        webhook.send(ALERT)


def test_a_ping_has_a_deadline(expire: Callable[[], None]) -> None:
    def answer(wire: Wire) -> None:
        wire.say("HTTP/1.1 200 OK\r\nX-Header: value")
        expire()
        wire.say("\r\n")

    server = ScriptedServer(hears_request(answer))
    assert not send_ping(SecretStr(f"http://127.0.0.1:{server.port}/x")), "the answer came after the deadline"
