"""Compare queues in a group file with each other, and with the queues of a source."""

from __future__ import annotations

import unicodedata

ID_PREFIX = "id:"


def comparable(name: str) -> str:
    """Return a queue's name without differences of case, of spaces around it and of Unicode's forms of a letter."""
    return unicodedata.normalize("NFC", name).strip().casefold()


def comparable_entry(entry: str) -> str:
    """Return what a group file says of a queue, its name or ``id:…``, for a comparison. Ids are compared exactly."""
    return entry if entry.startswith(ID_PREFIX) else comparable(entry)
