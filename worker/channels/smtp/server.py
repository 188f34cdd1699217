"""The mail server: where it is, how the connection to it is protected, and how we log in."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr

from worker.channels.smtp.oauth import MailAccess
from worker.domain import addresses, hosts
from worker.errors import SettingsError

MECHANISMS = ("CRAM-MD5", "PLAIN", "LOGIN")
"""In the order in which error messages name them."""

_UNKNOWN_MECHANISM = (500, 501, 502, 504)
"""Replies of servers that do not implement the mechanism (RFC 4954, section 6, and RFC 5321, 4.2.2)."""


def log_in_by_password(smtp: smtplib.SMTP, username: str, password: str, *, readable: bool) -> None:
    """Log in with one attempt, by the first mechanism that both sides know. Raises smtplib's errors.

    smtplib tries every mechanism that the server offers, so one wrong password counts as three, and servers lock
    accounts for less. Here a refusal ends the login, unless the server says that it does not know the mechanism.
    ``readable``: others may read the connection, so CRAM-MD5, which keeps the password hidden, comes first. Otherwise
    it comes last, because a server that stores only password hashes cannot check it, though it may offer it.
    """
    if not smtp.has_extn("auth"):
        raise smtplib.SMTPNotSupportedError
    offered = smtp.esmtp_features["auth"].upper().split()
    preferred = MECHANISMS if readable else MECHANISMS[1:] + MECHANISMS[:1]
    mechanisms = [mechanism for mechanism in preferred if mechanism in offered]
    refusal: Exception = smtplib.SMTPException(f"none of {', '.join(MECHANISMS)}")
    smtp.user, smtp.password = username, password
    for mechanism in mechanisms:
        try:
            _authenticate(smtp, mechanism)
            return
        except smtplib.SMTPAuthenticationError as error:
            refusal = error
            if error.smtp_code not in _UNKNOWN_MECHANISM:
                break
    raise refusal


def log_in_by_access_token(smtp: smtplib.SMTP, username: str, token: str) -> None:
    """Log in by XOAUTH2. Raises smtplib's errors."""
    response = f"user={username}\x01auth=Bearer {token}\x01\x01"
    # a second challenge carries the reason for a refusal, and an empty response makes the server end the exchange
    smtp.auth("XOAUTH2", lambda challenge=None: response if challenge is None else "")


def _authenticate(smtp: smtplib.SMTP, mechanism: str) -> None:
    authobject: Any = {"CRAM-MD5": smtp.auth_cram_md5, "PLAIN": smtp.auth_plain, "LOGIN": smtp.auth_login}[mechanism]
    # LOGIN has no standard: some servers accept the user name only after they have asked for it
    smtp.auth(mechanism, authobject, initial_response_ok=mechanism != "LOGIN")


Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True)
class SmtpServer:
    """A submission server. An impossible combination of settings raises `SettingsError` that names the setting.

    ``security``: ``starttls`` (usual port 587), ``tls`` (465), or ``none``, which is accepted only on loopback unless
    ``allow_plaintext`` says that the network itself is trusted. The server's certificate is always verified, against
    ``ca_file`` (PEM) or the system's authorities. ``sender``: ``name@host`` or ``Name <name@host>``.
    ``timeout_seconds`` limits each wait for the server, and a multiple of it the whole conversation. ``hello`` is the
    name in EHLO, by default this host. With ``access``, an access token replaces the password (XOAUTH2), and
    ``username`` is the mailbox.
    """

    host: str
    port: int
    security: Security
    username: str | None
    password: SecretStr | None
    sender: str
    timeout_seconds: float = 20
    hello: str | None = None
    ca_file: Path | None = None
    allow_plaintext: bool = False
    access: MailAccess | None = None

    def __post_init__(self) -> None:
        if self.security == "none" and not (self.allow_plaintext or self.is_on_this_machine):
            raise SettingsError(
                f"STANDUP_SMTP__SECURITY is none, but {self.host} is another machine: briefings and the password "
                "would travel unencrypted.",
                way_out="Set it to starttls or tls, or STANDUP_SMTP__ALLOW_PLAINTEXT=true if the network is trusted.",
            )
        self._check_login()
        try:
            addresses.parse(self.sender)
        except ValueError as error:
            raise SettingsError(f"STANDUP_SMTP__SENDER: {error}.") from None

    def _check_login(self) -> None:
        if self.access:
            if self.password or not self.username:
                raise SettingsError(
                    "STANDUP_SMTP__OAUTH needs STANDUP_SMTP__USERNAME (the mailbox) and no STANDUP_SMTP__PASSWORD."
                )
            return
        if bool(self.username) != bool(self.password and self.password.get_secret_value()):
            raise SettingsError(
                "Only one of STANDUP_SMTP__USERNAME and STANDUP_SMTP__PASSWORD is set.",
                way_out="Set both, or neither if the server needs no login.",
            )
        username, password = self.login or ("", "")
        if not (username + password).isascii():
            raise SettingsError("STANDUP_SMTP__USERNAME or STANDUP_SMTP__PASSWORD contains characters beyond ASCII.")

    @property
    def name(self) -> str:
        """``host:port``, for the operator."""
        return f"{self.host}:{self.port}"

    @property
    def is_on_this_machine(self) -> bool:
        """Whether the connection stays on this machine."""
        return hosts.is_loopback(self.host)

    @property
    def keeps_secrets(self) -> bool:
        """Whether the connection is encrypted or stays on this machine."""
        return self.security != "none" or self.is_on_this_machine

    @property
    def login(self) -> tuple[str, str] | None:
        """User name and password in clear text, or None without a login."""
        if self.username and self.password:
            return self.username, self.password.get_secret_value()
        return None

    def tls_context(self) -> ssl.SSLContext:
        """Return a context that verifies certificate and host name. An unreadable ``ca_file`` is a `SettingsError`."""
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:
            raise SettingsError(
                f"STANDUP_SMTP__CA_FILE: {self.ca_file} cannot be read as a list of certificates ({error}).",
                way_out="Expected a PEM file of certificate authorities.",
            ) from None
