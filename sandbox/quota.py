"""How often an OAuth client may ask: a fixed window, counted for real."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.errors import too_many


@dataclass(frozen=True, slots=True)
class Standing:
    """What the API states about the quota: requests made and allowed in the window, whole seconds to its end."""

    count: int
    allowed: int
    reset: int

    def genesys_headers(self) -> dict[str, str]:
        """As every answer of the Platform API carries it."""
        return {
            "inin-ratelimit-count": str(self.count),
            "inin-ratelimit-allowed": str(self.allowed),
            "inin-ratelimit-reset": str(self.reset),
        }

    def gateway_headers(self) -> dict[str, str]:
        """As the guide's wire carries it; ``Reset`` in seconds from now."""
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

    def take(self, client: str) -> Standing:
        """Count one request; 429 if the window is used up (a refused request does not count)."""
        now = self._clock()
        began, count = self._windows.get(client, (now, 0))
        if now >= began + self._window:
            began, count = now, 0
        reset = max(1, math.ceil(began + self._window - now))
        if count >= self._allowed:
            raise too_many(reset)
        self._windows[client] = (began, count + 1)
        return Standing(count + 1, self._allowed, reset)
