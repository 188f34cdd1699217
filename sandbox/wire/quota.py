"""How many requests an OAuth client may make: a fixed window per client."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.wire.errors import too_many


@dataclass(frozen=True, slots=True)
class QuotaState:
    """Requests made and allowed in the window, and whole seconds to its end."""

    count: int
    allowed: int
    reset: int

    def genesys_headers(self) -> dict[str, str]:
        """Return the headers that every answer of the Platform API carries."""
        return {
            "inin-ratelimit-count": str(self.count),
            "inin-ratelimit-allowed": str(self.allowed),
            "inin-ratelimit-reset": str(self.reset),
        }

    def gateway_headers(self) -> dict[str, str]:
        """Return the headers of the guide's API. ``Reset`` counts seconds from now."""
        return {
            "X-RateLimit-Limit": str(self.allowed),
            "X-RateLimit-Remaining": str(max(0, self.allowed - self.count)),
            "X-RateLimit-Reset": str(self.reset),
        }


class Quota:
    """Counts requests by client. A client's window begins with its first request and lasts ``window_seconds``."""

    def __init__(self, allowed: int, window_seconds: float, clock: Callable[[], float]) -> None:
        self._allowed = allowed
        self._window = window_seconds
        self._clock = clock
        self._windows: dict[str, tuple[float, int]] = {}

    def take(self, client: str) -> QuotaState:
        """Count one request. Refuse it with a 429 if the window is used up, and do not count it then."""
        now = self._clock()
        start, count = self._windows.get(client, (now, 0))
        if now >= start + self._window:
            start, count = now, 0
        reset = max(1, math.ceil(start + self._window - now))
        if count >= self._allowed:
            raise too_many(reset)
        self._windows[client] = (start, count + 1)
        return QuotaState(count + 1, self._allowed, reset)
