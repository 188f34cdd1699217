"""Sign messages by HMAC-SHA256, so that someone who can write to the broker cannot start a task.

The signature covers the body, its type and the headers, which name the task. It does not cover what kombu changes when
it puts a message back into its queue. A message that is sent again as it is has a right signature: the ledger decides
what a repeated step does.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from kombu.utils.json import dumps

_FIELD = "standup-signature"


def signed(message: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """Return the message with its signature."""
    return {**message, _FIELD: _signature(message, key)}


def is_signed(message: Mapping[str, Any], key: bytes) -> bool:
    """Return whether the message has a signature by this key."""
    signature = message.get(_FIELD)
    return isinstance(signature, str) and hmac.compare_digest(signature.encode(), _signature(message, key).encode())


def _signature(message: Mapping[str, Any], key: bytes) -> str:
    headers = {name: value for name, value in message["headers"].items() if name != "redelivered"}
    content = [message["body"], message.get("content-type"), message.get("content-encoding"), headers]
    return hmac.new(key, dumps(content, sort_keys=True).encode(), hashlib.sha256).hexdigest()
