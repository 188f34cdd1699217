"""Every request that the sandbox got, as `GET /_sandbox/requests` shows it."""

from __future__ import annotations

from collections import deque
from typing import Any

MAX_ENTRIES = 100_000
"""Older requests are forgotten."""


class RequestLog:
    """Requests with their status, in the order of the answers."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=MAX_ENTRIES)

    def add(self, time: str, client: str | None, method: str, path: str, status: int, groups: tuple[str, ...]) -> None:
        """Add a request. ``status`` is 0 if the connection was closed without an answer."""
        self._entries.append(
            {
                "at": time,
                "client": client,
                "method": method,
                "path": path,
                "status": status,
                "group": ",".join(groups) or None,
            }
        )

    def entries(self) -> list[dict[str, Any]]:
        """Return all entries, oldest first."""
        return list(self._entries)
