"""What is shown of a name that someone typed: everything readable, and no control or direction characters."""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
_BIDI_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FROM_RIGHT = ("R", "AL")
_LEFT_TO_RIGHT_MARK = "\u200e"
_JOINER = "\u200d"


def tidy(text: str) -> str:
    """Return the text in NFC without controls, surrogates and bidi overrides, with single spaces. It may be empty."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())  # most names, and a day of thousands of agents has millions of characters
    text_shown = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", text) if _shows(c))
    return " ".join(text_shown.split())


def shorten(text: str, limit: int) -> str:
    """Cut the text to ``limit`` characters with an ellipsis, never inside a combining sequence."""
    if len(text) <= limit:
        return text
    return text[: word_end(text, cut_before(text, max(limit - 1, 0)))].rstrip() + ELLIPSIS


def shorten_name(name: str, limit: int) -> str:
    """Cut the name in its middle to ``limit`` characters, so that names with other ends stay different."""
    return name if len(name) <= limit else without_middle(name, max(limit - 1, 0))


def without_middle(name: str, length: int) -> str:
    """Return the first and the last of ``length`` characters of the name, with an ellipsis between."""
    start, end = length - length // 3, len(name) - length // 3
    while end < len(name) and (_leans_left(name[end]) or name[end - 1] == _JOINER):
        end += 1
    return name[: cut_before(name, start)].rstrip() + ELLIPSIS + name[end:]


def with_direction_marks(name: str) -> str:
    """Put direction marks around a right-to-left name, so that the text beside it keeps its place."""
    runs_left = any(unicodedata.bidirectional(character) in _FROM_RIGHT for character in name)
    return f"{_LEFT_TO_RIGHT_MARK}{name}{_LEFT_TO_RIGHT_MARK}" if runs_left else name


def cut_before(text: str, index: int) -> int:
    """Return the last index ≤ ``index`` at which a cut does not separate a mark from its letter."""
    while 0 < index < len(text) and (_leans_left(text[index]) or text[index - 1] == _JOINER):
        index -= 1
    return index


def word_end(text: str, cut: int) -> int:
    """Return the end of the last whole word before ``cut``, or ``cut`` where that would lose more than a third."""
    if cut >= len(text) or text[cut].isspace():
        return cut
    space = text.rfind(" ", 0, cut)
    return space if space > cut * 2 / 3 else cut


def _shows(character: str) -> bool:
    if character in _BIDI_STEERING or _is_noncharacter(ord(character)):
        return False
    return character.isspace() or unicodedata.category(character) not in ("Cc", "Cs")


def _is_noncharacter(code: int) -> bool:
    """Return whether the code is a noncharacter, which XML does not allow. Unassigned codes are shown."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _leans_left(character: str) -> bool:
    return character == _JOINER or unicodedata.category(character) in ("Mn", "Mc", "Me", "Sk")
