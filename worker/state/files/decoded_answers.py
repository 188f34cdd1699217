"""Answers that this process has decoded, so that the steps and runs of a morning do not decode each file again.

A schedule's forecast for 100 groups is a JSON text of 420 kB, and each of them reads it. A run reads about fifty small
files, most of them in several steps.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 16_000_000
"""The length of all texts whose values are held. The values take up to six times as much memory."""

_OF_AN_ENTRY = 500
"""What holding a value takes besides: its name, its version and its place."""


@dataclass(frozen=True, slots=True)
class DecodedAnswer:
    """The value of a text of so many bytes. ``version`` is that of the file it was read from."""

    version: object
    value: Any
    byte_count: int


class DecodedAnswers:
    """Decoded texts by file name, within bounds. Threads share them, so callers must not change a value."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._by_name: OrderedDict[str, DecodedAnswer] = OrderedDict()
        self._byte_count = 0

    def get(self, name: str, version: object) -> Any:
        """Return the value that this version of a file has, or None if it is not here."""
        with self._lock:
            answer = self._by_name.get(name)
            if answer is None or answer.version != version:
                return None
            self._by_name.move_to_end(name)
            return answer.value

    def put(self, name: str, answer: DecodedAnswer) -> None:
        """Hold a value in place of the file's earlier one. The least recently used ones make room for it."""
        with self._lock:
            self._forget(name)
            if answer.byte_count > self._most_bytes:
                return
            self._by_name[name] = answer
            self._byte_count += answer.byte_count + _OF_AN_ENTRY
            while self._byte_count > self._most_bytes:
                self._forget(next(iter(self._by_name)))

    def _forget(self, name: str) -> None:
        answer = self._by_name.pop(name, None)
        self._byte_count -= answer.byte_count + _OF_AN_ENTRY if answer else 0
