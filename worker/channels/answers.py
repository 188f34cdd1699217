"""What each receiver on the web answers when it has taken a message, and what every other answer means.

One function for each receiver. It returns "sent" only for the answer that this receiver gives on success. A proxy, a
captive portal or a login page may answer 200 in the receiver's place, so a status alone proves nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from worker.http_dates import http_date

Outcome = Literal["sent", "busy", "refused", "unknown"]

MAX_ANSWER_CHARACTERS = 300
"""Characters of an answer that go into records and alerts."""

_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]+)?")
_LATER = (408, 425, 429, 500, 503)
_GATEWAY_FAILURES = (502, 504)
"""The gateway passed the request on and does not know the outcome (RFC 9110, 15.6.3 and 15.6.5)."""

_BEFORE_A_PAGE = r"(?:\s|\ufeff|<\?xml[^>]*>|<!--(?:(?!-->).)*-->)*"
_PAGE = re.compile(_BEFORE_A_PAGE + r"<(?:!doctype\s+html|html|head|body|script|meta)\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, case-insensitive headers and at most 64 KB of text. ``whole`` is false if the text broke off."""

    status: int
    headers: Mapping[str, str]
    text: str
    whole: bool = True

    def __str__(self) -> str:
        text = "with a web page" if self.is_page else " ".join(self.text.split())
        return f"{self.status} {text[:MAX_ANSWER_CHARACTERS]}".strip()

    @property
    def is_yes(self) -> bool:
        """2xx."""
        return 200 <= self.status < 300

    @property
    def is_page(self) -> bool:
        """Whether the text is an HTML page. Its type does not tell: Slack sends ``ok`` as text/html."""
        return _PAGE.match(self.text) is not None

    @property
    def retry_after_seconds(self) -> float | None:
        """The wait that ``Retry-After`` asks for, in seconds or as a date relative to the Date header, or None."""
        text = self.headers.get("Retry-After", "").strip()
        if _SECONDS.fullmatch(text):
            return float(text)
        resume_at, answered_at = http_date(text), http_date(self.headers.get("Date", ""))
        if resume_at is None or answered_at is None:
            return None
        return max(0.0, (resume_at - answered_at).total_seconds())

    def json_object(self) -> dict[str, Any]:
        """Return the text as a JSON object, or an empty one if it is something else."""
        try:
            document = json.loads(self.text)
        except (ValueError, RecursionError):
            return {}
        return document if isinstance(document, dict) else {}


def slack_webhook(answer: Answer) -> Outcome:
    """Slack answers 200 with the text ``ok``, and an error with another status.

    https://docs.slack.dev/tools/python-slack-sdk/webhook
    """
    return "sent" if answer.status == 200 and answer.text.strip() == "ok" else without_success(answer)


def slack_upload(answer: Answer) -> Outcome:
    """Slack answers 200 if it has received a file.

    https://docs.slack.dev/reference/methods/files.getUploadURLExternal/
    """
    return "sent" if answer.status == 200 and not answer.is_page else without_success(answer)


def teams(answer: Answer) -> Outcome:
    """A workflow answers 202. A connector, its predecessor, answers 200 with the text ``1``.

    A workflow with a response step of its own may answer anything (Skitionek/notify-microsoft-teams#98): unknown.
    For ``1`` see atc0005/go-teams-notify#59.
    """
    accepted = answer.status == 202 and not answer.is_page
    return "sent" if accepted or (answer.status, answer.text.strip()) == (200, "1") else without_success(answer)


_CONNECTOR_FAILURE = re.compile(
    r"\s*Webhook message delivery failed with error:(?:.*?\bHTTP error ([1-5]\d\d)\b)?", re.S
)


def of_connector(answer: Answer) -> Answer:
    """Return an answer of Teams with the status that it means.

    A connector answers 200 whatever Teams has answered to it, and writes Teams' status into the text
    (MicrosoftDocs/msteams-docs#400 and #1810). Without a status it did not reach Teams (#1736).
    """
    failure = _CONNECTOR_FAILURE.match(answer.text) if answer.is_yes else None
    return answer if failure is None else replace(answer, status=int(failure[1] or 503))


def sendgrid(answer: Answer) -> Outcome:
    """SendGrid answers 202 with the message's id. 200 means that the mail is valid and is not sent.

    https://www.twilio.com/docs/sendgrid/glossary/x-message-id
    https://www.twilio.com/docs/sendgrid/for-developers/sending-email/sandbox-mode
    """
    if answer.status == 202 and answer.headers.get("X-Message-Id") and not answer.is_page:
        return "sent"
    return "refused" if answer.status == 200 else without_success(answer)


def any_receiver(answer: Answer) -> Outcome:
    """A receiver of which nothing else is known answers 2xx, but not with a web page."""
    return "sent" if answer.is_yes and not answer.is_page else without_success(answer)


def without_success(answer: Answer) -> Outcome:
    """Return what an answer means that is not this receiver's success.

    A web page with 2xx does not come from the receiver, which has received nothing. Another 2xx may come from it.
    """
    if answer.status in _LATER:
        return "busy"
    unclear = answer.status in _GATEWAY_FAILURES or (answer.is_yes and not answer.is_page)
    return "unknown" if unclear else "refused"
