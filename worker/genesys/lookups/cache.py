"""Asks once, for all who need it, and keeps the answer for a stated time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TypeVar, cast

from worker.genesys.ports import Alone, Flights
from worker.genesys.source import Answers

LOOKUP_SECONDS = 36 * 3600.0
"""Ids, names and members change rarely, and are asked for anew long before they are forgotten."""

CALENDAR_SECONDS = 4 * 3600.0
"""A holiday entered in the afternoon is known the next morning."""

ANSWER_SECONDS = 900.0
"""Figures are kept for the retries of a step, and not for a rerun that an operator makes to get newer ones."""

SHARED_SECONDS = 2.5 * 3600.0
"""What was asked for several groups is kept until the last of them has stood up; see `worker.services.sharing`."""

REFRESH_SECONDS = 12 * 3600.0
"""Look-ups that are older are asked for anew outside the morning."""

CALENDAR_REFRESH_SECONDS = 2 * 3600.0
"""Calendars that are older, likewise: they are forgotten sooner."""

V = TypeVar("V")


class Kept:
    """`Answers` for one OAuth client. Keys are hashed: they name queues and people."""

    def __init__(self, answers: Answers, client_key: str, flights: Flights | None = None) -> None:
        self._answers = answers
        self._client_key = client_key
        self._flights = flights or Alone()

    def get(self, *key: str) -> object | None:
        """The kept JSON value, or None."""
        return self._answers.get(self._name(key))

    def put(self, value: object, lifetime_seconds: float, *key: str) -> None:
        """Keep a JSON value."""
        self._answers.put(self._name(key), value, lifetime_seconds)

    def forget(self, *key: str) -> None:
        """Keep nothing under this key any more."""
        self._answers.put(self._name(key), None, 0.0)

    def flight(self, *key: str) -> AbstractContextManager[None]:
        """Be the one who asks for this; `BeingFetched` where another does."""
        return self._flights.flight(self._name(key))

    def once(self, ask: Callable[[], V], lifetime_seconds: float, *key: str) -> V:
        """What is kept, else what ``ask`` gives: a JSON value, never None."""
        return self.each_once(lambda: {"": ask()}, lifetime_seconds, "", *key)

    def each_once(self, ask: Callable[[], Mapping[str, V]], lifetime_seconds: float, mine: str, *key: str) -> V:
        """The piece that is ``mine`` of what is kept, else of what ``ask`` gives for several at once, by name."""
        there = self.get(*_piece(key, mine))
        if there is not None:
            return cast("V", there)
        with self.flight(*key):
            landed = self.get(*_piece(key, mine))  # while we came in
            if landed is not None:
                return cast("V", landed)
            pieces = ask()
            for name, piece in pieces.items():
                self.put(piece, lifetime_seconds, *_piece(key, name))
            return pieces[mine]

    def refresh(
        self, ask: Callable[[], object], lifetime_seconds: float, *key: str, after_seconds: float = REFRESH_SECONDS
    ) -> bool:
        """Ask anew, unless that was done in the last ``after_seconds``; whether it was asked."""
        if self.get("fresh", *key):
            return False
        with self.flight(*key):
            self.put(ask(), lifetime_seconds, *key)
            self.put(True, after_seconds, "fresh", *key)
        return True

    def _name(self, key: tuple[str, ...]) -> str:
        words = "\n".join((self._client_key, *key))
        return f"{key[0]}:{hashlib.sha256(words.encode('utf-8', 'replace')).hexdigest()}"


def _piece(key: tuple[str, ...], name: str) -> tuple[str, ...]:
    return (*key, name) if name else key
