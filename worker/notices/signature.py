"""Whether a notice is signed and fresh. Pure.

The sender signs ``<timestamp>.<body>`` by HMAC-SHA256 with the shared secret and sends the hexadecimal digest, with
``sha256=`` before it, as ``X-Standup-Signature``, and the timestamp (seconds since 1970) as ``X-Standup-Timestamp``.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime

SIGNATURE = "X-Standup-Signature"
TIMESTAMP = "X-Standup-Timestamp"

TOLERANCE_SECONDS = 300
"""How far the sender's clock may be off, or a notice be under way."""

_SECONDS = re.compile(r"[0-9]{1,12}")


class NoticeRefused(Exception):
    """The notice is not taken; the text tells its sender why, and tells a stranger nothing."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


def digest(secret: bytes, timestamp: str, body: bytes) -> bytes:
    """The signature of a body at a timestamp."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest().encode()


def check(secret: bytes, timestamp: str, signature: str, body: bytes, now: datetime) -> bytes:
    """The signature, once it is found to be right and fresh; `NoticeRefused` otherwise. Compares in constant time."""
    given = signature.removeprefix("sha256=").lower().encode("utf-8", "replace")
    if not _SECONDS.fullmatch(timestamp) or not hmac.compare_digest(digest(secret, timestamp, body), given):
        raise NoticeRefused(401, f"expected {TIMESTAMP} and {SIGNATURE}: sha256=HMAC(secret, timestamp.body)")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        raise NoticeRefused(401, f"the timestamp is more than {TOLERANCE_SECONDS} s away from this machine's clock")
    return given
