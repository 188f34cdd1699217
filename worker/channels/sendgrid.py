"""E-mail by SendGrid's v3 API: one request for each recipient, with that address alone.

The headers are the same as by SMTP. Click and open tracking are off, because they would rewrite the briefing's links
and report who reads it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from typing import Any, ClassVar

from pydantic import SecretStr

from worker.channels import answers
from worker.channels.channel import OutgoingMessage, Proof, Protection
from worker.channels.mail import mime
from worker.channels.web import Receiver, checked_url
from worker.domain import addresses
from worker.domain.deliveries import WhenUnknown
from worker.errors import DeliveryRefused, SettingsError

API_URL = "https://api.sendgrid.com"


@dataclass(frozen=True)
class SendgridAccount:
    """``sender`` is a verified sender: ``name@host`` or ``Name <name@host>``. The EU region has another ``api_url``."""

    api_key: SecretStr
    sender: str
    api_url: str = API_URL
    timeout_seconds: float = 20

    def __post_init__(self) -> None:
        checked_url(SecretStr(self.api_url), "STANDUP_SENDGRID__API_URL")
        try:
            addresses.parse(self.sender)
        except ValueError as error:
            raise SettingsError(f"STANDUP_SENDGRID__SENDER: {error}.") from None


class SendgridChannel:
    """Sends messages by one SendGrid account."""

    kind = "sendgrid"
    protection = Protection(encrypted=True)
    when_unknown: ClassVar[WhenUnknown] = "ask"

    def __init__(self, account: SendgridAccount) -> None:
        self._account = account
        self._url = SecretStr(f"{account.api_url.rstrip('/')}/v3/mail/send")

    def deliver(self, outgoing: OutgoingMessage, recipient: str, before_acceptance: Callable[[], None]) -> Proof:
        """Send one message. The proof is ``202`` and SendGrid's message id.

        `ChannelBusy`: 429, 500, 503, no connection. `DeliveryRefused`: other 4xx, with SendGrid's own sentences.
        """
        try:
            addressee, origin = addresses.parse(recipient), addresses.parse(self._account.sender)
        except ValueError as error:
            raise DeliveryRefused(f"{error}.", way_out="Correct or remove the address in the group's file.") from None
        receiver = Receiver(
            f"SendGrid (for {recipient})",
            "Check STANDUP_SENDGRID__API_KEY, the sender's verification, and the address.",
            self._account.timeout_seconds,
        )
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self._account.api_key.get_secret_value()}",
        }
        answer = receiver.post(
            self._url, json.dumps(_mail(outgoing, addressee, origin)).encode(), headers, before_acceptance
        )
        receiver.require(answers.sendgrid(answer), answer)
        return Proof(f"{answer.status} accepted", answer.headers.get("X-Message-Id", ""))


def _mail(outgoing: OutgoingMessage, addressee: Address, origin: Address) -> dict[str, Any]:
    mail: dict[str, Any] = {
        "personalizations": [{"to": [_person(addressee)]}],
        "from": _person(origin),
        "subject": mime.one_line(outgoing.subject),
        "content": [
            {"type": "text/plain", "value": mime.encodable(outgoing.text)},
            {"type": "text/html", "value": mime.encodable(outgoing.html)},
        ],
        "headers": mime.common_headers(outgoing, addressee, origin),
        "custom_args": {"run": outgoing.run_id},
        "tracking_settings": {"click_tracking": {"enable": False}, "open_tracking": {"enable": False}},
    }
    if outgoing.documents:
        mail["attachments"] = [
            {
                "filename": mime.one_line(document.name),
                "type": document.media_type,
                "disposition": "attachment",
                "content": base64.b64encode(document.content).decode("ascii"),
            }
            for document in outgoing.documents
        ]
    return mail


def _person(address: Address) -> dict[str, str]:
    person = {"email": address.addr_spec}
    return person | {"name": address.display_name} if address.display_name else person
