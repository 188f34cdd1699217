"""Microsoft Teams: an Adaptive Card by a workflow's webhook ("When a Teams webhook request is received").

The workflow answers 202 when it has accepted the request; whether its run then posts the card shows in Power Automate
only. That is all the proof there is, and the record says "accepted".
"""

from __future__ import annotations

from collections.abc import Callable

from pydantic import SecretStr

from worker.channels import chat, teams_form
from worker.channels.parcel import Parcel, Proof, Protection
from worker.channels.web import Answer, Receiver, checked_url

_JSON = {"Content-Type": "application/json"}
_TOO_LARGE = 413


class TeamsChannel:
    """Posts to the Teams channel or chat that one workflow leads to; its address is used letter by letter."""

    protection = Protection(encrypted=True)

    def __init__(self, name: str, setting: str, webhook_url: SecretStr, timeout_seconds: float = 20) -> None:
        self._url = checked_url(webhook_url, f"{setting}__WEBHOOK_URL")
        self._receiver = Receiver(f"Teams {name}", f"Check {setting}__WEBHOOK_URL.", timeout_seconds)

    def deliver(self, parcel: Parcel, recipient: str, before_handover: Callable[[], None]) -> Proof:
        """Post the card; one that Teams finds too large is posted without its rows instead."""
        message = chat.message_of(parcel)
        answer = self._receiver.post(self._url, teams_form.encoded(message), _JSON, before_handover)
        if answer.status == _TOO_LARGE:
            answer = self._receiver.post(self._url, teams_form.small(message), _JSON, lambda: None)
        self._receiver.refuse_unless_yes(answer)
        return Proof(_words(answer), answer.headers.get("x-ms-workflow-run-id", ""))


def _words(answer: Answer) -> str:
    return "202 accepted" if answer.status == 202 else str(answer)
