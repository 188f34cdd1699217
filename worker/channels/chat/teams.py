"""Microsoft Teams: an Adaptive Card by a workflow's webhook ("When a Teams webhook request is received").

The workflow answers 202 when it has accepted the request. Only Power Automate shows whether its run then posts the
card. There is no better proof, so the record says "accepted".

Teams limits the size of the encoded body, in which JSON escapes turn a character beyond ASCII into six to twelve bytes.
All text is in text runs, which have no Markdown.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, ClassVar

from pydantic import SecretStr

from worker.channels import answers
from worker.channels.answers import Answer
from worker.channels.channel import OutgoingMessage, Proof, Protection
from worker.channels.chat import content as chat
from worker.channels.chat.content import ChatMessage, reading_lines
from worker.channels.web import Receiver, checked_url
from worker.domain.deliveries import WhenUnknown

MAX_BYTES = 24 * 1024
"""Teams accepts 28 KB, counted after the workflow has wrapped the card in a message of its own."""


def encoded(message: ChatMessage) -> bytes:
    """Return the request body: the whole card if it fits, otherwise without rows."""
    whole = _encode(message)
    return whole if len(whole) <= MAX_BYTES else small(message)


def small(message: ChatMessage) -> bytes:
    """Return the card without rows, with a note that says so."""
    return _encode(message.without_rows(), message.cut_short)


def _encode(message: ChatMessage, note: str = "") -> bytes:
    return json.dumps(_payload(message, note)).encode()


def _payload(message: ChatMessage, note: str) -> dict[str, Any]:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": _body(message, note),
        "actions": [{"type": "Action.OpenUrl", "title": label, "url": url} for label, url in message.links],
        "msteams": {"width": "Full"},
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _body(message: ChatMessage, note: str) -> list[dict[str, Any]]:
    verdict = message.verdict
    lines = [
        _line(message.heading, weight="Bolder", size="Large"),
        _line(message.where_and_when, isSubtle=True),
        _line(f"{verdict.sign} {verdict.head}".strip(), weight="Bolder", size="Medium"),
        _line(verdict.detail),
        *(_line(f"! {warning}", weight="Bolder") for warning in message.warnings),
    ]
    for head, change in map(reading_lines, message.readings):
        lines += [_line(head, weight="Bolder"), _line(change, isSubtle=True)]
    for point in message.points:
        lines += [_line(f"{point.sign} {point.head}".strip(), weight="Bolder"), _line(point.detail)]
    return [line for line in (*lines, _line(note, isSubtle=True)) if line]


def _line(text: str, **looks: str | bool) -> dict[str, Any]:
    """Return a separate line, or nothing without text."""
    if not text:
        return {}
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **looks}]}


_JSON = {"Content-Type": "application/json"}
_TOO_LARGE = 413


class TeamsChannel:
    """Posts to the Teams channel or chat of one workflow. The webhook address is used exactly as given."""

    kind = "teams"
    protection = Protection(encrypted=True)
    when_unknown: ClassVar[WhenUnknown] = "ask"

    def __init__(self, name: str, setting: str, webhook_url: SecretStr, timeout_seconds: float = 20) -> None:
        self._url = checked_url(webhook_url, f"{setting}__WEBHOOK_URL")
        self._receiver = Receiver(f"Teams {name}", f"Check {setting}__WEBHOOK_URL.", timeout_seconds)

    def deliver(self, outgoing: OutgoingMessage, recipient: str, before_acceptance: Callable[[], None]) -> Proof:
        """Post the card. If Teams refuses it as too large, post it without its rows."""
        message = chat.message_of(outgoing)
        answer = self._post(encoded(message), before_acceptance)
        if answer.status == _TOO_LARGE:
            answer = self._post(small(message), lambda: None)
        self._receiver.require(answers.teams(answer), answer)
        return Proof(_words(answer), answer.headers.get("x-ms-workflow-run-id", ""))

    def _post(self, body: bytes, before_acceptance: Callable[[], None]) -> Answer:
        return answers.of_connector(self._receiver.post(self._url, body, _JSON, before_acceptance))


def _words(answer: Answer) -> str:
    return "202 accepted" if answer.status == 202 else str(answer)
