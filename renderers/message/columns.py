"""Plain text in columns: how wide a line is shown, where it folds, and what keeps a right-to-left name in its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

COLUMNS = 76
"""Mail clients quote and wrap beyond this."""

_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def width(text: str) -> int:
    """How many columns a terminal or a monospaced mail window gives the text."""
    return sum(map(_character_width, text))


def pad(text: str, columns: int) -> str:
    """The text with spaces behind it up to ``columns``; a wider one is kept whole."""
    return text + " " * max(columns - width(text), 0)


def fold(text: str, *, lead: str = "", hang: int = 0) -> Iterator[str]:
    """Lines of at most `COLUMNS`: the first behind ``lead``, the others behind ``hang`` spaces."""
    here, empty = lead, True
    for word in text.split(" "):
        for piece in _pieces(word, COLUMNS - max(width(lead), hang)):
            gap = "" if empty else " "
            if width(here) + len(gap) + width(piece) > COLUMNS:
                yield here
                here, gap = " " * hang, ""
            here, empty = here + gap + piece, False
    yield here


def isolate(name: str) -> str:
    """The name, closed off where it holds right-to-left letters, so that the figures beside it keep their order."""
    steers = any(unicodedata.bidirectional(character) in ("R", "AL") for character in name)
    return f"{_ISOLATE}{name}{_END_ISOLATE}" if steers else name


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _pieces(word: str, room: int) -> Iterator[str]:
    """The word, or the stretches of it that fit; a mark stays with its letter because it takes no room."""
    piece, used = "", 0
    for character in word:
        takes = _character_width(character)
        if used + takes > room:
            yield piece
            piece, used = "", 0
        piece, used = piece + character, used + takes
    yield piece
