"""Asking once what several runs need at the same moment."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Permits(Protocol):
    """The token bucket of one OAuth client, and what the API says about it."""

    def take(self) -> None:
        """Return when the caller may send one request; sleeps 2 s at most and raises `errors.QuotaWait` beyond that."""

    def observe(self, remaining: int, allowed: int | None, reset_seconds: float | None) -> None:
        """Learn from an answer: ``remaining`` of ``allowed`` requests until the window ends in ``reset_seconds``."""

    def hold(self, seconds: float) -> None:
        """Let nobody send for so long: the API answered 429."""


class Flights(Protocol):
    """Lets one run ask for a thing at a time."""

    def flight(self, key: str) -> AbstractContextManager[None]:
        """A block that one run at a time may be in; raises `errors.BeingFetched` where another is."""


class Alone:
    """For whoever asks by itself, e.g. a preview from the shell."""

    def flight(self, _key: str) -> AbstractContextManager[None]:
        """Come in, always."""
        return nullcontext()
