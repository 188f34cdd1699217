"""Asks once, and keeps the answer for a stated time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar, cast

from worker.genesys.source import Answers

LOOKUP_SECONDS = 12 * 3600.0
"""Ids, names and members change rarely."""

CALENDAR_SECONDS = 4 * 3600.0
"""A holiday entered in the afternoon is known the next morning."""

ANSWER_SECONDS = 900.0
"""Figures are kept for the retries of a step, and not for a rerun that an operator makes to get newer ones."""

V = TypeVar("V")


class Kept:
    """`Answers` for one OAuth client. Keys are hashed: they name queues and people."""

    def __init__(self, answers: Answers, client_key: str) -> None:
        self._answers = answers
        self._client_key = client_key

    def get(self, *key: str) -> object | None:
        """The kept JSON value, or None."""
        return self._answers.get(self._name(key))

    def put(self, value: object, lifetime_seconds: float, *key: str) -> None:
        """Keep a JSON value."""
        self._answers.put(self._name(key), value, lifetime_seconds)

    def forget(self, *key: str) -> None:
        """Keep nothing under this key any more."""
        self._answers.put(self._name(key), None, 0.0)

    def once(self, ask: Callable[[], V], lifetime_seconds: float, *key: str) -> V:
        """What is kept, else what ``ask`` gives: a JSON value, never None."""
        there = self.get(*key)
        if there is not None:
            return cast("V", there)
        value = ask()
        self.put(value, lifetime_seconds, *key)
        return value

    def _name(self, key: tuple[str, ...]) -> str:
        words = "\n".join((self._client_key, *key))
        return f"{key[0]}:{hashlib.sha256(words.encode('utf-8', 'replace')).hexdigest()}"
