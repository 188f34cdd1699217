"""A chat message as an Adaptive Card for a Teams workflow webhook, within Teams' 28 KB.

The size is that of the encoded body: JSON escapes count, which make six to twelve bytes of a character beyond ASCII.
All text stands in text runs, which know no Markdown.
"""

from __future__ import annotations

import json
from typing import Any

from worker.channels.chat import ChatMessage, reading_lines

MAX_BYTES = 24 * 1024
"""Teams takes 28 KB, counted after the workflow has put the card into an envelope of its own."""


def encoded(message: ChatMessage) -> bytes:
    """The request's body: the whole card if it fits, else without rows."""
    whole = _encode(message)
    return whole if len(whole) <= MAX_BYTES else small(message)


def small(message: ChatMessage) -> bytes:
    """The card without rows, which says so: verdict and links."""
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
    for head, below in map(reading_lines, message.readings):
        lines += [_line(head, weight="Bolder"), _line(below, isSubtle=True)]
    for point in message.points:
        lines += [_line(f"{point.sign} {point.head}", weight="Bolder"), _line(point.detail)]
    return [line for line in (*lines, _line(note, isSubtle=True)) if line]


def _line(text: str, **looks: str | bool) -> dict[str, Any]:
    """A line of its own; nothing where there is no text."""
    if not text:
        return {}
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **looks}]}
