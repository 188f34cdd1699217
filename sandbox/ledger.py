"""What was asked of the API: the record that `GET /_sandbox/requests` shows."""

from __future__ import annotations

from collections import deque
from typing import Any

KEPT = 100_000
"""So many requests are remembered, the newest."""


class Ledger:
    """Every request with its outcome, in the order of the answers."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def note(self, at: str, client: str | None, method: str, path: str, status: int, groups: tuple[str, ...]) -> None:
        """Remember one; ``status`` is 0 where the connection was closed without an answer."""
        self._entries.append(
            {
                "at": at,
                "client": client,
                "method": method,
                "path": path,
                "status": status,
                "group": ",".join(groups) or None,
            }
        )

    def entries(self) -> list[dict[str, Any]]:
        """All that is remembered, oldest first."""
        return list(self._entries)
