"""Mail servers as one meets them: each oddity × what becomes of the delivery, by the channel and by the ledger.

A row's script is the server's part of the talk. Whatever it is, the channel is asked by itself first, and then a whole
turn with a ledger: the callback before acceptance is called at most once a try, and no message arrives twice.
"""

from __future__ import annotations

import base64
import ssl
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from redis import Redis

from tests.integration.channels.conftest import CLIENT_SECONDS, ScriptedServer
from tests.integration.channels.smtp.smtp_scripts import CLOSE, CUT, IN_CLEAR, MESSAGE, TAKES, Encrypt, Script, serve
from tests.integration.channels.test_web_channels import Acceptance
from tests.integration.services.conftest import OUTGOING, RUN, Desk
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown, StandupError
from worker.state.deliveries import Deliveries

ANN, BOB, CY = "ann@example.org", "bob@example.org", "cy@example.org"
BUSY, REFUSED, UNKNOWN, SENT = ChannelBusy, DeliveryRefused, OutcomeUnknown, None
LEDGER = {BUSY: "planned", REFUSED: "refused", UNKNOWN: "unknown", SENT: "sent"}
LOGIN = {"username": "standup", "password": "correct-horse"}
STARTTLS = {"security": "starttls", "ca_file": True}
NAME, WORD = (base64.b64encode(LOGIN[key].encode()).decode() for key in ("username", "password"))


@dataclass(frozen=True)
class Row:
    """``says``: part of the error, or of the proof. ``once``: words that the server must have heard exactly once."""

    name: str
    script: Script
    outcome: type[StandupError] | None
    says: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    recipient: str = ANN
    once: tuple[str, ...] = ()

    @property
    def may_be_accepted(self) -> int:
        return 1 if MESSAGE in self.script else 0


def old(*lines: str) -> Script:
    """The same lines with bare LF, as some servers end theirs."""
    return tuple(f"{line}\n".encode() if line != MESSAGE else line for line in lines)


GREETING = (
    Row("greeting of many lines", ("220-be\r\n220-welcome\r\n220 here", "250 hi", *TAKES), SENT, "taken"),
    Row("greeting 554", ("554 5.7.1 not from there",), REFUSED, "at its greeting: 554 5.7.1"),
    Row("greeting 421", ("421 4.3.2 too many connections",), BUSY, "at its greeting: 421"),
    Row("greeting 220 without words", ("220", "250", "250", "250", "354", MESSAGE, "250"), SENT, "250"),
    Row("greeting of another protocol", ("* OK IMAP4rev1 ready",), BUSY, "at its greeting: -1"),
    Row("HELO only", ("220 hi", "502 5.5.2 what?", "250 hi", *TAKES), SENT, "taken", once=("HELO",)),
    Row("EHLO makes it hang up", ("220 hi", CLOSE), BUSY, "at EHLO"),
    Row("EHLO 421", ("220 hi", "421 4.3.2 not now", CLOSE), BUSY, "at EHLO"),
    Row("our name refused", ("220 hi", "501 bad name", "501 bad name"), REFUSED, "STANDUP_SMTP__HELLO"),
    Row("our name as set", ("220 hi", "250 hi", *TAKES), SENT, "taken", {"hello": "mail.example.com"}),
)
REPLIES = (
    Row("8-bit replies", ("220 hi", "250 hi", b"250 f\xfcr Sie\r\n", b"250 \xff\xfe\r\n", *TAKES[2:]), SENT, "taken"),
    Row("bare line feeds", old("220 hi", "250-hi\n250 8BITMIME", *TAKES), SENT, "taken"),
    Row("control characters", ("220 hi", "250 hi", *TAKES[:4], b"250 ok\x1b[31m\x00 9\r\n"), SENT, "250 ok [31m 9"),
    Row("251, will forward", ("220 hi", "250 hi", "250 ok", "251 will forward", *TAKES[2:]), SENT, "taken"),
    Row("252, cannot verify", ("220 hi", "250 hi", "250 ok", "252 cannot verify", *TAKES[2:]), SENT, "taken"),
    Row("250 to DATA", ("220 hi", "250 hi", "250 ok", "250 ok", "250 ok"), BUSY, "at the message: 250 ok"),
    Row("yes before the dot", ("220 hi", "250 hi", *TAKES[:2], "354 go on\r\n250 taken"), BUSY, "at the message: 250"),
    Row("code 999 before the dot", ("220 hi", "250 hi", "999 ?"), BUSY, "at the sender: 999"),
    Row(
        "code 999 after the dot", ("220 hi", "250 hi", *TAKES[:4], "999 ?"), UNKNOWN, "did not confirm it: it said 999"
    ),
    Row("half a line after the dot", ("220 hi", "250 hi", *TAKES[:4], CUT), UNKNOWN, "did not confirm it"),
    Row("hangs up after its yes", ("220 hi", "250 hi", *TAKES[:4], b"250 taken\r\n"), SENT, "taken"),
    *(
        Row(f"421 at {verb}", ("220 hi", "250 hi", *TAKES[:number], "421 4.3.2 closing", CLOSE), BUSY, "421 4.3.2")
        for number, verb in enumerate(("MAIL", "RCPT", "DATA"))
    ),
    Row("421 after the dot", ("220 hi", "250 hi", *TAKES[:4], "421 4.3.2 closing"), BUSY, "421 4.3.2"),
    Row("no SMTPUTF8", ("220 hi", "250 hi"), REFUSED, "lacks SMTPUTF8", recipient="jürgen@example.org"),
    Row("too large", ("220 hi", "250-hi\r\n250 SIZE 900", "552 5.3.4 too big"), REFUSED, "less than 900"),
    Row("too large, unannounced", ("220 hi", "250 hi", "552 too big"), REFUSED, "STANDUP_MAX_MESSAGE_BYTES"),
    Row("SIZE without a figure", ("220 hi", "250-hi\r\n250 SIZE", *TAKES), SENT, "taken"),
)


def offers(mechanisms: str, *replies: str) -> Script:
    return ("220 hi", f"250-hi\r\n250 {mechanisms}", *replies)


LOGINS = (
    Row("LOGIN alone", offers("AUTH LOGIN", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 ok", *TAKES), SENT, "taken",
        LOGIN, once=(NAME.upper(), WORD.upper())),
    Row("LOGIN of odd spelling", offers("AUTH=login", "334 ", "334", "235 ok", *TAKES), SENT, "taken", LOGIN),
    Row("PLAIN of odd spelling", offers("auth Plain", "235 ok", *TAKES), SENT, "taken", LOGIN),
    Row("PLAIN that asks first", offers("AUTH PLAIN", "334 ", "235 ok", *TAKES), SENT, "taken", LOGIN),
    Row("CRAM-MD5 alone", offers("AUTH CRAM-MD5", "334 PDEyM0BoaT4=", "235 ok", *TAKES), SENT, "taken", LOGIN),
    Row("235 of many lines", offers("AUTH PLAIN", "235-2.7.0\r\n235 2.7.0 ok", *TAKES), SENT, "taken", LOGIN),
    Row("PLAIN unknown after all", offers("AUTH PLAIN LOGIN", "504 5.5.4 no", "334 ", "334 ", "235 ok", *TAKES), SENT,
        "taken", LOGIN),
    Row("wrong password", offers("AUTH CRAM-MD5 PLAIN LOGIN", *["535 5.7.8 no"] * 3), REFUSED, "at the login: 535",
        LOGIN, once=("AUTH",)),
    Row("wrong password, said on its second try only", offers("AUTH LOGIN", "334 ", "334 ", "535 no"), REFUSED,
        "STANDUP_SMTP__PASSWORD", LOGIN, once=("AUTH",)),
    Row("directory away", offers("AUTH PLAIN LOGIN", "454 4.7.0 later"), BUSY, "454 4.7.0", LOGIN, once=("AUTH",)),
    Row("password is to be changed", offers("AUTH PLAIN", "432 4.7.12 change it"), BUSY, "432 4.7.12", LOGIN),
    Row("encryption wanted for it", offers("AUTH PLAIN", "538 5.7.11 no"), REFUSED, "538 5.7.11", LOGIN),
    Row("none that we know", offers("AUTH GSSAPI NTLM"), REFUSED, "none of the login mechanisms", LOGIN),
    Row("hangs up at it", offers("AUTH PLAIN", CLOSE), BUSY, "at the login", LOGIN),
)  # fmt: skip
TLS = ("220 hi", "250-hi\r\n250 STARTTLS", "220 go on")
ENCRYPTED = (
    Row("login offered under TLS only", (*TLS, Encrypt("good"), "250-hi\r\n250 AUTH PLAIN", "235 ok", *TAKES), SENT,
        "taken", STARTTLS | LOGIN),
    Row("certificate has ended", (*TLS, Encrypt("expired")), REFUSED, "expired", STARTTLS),
    Row("certificate of another host", (*TLS, Encrypt("other host")), REFUSED, "STANDUP_SMTP__HOST", STARTTLS),
    Row("certificate by itself", (*TLS, Encrypt("self-signed")), REFUSED, "self-signed certificate", STARTTLS),
    Row("certificate of strangers", (*TLS, Encrypt("unknown")), REFUSED, "STANDUP_SMTP__CA_FILE", STARTTLS),
    Row("TLS of long ago", (*TLS, Encrypt("old")), REFUSED, "have no common TLS version", STARTTLS),
    Row("STARTTLS removed on the way", ("220 hi", "250-hi\r\n250 AUTH PLAIN"), REFUSED, "offers no STARTTLS",
        STARTTLS | LOGIN),
    Row("STARTTLS offered and refused", (*TLS[:2], "454 4.7.0 no TLS now"), BUSY, "at STARTTLS: 454", STARTTLS),
    Row("words slipped in before TLS", (*TLS[:2], "220 go on\r\n250-evil\r\n250 AUTH PLAIN", Encrypt("good"), "250 hi"),
        REFUSED, "offers no login", STARTTLS | LOGIN),
    Row("handshake answered in clear", (*TLS, IN_CLEAR), REFUSED, "have no common TLS version", STARTTLS),
    Row("hangs up after STARTTLS", (*TLS[:2], CLOSE), BUSY, "at STARTTLS", STARTTLS),
)  # fmt: skip


@pytest.fixture(scope="session")
def contexts(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> dict[str, ssl.SSLContext]:
    """The server's side of TLS under each kind of certificate."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    old_one = context_for(authority.issue_cert("127.0.0.1"))
    old_one.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        old_one.minimum_version, old_one.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    by_itself = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    by_itself.load_cert_chain(self_signed(tmp_path_factory.mktemp("self-signed")))
    return {
        "good": context_for(authority.issue_cert("127.0.0.1")),
        "expired": context_for(
            authority.issue_cert("127.0.0.1", not_after=yesterday, not_before=yesterday - timedelta(days=9))
        ),
        "other host": context_for(authority.issue_cert("mail.example.net")),
        "unknown": context_for(trustme.CA().issue_cert("127.0.0.1")),
        "self-signed": by_itself,
        "old": old_one,
    }


def context_for(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


def self_signed(folder: Path) -> Path:
    """Return key and self-signed certificate in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "self-signed.pem"
    path.write_bytes(private + certificate.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def desk_for(
    redis: Redis, contexts: dict[str, ssl.SSLContext], authority_file: Path
) -> Callable[..., tuple[Desk, ScriptedServer]]:
    """An installation whose mail server follows the scripts, one a connection."""

    def make(*scripts: Script, **settings: Any) -> tuple[Desk, ScriptedServer]:
        server = serve(*scripts, context=contexts.__getitem__)
        smtp = {
            "host": "127.0.0.1",
            "port": server.port,
            "security": "none",
            "sender": "s@example.com",
            "timeout_seconds": CLIENT_SECONDS,
        }
        smtp |= settings | ({"ca_file": authority_file} if "ca_file" in settings else {})
        return Desk(Deliveries(redis), smtp=smtp), server

    return make


ROWS = (*GREETING, *REPLIES, *LOGINS, *ENCRYPTED)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_oddity_has_its_meaning_for_the_channel(
    row: Row, desk_for: Callable[..., tuple[Desk, ScriptedServer]]
) -> None:
    desk, server = desk_for(row.script, **row.settings)
    acceptance = Acceptance()
    with desk.channels() as channels:
        text = attempt(
            lambda: channels.channel_for("email", row.recipient).deliver(OUTGOING, row.recipient, acceptance).reply
        )
    assert type_of(text) is row.outcome, text
    assert row.says in str(text)
    heard = server.heard()
    assert acceptance.times == heard.messages == row.may_be_accepted
    for word in row.once:
        assert len(heard.verbs(word)) == 1, heard.lines
    assert LOGIN["password"] not in str(text)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_oddity_has_its_meaning_for_the_ledger(
    row: Row, desk_for: Callable[..., tuple[Desk, ScriptedServer]]
) -> None:
    desk, server = desk_for(row.script, **row.settings)
    progress = desk.deliver(("email", row.recipient))
    assert desk.states() == {row.recipient: LEDGER[row.outcome]}
    assert (progress.wait_seconds is not None) == (row.outcome is BUSY)
    (delivery,) = desk.deliveries.records(RUN)
    assert row.says in (delivery.proof or delivery.why)
    assert delivery.tries == 1
    assert server.heard().messages == row.may_be_accepted


def attempt(deliver: Callable[[], str]) -> str | StandupError:
    try:
        return deliver()
    except StandupError as error:
        return error


def type_of(text: str | StandupError) -> type[StandupError] | None:
    return next((kind for kind in (BUSY, REFUSED, UNKNOWN) if isinstance(text, kind)), SENT)


HELLO = ("220 hi", "250 hi")
AGAIN = ("250 flushed", *TAKES)
SPENT = {
    "RSET is not known": (*HELLO, *TAKES, "502 5.5.1 what?"),
    "421 at RSET": (*HELLO, *TAKES, "421 4.7.0 enough", CLOSE),
    "421 at MAIL": (*HELLO, *TAKES, "250 flushed", "421 4.7.0 too many messages by this connection", CLOSE),
    "421 at DATA": (*HELLO, *TAKES, "250 flushed", "250 ok", "250 ok", "421 4.7.0 enough", CLOSE),
    "hangs up after the first": (*HELLO, *TAKES[:4], b"250 taken\r\n", CUT),
    "hangs up at RCPT": (*HELLO, *TAKES, "250 flushed", "250 ok", CUT),
}


@pytest.mark.parametrize("spent", SPENT)
def test_a_connection_that_the_server_ends_is_replaced_without_a_lost_try(
    spent: str, desk_for: Callable[..., tuple[Desk, ScriptedServer]]
) -> None:
    desk, server = desk_for(SPENT[spent], (*HELLO, *TAKES, *AGAIN))
    progress = desk.deliver(("email", ANN), ("email", BOB), ("email", CY))
    assert [(delivery.state, delivery.tries) for delivery in progress.deliveries] == [("sent", 1)] * 3
    heard = server.heard()
    assert (heard.connections, heard.messages) == (2, 3)


def test_a_new_connection_that_is_also_refused_counts_as_one_attempt(
    desk_for: Callable[..., tuple[Desk, ScriptedServer]],
) -> None:
    desk, server = desk_for(SPENT["421 at MAIL"], ("421 4.7.0 come back later",))
    progress = desk.deliver(("email", ANN), ("email", BOB))
    assert desk.states() == {ANN: "sent", BOB: "planned"}
    assert [delivery.tries for delivery in progress.deliveries] == [1, 1]
    heard = server.heard()
    assert (heard.connections, heard.messages) == (2, 1)


def test_greylisting_on_an_open_connection_does_not_open_another(
    desk_for: Callable[..., tuple[Desk, ScriptedServer]],
) -> None:
    grey = (*HELLO, *TAKES, "250 flushed", "250 ok", "451 4.7.1 greylisted")
    desk, server = desk_for(grey, (*HELLO, *TAKES))
    desk.deliver(("email", ANN), ("email", BOB))
    assert desk.states() == {ANN: "sent", BOB: "planned"}
    assert server.heard().connections == 1
