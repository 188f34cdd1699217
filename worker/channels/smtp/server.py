"""The mail server that messages are handed to: where it is, how the way to it is protected, who we are there."""

from __future__ import annotations

import ipaddress
import smtplib
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr

from worker.channels.mail import addresses
from worker.channels.smtp.oauth import MailAccess
from worker.errors import SettingsError

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


Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True)
class SmtpServer:
    """A submission server; an impossible combination raises `SettingsError` naming the setting.

    ``security``: ``starttls`` (usual port 587), ``tls`` (465), or ``none``, which is taken only on loopback unless
    ``allow_plaintext`` says that the network itself is trusted. The server's certificate is always verified, against
    ``ca_file`` (PEM) or else the system's authorities. ``sender``: ``name@host`` or ``Name <name@host>``.
    ``timeout_seconds`` bounds each wait for the server, and a multiple of it the whole conversation; ``hello`` is how
    we name ourselves, by default this host.
    ``access`` gives the token that is shown instead of a password (XOAUTH2); ``username`` is the mailbox then.
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
                f"STANDUP_SMTP__SECURITY is none, but {self.host} is not this machine: briefings and the password "
                "would travel readable.",
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
                    "STANDUP_SMTP__OAUTH needs STANDUP_SMTP__USERNAME, the mailbox, and no STANDUP_SMTP__PASSWORD."
                )
            return
        if bool(self.username) != bool(self.password and self.password.get_secret_value()):
            raise SettingsError(
                "Of STANDUP_SMTP__USERNAME and STANDUP_SMTP__PASSWORD only one is set.",
                way_out="Set both, or neither if the server asks for no login.",
            )
        username, password = self.login or ("", "")
        if not (username + password).isascii():
            raise SettingsError("STANDUP_SMTP__USERNAME or STANDUP_SMTP__PASSWORD holds characters beyond ASCII.")

    @property
    def name(self) -> str:
        """``host:port``, for the operator."""
        return f"{self.host}:{self.port}"

    @property
    def is_on_this_machine(self) -> bool:
        """Whether nothing leaves this machine on the way to it."""
        return _is_loopback(self.host)

    @property
    def keeps_secrets(self) -> bool:
        """Whether nobody can read along on the way to it."""
        return self.security != "none" or self.is_on_this_machine

    @property
    def login(self) -> tuple[str, str] | None:
        """User name and password in clear, if there is a login."""
        if self.username and self.password:
            return self.username, self.password.get_secret_value()
        return None

    def tls_context(self) -> ssl.SSLContext:
        """Verifies the certificate and the host's name; `SettingsError` if the file of authorities cannot be read."""
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:
            raise SettingsError(
                f"STANDUP_SMTP__CA_FILE: {self.ca_file} cannot be read as certificates ({error}).",
                way_out="Expected a PEM file of certificate authorities.",
            ) from None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
