"""The access token for a mail server that takes no password: client credentials, presented by XOAUTH2.

Microsoft 365 needs this, because it has no password login for SMTP any more. The app registration needs the application
permission ``SMTP.SendAsApp``, and Exchange Online must know the mailbox as one that the app may send as
(docs/delivery.md).
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from pydantic import SecretStr

from worker.channels.answers import without_success
from worker.channels.web import Receiver, checked_url
from worker.errors import ChannelBusy

_EARLY_SECONDS = 120.0
_WAY_OUT = "Check STANDUP_SMTP__OAUTH__TOKEN_URL, __CLIENT_ID, __CLIENT_SECRET and __SCOPE."
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class OAuthClient:
    """The token endpoint and the client that asks it, e.g. ``https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token``
    and scope ``https://outlook.office365.com/.default``.
    """

    token_url: str
    client_id: str
    client_secret: SecretStr
    scope: str
    timeout_seconds: float = field(default=20)

    def __post_init__(self) -> None:
        checked_url(SecretStr(self.token_url), "STANDUP_SMTP__OAUTH__TOKEN_URL")


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An access token. ``is_kept``: it was requested for an earlier login, and may have been revoked since."""

    text: str = field(repr=False)
    is_kept: bool


class MailAccess:
    """Requests access tokens and keeps each until shortly before it expires. One per process, for all its threads."""

    def __init__(self, client: OAuthClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._token = ""
        self._ends_at = 0.0

    def token(self) -> AccessToken:
        """Return a token that stays valid for a while. Raises `ChannelBusy` or `DeliveryRefused` if none is issued."""
        if not self._lock.acquire(timeout=self._client.timeout_seconds):
            raise ChannelBusy("Another thread is asking the mail login for a token, and the login does not answer.")
        try:
            if time.monotonic() < self._ends_at - _EARLY_SECONDS:
                return AccessToken(self._token, is_kept=True)
            self._token, lifetime = self._ask()
            self._ends_at = time.monotonic() + lifetime
            return AccessToken(self._token, is_kept=False)
        finally:
            self._lock.release()

    def forget(self, token: AccessToken) -> None:
        """Request another token next time. The mail server refuses this one, which may predate its permissions."""
        if token.text == self._token:
            self._ends_at = 0.0

    def _ask(self) -> tuple[str, float]:
        client = self._client
        receiver = Receiver(
            "The mail login",
            "Check the four settings STANDUP_SMTP__OAUTH__TOKEN_URL, __CLIENT_ID, __CLIENT_SECRET and __SCOPE.",
            client.timeout_seconds,
        )
        form = {
            "grant_type": "client_credentials",
            "client_id": client.client_id,
            "client_secret": client.client_secret.get_secret_value(),
            "scope": client.scope,
        }
        answer = receiver.post(SecretStr(client.token_url), urlencode(form).encode(), _FORM)
        if not answer.whole:
            raise receiver.busy("broke off its answer")
        document = answer.json_object()
        if not answer.is_yes:
            # the text may repeat the secret that was sent, so only the short error code is shown
            code = str(document.get("error", ""))[:60]
            receiver.require(without_success(answer), replace(answer, text=code), may_be_accepted=False)
        token = document.get("access_token")
        if not isinstance(token, str) or not token.isascii():
            raise receiver.refused("gave no access token")
        lifetime = document.get("expires_in", 0)
        return token, float(lifetime) if isinstance(lifetime, int | float) else 0.0
