"""What a mail server's "no" means for us: come back later, or never, and what the operator does about it."""

from __future__ import annotations

import re
import smtplib
import ssl
import unicodedata
from dataclasses import dataclass
from enum import Enum

from worker.channels.smtp.server import WAYS
from worker.errors import ChannelBusy, DeliveryRefused

MAX_REPLY = 300
"""Characters of a server's reply that go into records and alerts."""

_CLOSING = 421

_ENHANCED_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?= |$)")


_CORRECT_THE_LOGIN = (
    "Correct STANDUP_SMTP__USERNAME or STANDUP_SMTP__PASSWORD. Lest the account be locked, a worker tries again after "
    "five minutes only, or when it is started anew."
)


class Stage(Enum):
    """Where in the dialogue a reply came, and the way out if it is a final no."""

    GREETING = "at its greeting", "Ask the mail server's operator whether this machine may send by it."
    HELLO = "at EHLO", "Set STANDUP_SMTP__HELLO to this machine's full name."
    STARTTLS = "at STARTTLS", "Set STANDUP_SMTP__SECURITY to what the server speaks."
    LOGIN = "at the login", _CORRECT_THE_LOGIN
    SENDER = "at the sender", "Set STANDUP_SMTP__SENDER to an address that the login may send as."
    RECIPIENT = "at the recipient", "Correct or remove the address in the group's file."
    MESSAGE = "at the message", "The reply says why."

    def __init__(self, place: str, way_out: str) -> None:
        self.place = place
        self.way_out = way_out

    @property
    def opens(self) -> bool:
        """Whether it comes before any message: what is said here is said to all recipients."""
        return self in (Stage.GREETING, Stage.HELLO, Stage.STARTTLS, Stage.LOGIN)


class LoginRefused(DeliveryRefused):
    """Asked again, the server may lock the account."""


class HungUp(ChannelBusy):
    """The connection has ended before the message was handed over; another one may serve it at once."""


# these say the same at whatever stage they come
_WAY_OUT_BY_CODE = {
    530: "Set STANDUP_SMTP__USERNAME and STANDUP_SMTP__PASSWORD, or STANDUP_SMTP__SECURITY, as the reply asks.",
    552: "The mailbox is full, or the message too large for the server: the reply says which. Against the latter set "
    "STANDUP_MAX_MESSAGE_BYTES, or the group's max_message_bytes, to less.",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer, e.g. 250 and ``2.0.0 Ok: queued as 4F2``; code -1 when the line was no SMTP at all."""

    code: int
    text: str

    @classmethod
    def read(cls, code: int, raw: bytes | str) -> Reply:
        """Make a reply printable: one line, no control characters, not endless."""
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
        printable = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
        return cls(code, " ".join(printable.split())[:MAX_REPLY])

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()

    @property
    def is_yes(self) -> bool:
        """2xx."""
        return 200 <= self.code < 300

    @property
    def is_no(self) -> bool:
        """4xx or 5xx; what is neither yes nor no is not SMTP."""
        return 400 <= self.code < 600

    def without_text(self) -> Reply:
        """Code and enhanced code only: a server may repeat what it was sent, and at the login that is the password."""
        found = _ENHANCED_CODE.match(self.text)
        return Reply(self.code, found[0] if found else "")


def error_for(reply: Reply, stage: Stage, server: str, recipient: str) -> ChannelBusy | DeliveryRefused:
    """The error to raise for a reply that is not the one hoped for: 5xx is never, everything else is later."""
    said = str(reply.without_text() if stage is Stage.LOGIN else reply).rstrip(".")
    whom = "us" if stage.opens else f"the message to {recipient}"
    if 500 <= reply.code < 600:
        refused = LoginRefused if stage is Stage.LOGIN else DeliveryRefused
        return refused(
            f"Mail server {server} refuses {whom} {stage.place}: {said}.",
            way_out=_WAY_OUT_BY_CODE.get(reply.code, stage.way_out),
        )
    busy = HungUp if reply.code == _CLOSING else ChannelBusy
    return busy(f"Mail server {server} does not take {whom} now, {stage.place}: {said}.")


def too_large(reply: Reply, server: str, recipient: str, size: int, announced: int) -> DeliveryRefused:
    """A refusal by a server that had announced at EHLO how large a message it takes."""
    return DeliveryRefused(
        f"Mail server {server} refuses the message to {recipient}: {str(reply).rstrip('.')}. It has {size} bytes, and "
        f"the server announces {announced} as its limit.",
        way_out=f"Set STANDUP_MAX_MESSAGE_BYTES, or the group's max_message_bytes, {less_than(announced)}.",
    )


def less_than(announced: int) -> str:
    """What a setting is to be: Postfix refuses a message of just its limit, and only when all of it was sent."""
    return f"to less than {announced} by some thousand, for the envelope may count too"


_NOT_OFFERED = {
    Stage.STARTTLS: (
        "offers no STARTTLS: either it has none, or somebody on the way removed the offer.",
        Stage.STARTTLS.way_out,
    ),
    Stage.LOGIN: (
        "offers no login.",
        "Remove STANDUP_SMTP__USERNAME and _PASSWORD, or encrypt (STANDUP_SMTP__SECURITY): many ask for that first.",
    ),
    Stage.SENDER: (
        "does not take addresses with letters beyond ASCII before the @ (it lacks SMTPUTF8).",
        "Use another address of the same person.",
    ),
}

_SILENT_AT_FIRST = " A server that says nothing at first often waits for tls: STANDUP_SMTP__SECURITY."


def not_offered(stage: Stage, server: str, recipient: str) -> DeliveryRefused:
    """The server lacks an extension that this message needs."""
    lack, way_out = _NOT_OFFERED[stage]
    return DeliveryRefused(f"{_nothing_sent(stage, recipient)}: mail server {server} {lack}", way_out=way_out)


def broken_off(error: OSError | ValueError, stage: Stage, server: str, recipient: str) -> ChannelBusy | DeliveryRefused:
    """No connection, a wrong certificate, no TLS where TLS was expected, no common login, hung up."""
    nothing = _nothing_sent(stage, recipient)
    if isinstance(error, ssl.SSLCertVerificationError):
        return DeliveryRefused(
            f"{nothing}: the certificate of mail server {server} is not to be trusted: {error.verify_message}.",
            way_out="Set STANDUP_SMTP__HOST to the name in the certificate, or STANDUP_SMTP__CA_FILE to who issued it.",
        )
    if _speaks_no_tls(error, stage):
        return DeliveryRefused(
            f"{nothing}: mail server {server} and this machine find no common TLS.",
            way_out="Set STANDUP_SMTP__PORT and STANDUP_SMTP__SECURITY together: usually 587 and starttls, or 465 and "
            "tls.",
        )
    if _has_no_common_login(error, stage):
        return DeliveryRefused(
            f"{nothing}: mail server {server} offers none of the logins {', '.join(WAYS)}.",
            way_out="Enable one of them for this account.",
        )
    # at the login the error may quote the server, and the server what it was sent
    cause = type(error).__name__ if stage is Stage.LOGIN else str(error)
    return HungUp(
        f"{nothing}: the connection to mail server {server} failed {stage.place}: {cause}.",
        way_out="If this lasts, check STANDUP_SMTP__HOST and STANDUP_SMTP__PORT."
        + (_SILENT_AT_FIRST if _was_silent(error, stage) else ""),
    )


def too_slow(seconds: float, stage: Stage, server: str, recipient: str) -> ChannelBusy:
    """The conversation as a whole came to no end in time."""
    return ChannelBusy(
        f"{_nothing_sent(stage, recipient)}: mail server {server} is too slow: {stage.place} the conversation had "
        f"lasted {seconds:.0f} s in all.",
        way_out="If this lasts, look at the server or the way to it, or raise STANDUP_SMTP__TIMEOUT_SECONDS.",
    )


def _nothing_sent(stage: Stage, recipient: str) -> str:
    return "Nothing was sent" if stage.opens else f"The message to {recipient} was not sent"


def _speaks_no_tls(error: Exception, stage: Stage) -> bool:
    cut_off = isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)
    return isinstance(error, ssl.SSLError) and not cut_off and stage in (Stage.GREETING, Stage.STARTTLS)


def _has_no_common_login(error: Exception, stage: Stage) -> bool:
    hung_up = isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, smtplib.SMTPException) and not hung_up and stage is Stage.LOGIN


def _was_silent(error: Exception, stage: Stage) -> bool:
    """Connected, and then nothing: smtplib makes both a hang-up and a time-out of it."""
    return isinstance(error, smtplib.SMTPServerDisconnected) and stage is Stage.GREETING
