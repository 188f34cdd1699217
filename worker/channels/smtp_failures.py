"""The errors for a talk with a mail server that ended without a reply: nothing was sent in any of these cases."""

from __future__ import annotations

import smtplib
import ssl

from worker.channels.smtp_login import WAYS
from worker.channels.smtp_replies import HungUp, Stage
from worker.errors import ChannelBusy, DeliveryRefused

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
