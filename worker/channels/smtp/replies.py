"""What a mail server's "no" means for us: come back later, or never, and what the operator does about it."""

from __future__ import annotations

import re
import smtplib
import ssl
import unicodedata
from dataclasses import dataclass
from enum import Enum

from worker.channels.smtp.server import MECHANISMS
from worker.errors import ChannelBusy, DeliveryRefused

MAX_REPLY = 300
"""Characters of a server's reply that go into records and alerts."""

_CLOSING = 421

_ENHANCED_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?= |$)")


_CORRECT_THE_LOGIN = (
    "Correct STANDUP_SMTP__USERNAME or STANDUP_SMTP__PASSWORD. To keep the account from being locked, a worker tries "
    "again only after five minutes, or after a restart."
)

_CORRECT_THE_OAUTH_LOGIN = (
    "Check STANDUP_SMTP__OAUTH__TOKEN_URL, __CLIENT_ID, __CLIENT_SECRET and __SCOPE, and that the application may send "
    "as the mailbox (docs/delivery.md, Microsoft 365). A worker tries again after five minutes, or after a restart."
)


class Stage(Enum):
    """The step of the conversation at which a reply came, and the way out if the reply is a final refusal."""

    GREETING = "at its greeting", "Ask the mail server's operator whether this machine may send mail through it."
    HELLO = "at EHLO", "Set STANDUP_SMTP__HELLO to this machine's full name."
    STARTTLS = "at STARTTLS", "Set STANDUP_SMTP__SECURITY to what the server supports."
    LOGIN = "at the login", _CORRECT_THE_LOGIN
    TOKEN_LOGIN = "at the login with an access token", _CORRECT_THE_OAUTH_LOGIN
    SENDER = "at the sender", "Set STANDUP_SMTP__SENDER to an address that the login may send as."
    RECIPIENT = "at the recipient", "Correct or remove the address in the group's file."
    MESSAGE = "at the message", "The reply gives the reason."

    def __init__(self, place: str, way_out: str) -> None:
        self.place = place
        self.way_out = way_out

    @property
    def opens(self) -> bool:
        """Whether this step comes before any message, so that a refusal concerns all recipients."""
        return self in (Stage.GREETING, Stage.HELLO, Stage.STARTTLS) or self.is_login

    @property
    def is_login(self) -> bool:
        """Whether a reply at this step may repeat a secret."""
        return self in (Stage.LOGIN, Stage.TOKEN_LOGIN)


class LoginRefused(DeliveryRefused):
    """The server refused the login. Another attempt may lock the account."""


class KeptTokenRefused(LoginRefused):
    """The server refused an access token from an earlier login. A fresh one may do."""


class HungUp(ChannelBusy):
    """The connection ended before the message was accepted. Another connection may work at once."""


# these codes mean the same at every stage
_WAY_OUT_BY_CODE = {
    530: "Set STANDUP_SMTP__USERNAME and STANDUP_SMTP__PASSWORD, or STANDUP_SMTP__SECURITY, as the reply asks.",
    552: "The mailbox is full, or the message is too large for the server: the reply says which. For a large message, "
    "lower STANDUP_MAX_MESSAGE_BYTES, or the group's max_message_bytes.",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's reply, e.g. 250 and ``2.0.0 Ok: queued as 4F2``. The code is -1 if the line was not SMTP at all."""

    code: int
    text: str

    @classmethod
    def read(cls, code: int, raw: bytes | str) -> Reply:
        """Make a reply printable: one line of limited length without control characters."""
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
        """4xx or 5xx. A reply that is neither yes nor no is not SMTP."""
        return 400 <= self.code < 600

    def without_text(self) -> Reply:
        """Return code and enhanced code only: a server may repeat its input, and at the login that is the password."""
        enhanced_code = _ENHANCED_CODE.match(self.text)
        return Reply(self.code, enhanced_code[0] if enhanced_code else "")


def error_for(reply: Reply, stage: Stage, server: str, recipient: str) -> ChannelBusy | DeliveryRefused:
    """Return the error for a reply that is not the expected one: 5xx is final, everything else may pass later."""
    text = str(reply.without_text() if stage.is_login else reply).rstrip(".")
    object_ = "us" if stage.opens else f"the message to {recipient}"
    if 500 <= reply.code < 600:
        refused = LoginRefused if stage.is_login else DeliveryRefused
        return refused(
            f"Mail server {server} refuses {object_} {stage.place}: {text}.",
            way_out=stage.way_out if stage is Stage.TOKEN_LOGIN else _WAY_OUT_BY_CODE.get(reply.code, stage.way_out),
        )
    busy = HungUp if reply.code == _CLOSING else ChannelBusy
    return busy(
        f"Mail server {server} does not take {object_} now, {stage.place}: {text}.",
        way_out=_IF_CUT_OFF.get(stage, _ASK_THE_OPERATOR) if stage.opens else "",
    )


def too_large(reply: Reply, server: str, recipient: str, size: int, announced: int) -> DeliveryRefused:
    """Return the error for a message above the size that the server announced in EHLO (RFC 1870)."""
    return DeliveryRefused(
        f"Mail server {server} refuses the message to {recipient}: {str(reply).rstrip('.')}. It has {size} bytes, and "
        f"the server announces a limit of {announced}.",
        way_out=f"Set STANDUP_MAX_MESSAGE_BYTES, or the group's max_message_bytes, {advised_limit(announced)}.",
    )


def advised_limit(announced: int) -> str:
    """Return the advice for a setting: Postfix counts the envelope too, and refuses only after the whole message."""
    return f"to a few thousand bytes less than {announced} (the envelope may count too)"


_NOT_OFFERED = {
    Stage.STARTTLS: (
        "offers no STARTTLS: either it has none, or a device on the path removed the offer.",
        Stage.STARTTLS.way_out,
    ),
    Stage.LOGIN: (
        "offers no login.",
        "Remove STANDUP_SMTP__USERNAME and _PASSWORD, or encrypt (STANDUP_SMTP__SECURITY): many ask for that first.",
    ),
    Stage.SENDER: (
        "does not accept addresses with letters beyond ASCII before the @ (it lacks SMTPUTF8).",
        "Use another address of the same person.",
    ),
}

_ASK_THE_OPERATOR = "If this lasts, ask the mail server's operator: its log says why."

_NO_SERVER_THERE = "If this lasts, check STANDUP_SMTP__HOST and STANDUP_SMTP__PORT."
_SILENT_AT_FIRST = " A server that sends no greeting often expects STANDUP_SMTP__SECURITY=tls."

_IF_CUT_OFF = {
    Stage.HELLO: "If this lasts, set STANDUP_SMTP__HELLO to this machine's full name, or ask the server's operator.",
    Stage.STARTTLS: "If this lasts, set STANDUP_SMTP__SECURITY to what the server supports.",
    Stage.LOGIN: "If this lasts, check STANDUP_SMTP__USERNAME, STANDUP_SMTP__PASSWORD and STANDUP_SMTP__SECURITY, and "
    "whether the account may send by SMTP: the server's log says why.",
    Stage.TOKEN_LOGIN: _CORRECT_THE_OAUTH_LOGIN,
}
"""The way out if a server that answers ends the conversation at this step, or says "later" there."""


def not_offered(stage: Stage, server: str, recipient: str) -> DeliveryRefused:
    """Return the error for a server without an extension that this message needs."""
    lack, way_out = _NOT_OFFERED[stage]
    return DeliveryRefused(f"{_nothing_sent(stage, recipient)}: mail server {server} {lack}", way_out=way_out)


def broken_off(error: OSError | ValueError, stage: Stage, server: str, recipient: str) -> ChannelBusy | DeliveryRefused:
    """Return the error for a failed connection, certificate, TLS handshake or login mechanism, or for a hang-up."""
    consequence = _nothing_sent(stage, recipient)
    if isinstance(error, ssl.SSLCertVerificationError):
        return DeliveryRefused(
            f"{consequence}: the certificate of mail server {server} is not trusted: {error.verify_message}.",
            way_out="Set STANDUP_SMTP__HOST to the name in the certificate, or STANDUP_SMTP__CA_FILE to its issuer.",
        )
    if _speaks_no_tls(error, stage):
        return DeliveryRefused(
            f"{consequence}: mail server {server} and this machine have no common TLS version.",
            way_out="Set STANDUP_SMTP__PORT and STANDUP_SMTP__SECURITY together: usually 587 and starttls, or 465 and "
            "tls.",
        )
    if _has_no_common_login(error, stage):
        return DeliveryRefused(
            f"{consequence}: mail server {server} offers none of the login mechanisms {', '.join(MECHANISMS)}.",
            way_out="Enable one of them for this account.",
        )
    # at the login the error may quote the server, and the server may quote the password, unless the words are ours
    is_ours = isinstance(error, smtplib.SMTPServerDisconnected)
    cause = type(error).__name__ if stage.is_login and not is_ours else str(error)
    return HungUp(
        f"{consequence}: the connection to mail server {server} failed {stage.place}: {cause}.",
        way_out=_way_out_of_break(error, stage),
    )


def _way_out_of_break(error: Exception, stage: Stage) -> str:
    """Return what to check: the address only as long as no server has answered there."""
    if stage is Stage.GREETING:
        return _NO_SERVER_THERE + (_SILENT_AT_FIRST if _was_silent(error, stage) else "")
    return _IF_CUT_OFF.get(stage, _ASK_THE_OPERATOR)


def too_slow(seconds: float, stage: Stage, server: str, recipient: str) -> ChannelBusy:
    """Return the error for a conversation that as a whole took too long."""
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
    """Return whether the server sent no greeting: smtplib reports a hang-up and a time-out alike."""
    return isinstance(error, smtplib.SMTPServerDisconnected) and stage is Stage.GREETING
