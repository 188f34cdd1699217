"""How a proxy recognises a moment in the bytes that a program sends to a server, and that the server has done it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.chaos.faults import (
    ALERT_MOMENTS,
    BROKER_MOMENTS,
    DOCUMENT_MOMENTS,
    INBOX_MOMENTS,
    LEDGER_MOMENTS,
    MAIL_MOMENTS,
    PLATFORM_MOMENTS,
    Side,
)
from worker.state import scripts

ServerName = Literal["redis", "platform", "mail", "inbox", "alerts"]
Matches = Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class Moment:
    """A request that marks the moment. ``is_done`` tells from the answer whether the request has had its effect."""

    server: ServerName
    is_request: Matches
    side: Side
    is_done: Matches


def moment(name: str, side: Side) -> Moment:
    """Return the moment of this name."""
    return Moment(_server_of(name), _REQUESTS[name], side, _holds(b"briefing.") if name == "take" else _is_no_error)


def _server_of(name: str) -> ServerName:
    places: dict[ServerName, tuple[str, ...]] = {
        "redis": (*LEDGER_MOMENTS, *BROKER_MOMENTS, *DOCUMENT_MOMENTS, "take"),
        "platform": PLATFORM_MOMENTS,
        "mail": MAIL_MOMENTS,
        "inbox": INBOX_MOMENTS,
        "alerts": ALERT_MOMENTS,
    }
    return next(server for server, moments in places.items() if name in moments)


def _holds(*words: bytes) -> Matches:
    return lambda content: all(word in content for word in words)


def _calls_script(name: str) -> Matches:
    """Match a request that has Redis run one of our scripts, which it knows by its hash."""
    return _holds(hashlib.sha1(scripts.source(name).encode(), usedforsecurity=False).hexdigest().encode())


def _records_delivery(state: str) -> Matches:
    """Match the record of a delivery in this state. The states that are expected have no quotation marks."""
    return lambda content: _calls_script("delivery")(content) and f'"{state}"'.encode() in content


def _is_no_error(answer: bytes) -> bool:
    """Tell whether Redis has done it. It answers NOSCRIPT to a script that it does not know yet."""
    return not answer.startswith(b"-")


def _is_final_dot(request: bytes) -> bool:
    return request.endswith((b"\r\n.\r\n",)) or request == b".\r\n"


_REQUESTS: dict[str, Matches] = {
    "claim": _calls_script("claim"),
    "enter": _calls_script("enter"),
    "renew": _calls_script("renew"),
    "settle": _calls_script("settle"),
    "plan": _calls_script("plan"),
    "sending": _records_delivery("sending"),
    "sent": _records_delivery("sent"),
    "permit": _calls_script("token_bucket"),
    "shared_request": _calls_script("single_flight"),
    "publish": _holds(b"LPUSH", b"briefing."),
    "acknowledge": _holds(b"ZREM", b"unacked_index"),
    "take": _holds(b"BRPOP"),
    "compose": _holds(b"HGETALL", b"standup:history:"),
    "remember": _calls_script("record_day"),
    "login": _holds(b"POST /oauth/token"),
    "lookup": _holds(b"GET /api/v2/routing/queues"),
    "query": _holds(b"POST /api/v2/analytics/", b"/aggregates/query"),
    "export": _holds(b"POST /api/v2/analytics/reporting/exports"),
    "job_status": _holds(b"GET /api/v2/analytics/reporting/exports"),
    "download": _holds(b"GET /", b"/api/v2/downloads/"),
    "sender": lambda request: request.lower().startswith(b"mail from:"),
    "final_dot": _is_final_dot,
    "chat": _holds(b"POST /"),
    "alert": _holds(b"POST /"),
}
