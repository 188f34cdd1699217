"""Plain text in columns: measure, pad and fold lines, and isolate right-to-left names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

COLUMNS = 76
"""The longest line. Mail clients wrap longer ones when they quote."""

SINGLE_WIDTH = re.compile("[\0-~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u25a0-\u25fc]*")
"""Latin letters, punctuation, arrows, mathematical signs and shapes: a column each. Nearly all texts have no others."""

_BETWEEN_WORDS = re.compile("(?<![≥≤]) ")
"""Where a line may end. The sign of a goal stays with its number."""

_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


def width(text: str) -> int:
    """Return how many columns the text takes in a monospaced font."""
    return len(text) if SINGLE_WIDTH.fullmatch(text) else sum(map(character_width, text))


def character_width(character: str) -> int:
    """Return how many columns a character takes: two for Chinese, none for a combining mark."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def pad(text: str, columns: int) -> str:
    """Pad the text with spaces to ``columns``, and a wider one with one, so that it never touches the next column."""
    return text + " " * max(columns - width(text), 1)


def fold(text: str, *, lead: str = "", hang: int = 0) -> Iterator[str]:
    """Yield lines of at most `COLUMNS`. The first begins with ``lead``, the others with ``hang`` spaces."""
    line, used_width, is_empty = lead, width(lead), True
    for word in _BETWEEN_WORDS.split(text):
        for piece in _pieces(word, COLUMNS - max(width(lead), hang)):
            gap, piece_width = "" if is_empty else " ", width(piece)
            if used_width + len(gap) + piece_width > COLUMNS:
                yield line
                line, used_width, gap = " " * hang, hang, ""
            line, used_width, is_empty = line + gap + piece, used_width + len(gap) + piece_width, False
    yield line


def isolate(name: str) -> str:
    """Isolate a name with right-to-left letters, so that figures beside it keep their order (UAX #9, FSI and PDI)."""
    steers = any(unicodedata.bidirectional(character) in ("R", "AL") for character in name)
    return f"{_ISOLATE}{name}{_END_ISOLATE}" if steers else name


def _pieces(word: str, room: int) -> Iterator[str]:
    """Yield the word in pieces of at most ``room`` columns. A combining mark stays with its letter."""
    if width(word) <= room:
        yield word
        return
    piece, used_width = "", 0
    for character in word:
        columns = character_width(character)
        if used_width + columns > room:
            yield piece
            piece, used_width = "", 0
        piece, used_width = piece + character, used_width + columns
    yield piece
