"""Asking once what several runs need at the same moment."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Flights(Protocol):
    """Lets one run ask for a thing at a time."""

    def flight(self, key: str) -> AbstractContextManager[None]:
        """A block that one run at a time may be in; raises `errors.BeingFetched` where another is."""


class Alone:
    """For whoever asks by itself, e.g. a preview from the shell."""

    def flight(self, _key: str) -> AbstractContextManager[None]:
        """Come in, always."""
        return nullcontext()
