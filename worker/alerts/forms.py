"""An alert, and its JSON for Slack, for Teams and for all other receivers.

The sentence may quote queue names, reply lines and file contents, so nothing in it may act as markup. Slack's three
control characters are escaped. Teams gets text runs, which have no Markdown.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from worker.alerts import headings

Kind = Literal["slack", "teams", "json"]

MAX_SENTENCE = 2000
"""Teams accepts 28 KB per card, and a character may need twelve bytes."""

MAX_SECTION = 2900
"""Slack accepts 3,000 characters per section, counted after escaping."""

MAX_TITLE = 140
"""Slack accepts 150 characters in a header."""


_SLACK_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True, slots=True)
class Alert:
    """What operations are told. ``code`` is the stable word of `worker.errors`, ``at`` is aware.

    ``heading`` is one of `worker.alerts.headings`. Without a ``rerun_command`` there is nothing to do.
    """

    run_id: str
    group_title: str
    step: str
    code: str
    sentence: str
    rerun_command: str
    at: datetime
    heading: str = ""

    @property
    def title(self) -> str:
        """The line for a phone's lock screen."""
        return _cut(self.heading or headings.failed(self.group_title), MAX_TITLE)

    @property
    def facts(self) -> Mapping[str, str]:
        """Labels and values, in reading order."""
        return {"Run": self.run_id, "Step": self.step, "Cause": self.code, "At": self.at.isoformat(timespec="seconds")}


def slack(alert: Alert) -> dict[str, Any]:
    """Return the JSON for an incoming webhook: ``text`` for notifications, ``blocks`` for the channel."""
    sentence = _escaped(alert.sentence)
    facts = [_mrkdwn(f"*{label}*\n{_escaped(value)}") for label, value in alert.facts.items()]
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": alert.title, "emoji": False}},
        {"type": "section", "text": _mrkdwn(sentence)},
        {"type": "section", "fields": facts},
    ]
    if alert.rerun_command:
        command = f"When it is fixed:\n```{_escaped(alert.rerun_command)}```"
        blocks.append({"type": "section", "text": _mrkdwn(command)})
    return {"text": f"{_escaped(alert.title)}: {sentence}", "blocks": blocks}


def teams(alert: Alert) -> dict[str, Any]:
    """Return a message with one Adaptive Card, for a workflow ("When a Teams webhook request is received")."""
    facts = "\n".join(f"{label}: {value}" for label, value in alert.facts.items())
    todo = [_text_run("When it is fixed:"), _text_run(alert.rerun_command, fontType="Monospace")]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            _text_run(alert.title, weight="Bolder", size="Large"),
            _text_run(_cut(alert.sentence, MAX_SENTENCE)),
            _text_run(facts, isSubtle=True),
            *(todo if alert.rerun_command else []),
        ],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def plain(alert: Alert) -> dict[str, Any]:
    """Return the alert's own fields. ``at`` is ISO 8601 with its offset, and ``heading`` is never empty."""
    return asdict(alert) | {"at": alert.at.isoformat(), "heading": alert.title}


FORMS: Mapping[Kind, Callable[[Alert], dict[str, Any]]] = {"slack": slack, "teams": teams, "json": plain}


def _mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def _text_run(text: str, **looks: str | bool) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **looks}]}


def _escaped(text: str) -> str:
    pieces = [_SLACK_ESCAPES.get(character, character) for character in text]
    ends = itertools.accumulate(map(len, pieces))
    return "".join(piece for piece, end in zip(pieces, ends, strict=True) if end <= MAX_SECTION)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
