"""Slack: a message by incoming webhook, or with a bot token message and documents as one post.

With a bot token the documents are uploaded first and stay invisible. The request that completes the uploads posts them
together with the message, so the delivery happens at one instant and never in part.

Names may contain any markup. All text is in ``rich_text`` and ``plain_text`` elements, which have no markup. Only the
fallback ``text`` is read as mrkdwn, so Slack's three control characters are escaped in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlencode

from pydantic import SecretStr

from worker.channels import answers
from worker.channels.channel import OutgoingMessage, Proof, Protection
from worker.channels.chat import content as chat
from worker.channels.chat.content import ChatMessage, cut, reading_lines
from worker.channels.web import Receiver, checked_url
from worker.deadline import Deadline, allowance_seconds
from worker.domain.deliveries import WhenUnknown
from worker.domain.documents import Document
from worker.errors import SettingsError

MAX_BLOCKS = 50
MAX_FALLBACK = 3000

Block = dict[str, Any]


def payload(message: ChatMessage) -> dict[str, Any]:
    """For an incoming webhook: ``text`` for notifications, ``blocks`` for the channel."""
    return {"text": fallback(message), "blocks": blocks(message), "unfurl_links": False, "unfurl_media": False}


def blocks(message: ChatMessage) -> list[Block]:
    """At most `MAX_BLOCKS` blocks, from the heading to the links."""
    candidates = [
        {"type": "header", "text": {"type": "plain_text", "text": message.heading, "emoji": False}},
        _rich(_text(message.where_and_when)),
        _rich(_bold(f"{message.verdict.sign} {message.verdict.head}".strip()), _next_line(message.verdict.detail)),
        *(_rich(_text(f"! {warning}")) for warning in message.warnings),
        *(_rich(_bold(head), _next_line(change)) for head, change in map(reading_lines, message.readings)),
        *(_rich(_bold(f"{point.sign} {point.head}".strip()), _next_line(point.detail)) for point in message.points),
        *(_rich({"type": "link", "url": url, "text": label}) for label, url in message.links),
    ]
    return [block for block in candidates if block][:MAX_BLOCKS]


def fallback(message: ChatMessage) -> str:
    """Return the line that a notification shows."""
    verdict = f"{message.verdict.head}. {message.verdict.detail}".strip(" .")
    line = ": ".join(part for part in (message.heading, message.where_and_when, verdict) if part)
    return cut(line, MAX_FALLBACK // 5).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _rich(*elements: Block) -> Block:
    """Return a line of text runs, or nothing if all are empty, because Slack refuses an empty section."""
    filled = [element for element in elements if element.get("text")]
    if not filled:
        return {}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": filled}]}


def _text(text: str) -> Block:
    return {"type": "text", "text": text}


def _bold(text: str) -> Block:
    return {"type": "text", "text": text, "style": {"bold": True}}


def _next_line(text: str) -> Block:
    return _text(f"\n{text}" if text else "")


API_URL = "https://slack.com/api"

_JSON = {"Content-Type": "application/json; charset=utf-8"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_LATER = (
    "ratelimited",
    "rate_limited",
    "internal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
)
_UNCLEAR = ("fatal_error", "internal_error")
"""Slack documents that with these errors some part of the operation may have succeeded."""


@dataclass(frozen=True)
class SlackRoom:
    """A Slack channel as groups name it. ``setting`` is the prefix of its settings.

    ``bot_token`` (scope ``files:write``) and ``channel`` (an id such as ``C024BE91L``) must be set together.
    """

    name: str
    setting: str
    webhook_url: SecretStr
    bot_token: SecretStr | None = None
    channel: str | None = None
    api_url: str = API_URL
    timeout_seconds: float = field(default=20)

    def __post_init__(self) -> None:
        checked_url(self.webhook_url, f"{self.setting}__WEBHOOK_URL")
        checked_url(SecretStr(self.api_url), f"{self.setting}__API_URL")
        if bool(self.bot_token) != bool(self.channel):
            raise SettingsError(
                f"Only one of {self.setting}__BOT_TOKEN and __CHANNEL is set.",
                way_out="Set both to post documents, or neither.",
            )


class SlackChannel:
    """Posts to one room."""

    kind = "slack"
    protection = Protection(encrypted=True)
    when_unknown: ClassVar[WhenUnknown] = "ask"

    def __init__(self, room: SlackRoom) -> None:
        self._room = room
        name, prefix = f"Slack {room.name}", room.setting
        self._receiver = Receiver(name, f"Check {prefix}__WEBHOOK_URL.", room.timeout_seconds)
        self._api = Receiver(name, f"Check {prefix}__BOT_TOKEN and __CHANNEL.", room.timeout_seconds)

    def deliver(self, outgoing: OutgoingMessage, recipient: str, before_acceptance: Callable[[], None]) -> Proof:
        """Post the message, with documents if a bot token is set. The proof is Slack's ``ok`` or the files' ids.

        After `ChannelBusy` (429 with its Retry-After, 500, no connection) and `DeliveryRefused` nothing was posted.
        """
        message = chat.message_of(outgoing)
        if self._room.bot_token and outgoing.documents:
            return self._post_with_files(message, outgoing.documents, before_acceptance)
        body = json.dumps(payload(message)).encode()
        answer = self._receiver.post(self._room.webhook_url, body, _JSON, before_acceptance)
        self._receiver.require(answers.slack_webhook(answer), answer)
        return Proof(str(answer), answer.headers.get("x-slack-req-id", ""))

    def _post_with_files(
        self, message: chat.ChatMessage, documents: tuple[Document, ...], before_acceptance: Callable[[], None]
    ) -> Proof:
        with Deadline() as deadline:  # for all of them together
            size = sum(len(document.content) for document in documents)
            deadline.begin(allowance_seconds(self._room.timeout_seconds, size))
            files = [{"id": self._upload(document, deadline), "title": document.name} for document in documents]
        form = {
            "files": json.dumps(files),
            "channel_id": self._room.channel,
            "blocks": json.dumps(blocks(message)),
        }
        result = self._call("files.completeUploadExternal", form, before_acceptance)
        ids = ", ".join(str(file.get("id", "")) for file in result.get("files", []) if isinstance(file, dict))
        return Proof(f"ok, files {ids}", ids)

    def _upload(self, document: Document, deadline: Deadline) -> str:
        """Upload the bytes to Slack without sharing them, and return the file's id."""
        length = len(document.content)
        target = self._call(
            "files.getUploadURLExternal", {"filename": document.name, "length": length}, deadline=deadline
        )
        url, file_id = target.get("upload_url"), target.get("file_id")
        if not (isinstance(url, str) and isinstance(file_id, str)):
            raise self._api.refused("returned no upload address")
        try:
            address = checked_url(SecretStr(url), "the upload's address")
        except SettingsError:
            raise self._api.refused("returned an upload address that is not encrypted") from None
        headers = {"Content-Type": "application/octet-stream"}
        answer = self._api.post(address, document.content, headers, deadline=deadline)
        self._api.require(answers.slack_upload(answer), answer, may_be_accepted=False)
        return file_id

    def _call(
        self,
        method: str,
        form: dict[str, Any],
        before_acceptance: Callable[[], None] | None = None,
        deadline: Deadline | None = None,
    ) -> dict[str, Any]:
        """Call the Web API. An answer of ``ok: false`` is an error like any other."""
        assert self._room.bot_token is not None, "only called with a bot token"  # noqa: S101 - deliver checks it
        headers = _FORM | {"Authorization": f"Bearer {self._room.bot_token.get_secret_value()}"}
        url = SecretStr(f"{self._room.api_url.rstrip('/')}/{method}")
        answer = self._api.post(url, urlencode(form).encode(), headers, before_acceptance, deadline)
        result = answer.json_object() if answer.is_yes else {}
        if result.get("ok") is True:
            return result
        if "ok" not in result:
            self._api.require(answers.without_success(answer), answer, may_be_accepted=before_acceptance is not None)
        error = str(result.get("error", answer))
        if before_acceptance and error in _UNCLEAR:
            raise self._api.unknown(f"{method} answered {error}")
        if error in _LATER:
            raise self._api.busy(f"answered {method} with {error}", answer.retry_after_seconds)
        raise self._api.refused(f"refuses {method}: {error}")
