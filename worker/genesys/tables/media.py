"""Media types as files write them. Pure."""

from __future__ import annotations

import enum
from collections.abc import Collection

from worker.genesys.tables.totals import has_total_word

ALL_MEDIA = "all"
"""The medium of a row that does not tell its own, if the order is for several."""

_MEDIA = frozenset(
    ["voice", "chat", "email", "callback", "message", "video", "cobrowse", "screenshare", "internalmessage"]
)
"""The platform's media types (Genesys Cloud API, MediaType)."""

_SPELLINGS = {
    "call": "voice",
    "calls": "voice",
    "chats": "chat",
    "emails": "email",
    "callbacks": "callback",
    "messages": "message",
    "internal message": "internalmessage",
    "screen share": "screenshare",
}


class Label(enum.Enum):
    """What a file's word for a medium is."""

    MEDIUM = "a medium"
    SUM = "perhaps a sum of media"
    UNKNOWN = "an unknown word"


def medium_of(text: str) -> str:
    """Return the platform's name of a medium, or the text in small letters."""
    word = text.casefold()
    return _SPELLINGS.get(word, word)


def label_of(text: str, media: Collection[str]) -> Label:
    """Return what a word for a medium is. ``media`` are those of the order."""
    medium = medium_of(text)
    if medium in _MEDIA or medium in media:
        return Label.MEDIUM
    return Label.SUM if has_total_word(medium) or "," in medium or "+" in medium else Label.UNKNOWN


def joined_media(text: str) -> set[str]:
    """Return the media of a row that lists several, such as ``voice; chat``."""
    return {medium_of(part.strip()) for part in text.replace(",", ";").replace("+", ";").split(";") if part.strip()}
