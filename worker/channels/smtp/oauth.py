"""The access token for a mail server that takes no password: client credentials, shown by XOAUTH2.

Microsoft 365 asks for this since it has no password login for SMTP any more: the app registration needs the
application permission ``SMTP.SendAsApp``, and the mailbox has to be registered with Exchange Online as one it may send
as (docs/delivery.md).
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from pydantic import SecretStr

from worker.channels.web import Answer, Receiver, checked_url
from worker.errors import ChannelBusy

_EARLY_SECONDS = 120.0
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class OAuthClient:
    """Where a token is asked for, and who asks: e.g. ``https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token``
    and scope ``https://outlook.office365.com/.default``.
    """

    token_url: str
    client_id: str
    client_secret: SecretStr
    scope: str
    timeout_seconds: float = field(default=20)

    def __post_init__(self) -> None:
        checked_url(SecretStr(self.token_url), "STANDUP_SMTP__OAUTH__TOKEN_URL")


class MailAccess:
    """Asks for access tokens and keeps each until shortly before it ends; one per process, for all its threads."""

    def __init__(self, client: OAuthClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._token = ""
        self._ends_at = 0.0

    def token(self) -> str:
        """A token that still works for a while; `ChannelBusy` or `DeliveryRefused` where none is given out."""
        if not self._lock.acquire(timeout=self._client.timeout_seconds):
            raise ChannelBusy("The login for mail is being asked for a token, and does not answer.")
        try:
            if time.monotonic() >= self._ends_at - _EARLY_SECONDS:
                self._token, lifetime = self._ask()
                self._ends_at = time.monotonic() + lifetime
            return self._token
        finally:
            self._lock.release()

    def forget(self, token: str) -> None:
        """Ask for another one next time: the mail server refuses this one, which may be older than its rights."""
        if token == self._token:
            self._ends_at = 0.0

    def _ask(self) -> tuple[str, float]:
        client = self._client
        receiver = Receiver("The login for mail", "Check STANDUP_SMTP__OAUTH__… (all four).", client.timeout_seconds)
        form = {
            "grant_type": "client_credentials",
            "client_id": client.client_id,
            "client_secret": client.client_secret.get_secret_value(),
            "scope": client.scope,
        }
        answer = receiver.post(SecretStr(client.token_url), urlencode(form).encode(), _FORM)
        if not answer.whole:
            raise receiver.busy("broke off its answer")
        said = _object(answer)
        if not answer.is_yes:
            # the text may repeat what was sent; only the short code is shown
            code = str(said.get("error", ""))[:60]
            receiver.refuse_unless_yes(Answer(answer.status, answer.headers, code), handed_over=False)
        token = said.get("access_token")
        if not isinstance(token, str) or not token.isascii():
            raise receiver.refused("gave no access token")
        lifetime = said.get("expires_in", 0)
        return token, float(lifetime) if isinstance(lifetime, int | float) else 0.0


def _object(answer: Answer) -> dict[str, object]:
    try:
        said = json.loads(answer.text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
