"""Leave to send one request, from the bucket that all workers share."""

from __future__ import annotations

from typing import Protocol


class Permits(Protocol):
    """The token bucket of one OAuth client, and what the API says about it."""

    def take(self) -> None:
        """Return when the caller may send one request; sleeps 2 s at most and raises `errors.QuotaWait` beyond that."""

    def observe(self, remaining: int, allowed: int | None, reset_seconds: float | None) -> None:
        """Learn from an answer: ``remaining`` of ``allowed`` requests until the window ends in ``reset_seconds``."""

    def hold(self, seconds: float) -> None:
        """Let nobody send for so long: the API answered 429."""
