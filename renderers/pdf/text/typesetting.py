"""How text is set: its width, where it is cut, where it is wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import category, east_asian_width

from renderers.pdf.text.scripts import lay_out
from renderers.words.names import ELLIPSIS, cut_before

_UNBROKEN = re.compile(r" ?(?:\([^)]{1,24}\)\S*|\d+ \S+|\S+)")
"""What stays on one line: a short bracket, a number with what it counts, a word; each with the space before it."""
_OPENING, _CLOSING = ("Ps", "Pi"), ("Pe", "Pf", "Po", "Lm", "Mn", "Mc")
"""Categories of characters after which, and before which, no line ends; ``ー`` and ``々`` are among the latter."""
_SMALL = frozenset("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ")

_NARROWEST = 0.2
"""Width of the narrowest letters as a part of the size: what is surely too long need not be laid out to be cut."""

_NARROWER = (0.6, 0.7, 0.8, 0.9)
"""Parts of the line that are tried, narrowest first, so that no word is left alone on the last line."""


class Style(NamedTuple):
    """A face and a size in points."""

    face: str
    size: float


def width(text: str, style: Style) -> float:
    """Points that the text takes."""
    return lay_out(text, style.face).width * style.size


def fit(text: str, style: Style, limit: float | None) -> str:
    """The text, cut with an ellipsis where it is wider than ``limit`` points, never inside a combining sequence."""
    if limit is None:
        return text
    most = int(limit / (style.size * _NARROWEST)) + 1
    if len(text) <= most and width(text, style) <= limit:
        return text
    text = text[:most]
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + ELLIPSIS, style) <= limit:
            low = middle
        else:
            high = middle - 1
    return text[: cut_before(text, low)].rstrip() + ELLIPSIS


def wrap(text: str, style: Style, limit: float, most: int) -> list[str]:
    """The text in lines of at most ``limit`` points and of like length; what does not fit stays on the last line."""
    words = _UNBROKEN.findall(" ".join(text.split()))
    pieces = [part for word in words for between in _parts(word) for part in _broken(between, style, limit)]
    lines = _lines(pieces, style, limit, most)
    for part in _NARROWER:
        balanced = _lines(pieces, style, limit * part, len(lines))
        if max((width(line, style) for line in balanced), default=0) <= limit * part:
            return balanced
    return lines


def _lines(pieces: list[str], style: Style, limit: float, most: int) -> list[str]:
    lines: list[str] = []
    while pieces and len(lines) < most - 1:
        taken = 1
        while taken < len(pieces) and width(_line(pieces[: taken + 1]), style) <= limit:
            taken += 1
        lines.append(_line(pieces[:taken]))
        pieces = pieces[taken:]
    return [*lines, _line(pieces)] if pieces else lines


def _line(pieces: list[str]) -> str:
    return "".join(pieces).strip()


def _parts(word: str) -> Iterator[str]:
    """A word of Chinese or Japanese in parts between which a line may end, any other word whole."""
    begun = 0
    for at in range(1, len(word)):
        if _may_end_between(word[at - 1], word[at]):
            yield word[begun:at]
            begun = at
    yield word[begun:]


def _may_end_between(before: str, after: str) -> bool:
    if not (_is_ideographic(before) and _is_ideographic(after)) or after in _SMALL:
        return False
    return category(before) not in _OPENING and category(after) not in _CLOSING


def _is_ideographic(character: str) -> bool:
    """Han, kana and their punctuation; Korean words are kept whole."""
    return east_asian_width(character) in "WF" and not "\uac00" <= character <= "\ud7a3"


def _broken(piece: str, style: Style, limit: float) -> list[str]:
    """A word that is wider than a line, in parts that are not."""
    parts = []
    while width(piece.strip(), style) > limit and len(head := fit(piece, style, limit).removesuffix(ELLIPSIS)) > 0:
        parts.append(head)
        piece = piece[len(head) :]
    return [*parts, piece]
