"""A chat message as Slack's Block Kit.

Names may hold any markup, so all text stands in ``rich_text`` and ``plain_text``, which know none; only the fallback
``text`` is read as mrkdwn and has Slack's three control characters escaped.
"""

from __future__ import annotations

from typing import Any

from worker.channels.chat import ChatMessage, cut, reading_lines

MAX_BLOCKS = 50
MAX_FALLBACK = 3000

Block = dict[str, Any]


def payload(message: ChatMessage) -> dict[str, Any]:
    """For an incoming webhook: ``text`` for notifications, ``blocks`` for the channel."""
    return {"text": fallback(message), "blocks": blocks(message), "unfurl_links": False, "unfurl_media": False}


def blocks(message: ChatMessage) -> list[Block]:
    """At most `MAX_BLOCKS` blocks, from the heading to the links."""
    said = [
        {"type": "header", "text": {"type": "plain_text", "text": message.heading, "emoji": False}},
        _rich(_text(message.where_and_when)),
        _rich(_bold(f"{message.verdict.sign} {message.verdict.head}".strip()), _below(message.verdict.detail)),
        *(_rich(_text(f"! {warning}")) for warning in message.warnings),
        *(_rich(_bold(head), _below(below)) for head, below in map(reading_lines, message.readings)),
        *(_rich(_bold(f"{point.sign} {point.head}"), _below(point.detail)) for point in message.points),
        *(_rich({"type": "link", "url": url, "text": label}) for label, url in message.links),
    ]
    return [block for block in said if block][:MAX_BLOCKS]


def fallback(message: ChatMessage) -> str:
    """The lock screen's line."""
    verdict = f"{message.verdict.head}. {message.verdict.detail}".strip(" .")
    said = ": ".join(part for part in (message.heading, message.where_and_when, verdict) if part)
    return cut(said, MAX_FALLBACK // 5).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _rich(*elements: Block) -> Block:
    """A line of text runs; nothing at all where all of them are empty, which Slack would refuse."""
    filled = [element for element in elements if element.get("text")]
    if not filled:
        return {}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": filled}]}


def _text(text: str) -> Block:
    return {"type": "text", "text": text}


def _bold(text: str) -> Block:
    return {"type": "text", "text": text, "style": {"bold": True}}


def _below(text: str) -> Block:
    return _text(f"\n{text}" if text else "")
