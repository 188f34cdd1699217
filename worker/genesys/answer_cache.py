"""Answers of the API, asked for once for every run that needs them, and kept for a stated time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, TypeVar, cast

LOOKUP_SECONDS = 36 * 3600.0
"""Ids, names and members change rarely, and are refreshed long before they expire."""

CALENDAR_SECONDS = 4 * 3600.0
"""A holiday entered in the afternoon is known the next morning."""

ANSWER_SECONDS = 900.0
"""Figures outlive the retries of a step, but not a rerun that an operator starts to get newer ones."""

SHARED_SECONDS = 2.5 * 3600.0
"""Answers for several groups live until the last group's stand-up. See `worker.services.sharing`."""

REFRESH_SECONDS = 12 * 3600.0
"""Look-ups older than this are refreshed outside the morning."""

CALENDAR_REFRESH_SECONDS = 2 * 3600.0
"""Calendars older than this are refreshed outside the morning. They expire sooner than other look-ups."""

V = TypeVar("V")


class Answers(Protocol):
    """A store of JSON values with a lifetime, so that a step that is repeated does not ask the API again."""

    def get(self, key: str) -> object | None:
        """Return the stored value, or None if there is none or it has expired."""

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        """Store a JSON value."""


class Flights(Protocol):
    """Lets only one run at a time ask for an answer ("single flight")."""

    def flight(self, key: str) -> AbstractContextManager[None]:
        """Return a block that one run at a time may enter. Raises `errors.BeingFetched` while another is inside."""


class UnguardedFlights:
    """`Flights` for a caller that shares with no other run, such as a preview from the shell."""

    def flight(self, _key: str) -> AbstractContextManager[None]:
        """Return a block that every caller may enter."""
        return nullcontext()


class AnswerCache:
    """The cached answers of one OAuth client. Keys are hashed, because they name queues and people."""

    def __init__(self, answers: Answers, client_key: str, flights: Flights | None = None) -> None:
        self._answers = answers
        self._client_key = client_key
        self._flights = flights or UnguardedFlights()

    def get(self, *key: str) -> object | None:
        """Return the cached JSON value, or None."""
        return self._answers.get(self._name(key))

    def put(self, value: object, lifetime_seconds: float, *key: str) -> None:
        """Cache a JSON value."""
        self._answers.put(self._name(key), value, lifetime_seconds)

    def forget(self, *key: str) -> None:
        """Remove the value under this key."""
        self._answers.put(self._name(key), None, 0.0)

    def flight(self, *key: str) -> AbstractContextManager[None]:
        """Become the only run that asks for this key. Raises `BeingFetched` while another run asks."""
        return self._flights.flight(self._name(key))

    def get_or_ask(self, ask: Callable[[], V], lifetime_seconds: float, *key: str) -> V:
        """Return the cached value, or call ``ask`` and cache what it returns: a JSON value, never None."""
        return self.share_or_ask(lambda: {"": ask()}, lifetime_seconds, "", *key)

    def share_or_ask(self, ask: Callable[[], Mapping[str, V]], lifetime_seconds: float, sharer: str, *key: str) -> V:
        """Return one sharer's cached share, or call ``ask``, which returns the shares of all sharers by name."""
        cached = self.get(*_share_key(key, sharer))
        if cached is not None:
            return cast("V", cached)
        with self.flight(*key):
            # another run may have cached it between the first look and our turn
            cached = self.get(*_share_key(key, sharer))
            if cached is not None:
                return cast("V", cached)
            shares = ask()
            for name, share in shares.items():
                self.put(share, lifetime_seconds, *_share_key(key, name))
            return shares[sharer]

    def refresh(
        self, ask: Callable[[], object], lifetime_seconds: float, *key: str, after_seconds: float = REFRESH_SECONDS
    ) -> bool:
        """Ask for the value unless that was done in the last ``after_seconds``. Returns whether it was asked for."""
        if self.get("fresh", *key):
            return False
        with self.flight(*key):
            self.put(ask(), lifetime_seconds, *key)
            self.put(True, after_seconds, "fresh", *key)
        return True

    def _name(self, key: tuple[str, ...]) -> str:
        words = "\n".join((self._client_key, *key))
        return f"{key[0]}:{hashlib.sha256(words.encode('utf-8', 'replace')).hexdigest()}"


def _share_key(key: tuple[str, ...], sharer: str) -> tuple[str, ...]:
    return (*key, sharer) if sharer else key
