"""Showing a mail server who we are: one try, by the first way that both sides know.

smtplib tries every way that the server offers, so that one wrong password counts as three; servers lock accounts for
less. Here a refusal ends it, unless the server says that it does not know this way.
"""

from __future__ import annotations

import smtplib
from typing import Any

WAYS = ("CRAM-MD5", "PLAIN", "LOGIN")
"""As they are named in errors."""

_UNKNOWN_WAY = (500, 501, 502, 504)


def by_password(smtp: smtplib.SMTP, username: str, password: str, *, readable: bool) -> None:
    """Log in; smtplib's errors where that fails. ``readable``: others may read along, so the password is not said.

    Otherwise it is said, because servers that keep passwords safely cannot take CRAM-MD5 though they may offer it.
    """
    if not smtp.has_extn("auth"):
        raise smtplib.SMTPNotSupportedError
    offered = smtp.esmtp_features["auth"].upper().split()
    ways = [way for way in (WAYS if readable else WAYS[1:] + WAYS[:1]) if way in offered]
    refusal: Exception = smtplib.SMTPException(f"none of {', '.join(WAYS)}")
    smtp.user, smtp.password = username, password
    for way in ways:
        try:
            _show(smtp, way)
            return
        except smtplib.SMTPAuthenticationError as error:
            refusal = error
            if error.smtp_code not in _UNKNOWN_WAY:
                break
    raise refusal


def by_access_token(smtp: smtplib.SMTP, username: str, token: str) -> None:
    """Log in by XOAUTH2; smtplib's errors where that fails."""
    shown = f"user={username}\x01auth=Bearer {token}\x01\x01"
    # asked a second time, the server wants to say why not: an empty line lets it
    smtp.auth("XOAUTH2", lambda challenge=None: shown if challenge is None else "")


def _show(smtp: smtplib.SMTP, way: str) -> None:
    shows: Any = {"CRAM-MD5": smtp.auth_cram_md5, "PLAIN": smtp.auth_plain, "LOGIN": smtp.auth_login}[way]
    # LOGIN was never given a standard: some servers ask for the name before they take it
    smtp.auth(way, shows, initial_response_ok=way != "LOGIN")
