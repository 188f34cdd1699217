"""What may be shown of a name that somebody else typed: nothing that steers the page, everything that reads."""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
_BIDI_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FROM_RIGHT = ("R", "AL")
_LEFT_TO_RIGHT_MARK = "\u200e"
_JOINER = "\u200d"


def tidy(text: str) -> str:
    """The text in NFC without controls, lone surrogates and bidi overrides, white space as one space; maybe empty."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())  # most names, and a day of thousands of agents has millions of characters
    kept = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", text) if _shows(c))
    return " ".join(kept.split())


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut with an ellipsis and never inside a combining sequence."""
    if len(text) <= limit:
        return text
    return text[: cut_before(text, max(limit - 1, 0))].rstrip() + ELLIPSIS


def settled(name: str) -> str:
    """The name between marks, if it runs from right to left: what stands beside it then keeps its place."""
    runs_left = any(unicodedata.bidirectional(character) in _FROM_RIGHT for character in name)
    return f"{_LEFT_TO_RIGHT_MARK}{name}{_LEFT_TO_RIGHT_MARK}" if runs_left else name


def cut_before(text: str, at: int) -> int:
    """The last index ≤ ``at`` at which the text may be cut without taking a mark from its letter."""
    while 0 < at < len(text) and (_leans_left(text[at]) or text[at - 1] == _JOINER):
        at -= 1
    return at


def _shows(character: str) -> bool:
    if character in _BIDI_STEERING or _is_noncharacter(ord(character)):
        return False
    return character.isspace() or unicodedata.category(character) not in ("Cc", "Cs")


def _is_noncharacter(code: int) -> bool:
    """No character in any version of Unicode, refused by XML; one that is merely newer than Python is shown."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _leans_left(character: str) -> bool:
    return character == _JOINER or unicodedata.category(character) in ("Mn", "Mc", "Me", "Sk")
