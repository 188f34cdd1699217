"""Measure, cut and wrap text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple
from unicodedata import category, east_asian_width

from renderers.pdf.text.scripts import lay_out
from renderers.words.names import ELLIPSIS, cut_before, cut_in_middle, word_end

_UNBROKEN = re.compile(r" ?(?:\([^)]{1,24}\)[^ ]*|[≥≤] [^ ]+|\d+ [^ ]+|[^ ]+)")
"""What stays on one line: a short bracket, a goal, a number with what it counts, a word; each with the space before it.

A no-break space, as in a German percentage, is no place for a line to end.
"""
_BREAKING_SPACES = re.compile(r"[ \t\n\r]+")
_OPENING, _CLOSING = ("Ps", "Pi"), ("Pe", "Pf", "Po", "Lm", "Mn", "Mc")
"""Categories of characters after which, and before which, no line may end. ``ー`` and ``々`` are in the latter."""
_SMALL = frozenset("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ")

SMALLEST = 9.0
"""No text of any page is smaller. On a phone page a point is a CSS pixel. An A4 page is read on paper or on a wall."""

_NARROWEST = 0.2
"""The width of the narrowest letters as a part of the size. A text that is surely too long is cut unmeasured."""

_NARROWER = (0.6, 0.7, 0.8, 0.9)
"""Parts of the line width to try, narrowest first, so that no single word remains on the last line."""


class Style(NamedTuple):
    """A face and a size in points."""

    face: str
    size: float


def width(text: str, style: Style) -> float:
    """Return the text's width in points."""
    return lay_out(text, style.face).width * style.size


def fit(text: str, style: Style, limit: float | None) -> str:
    """Cut the text with an ellipsis if it is wider than ``limit`` points, never inside a combining sequence."""
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
    return text[: word_end(text, cut_before(text, low))].rstrip() + ELLIPSIS


def fit_name(name: str, style: Style, limit: float, names: Collection[str] = ()) -> str:
    """Cut the name in its middle if it is wider than ``limit`` points: names often differ only at their ends."""
    most = int(limit / (style.size * _NARROWEST)) + 1
    if len(name) <= most and width(name, style) <= limit:
        return name
    return cut_in_middle(name, lambda text: width(text, style) <= limit, names, most)


def wrap(text: str, style: Style, limit: float, most: int) -> list[str]:
    """Wrap the text into lines of similar length, at most ``limit`` points. The rest stays on the last line."""
    text = _BREAKING_SPACES.sub(" ", text.strip())
    if text and width(text, style) <= limit:
        return [text]
    words = _UNBROKEN.findall(text)
    pieces = [part for word in words for stretch in _parts(word) for part in _broken(stretch, style, limit)]
    lines = _lines(pieces, style, limit, most)
    for part in _NARROWER:
        balanced = _lines(pieces, style, limit * part, len(lines))
        if max((width(line, style) for line in balanced), default=0) <= limit * part:
            return balanced
    return lines


def wrap_sentences(sentences: Sequence[str], short: str, style: Style, limit: float, most: int) -> list[str]:
    """Wrap the first sentences that fit into ``most`` lines, each whole, or ``short`` where not even one does."""
    for count in range(len(sentences), 0, -1):
        lines = wrap(" ".join(sentences[:count]), style, limit, most)
        if all(width(line, style) <= limit for line in lines):
            return lines
    return wrap(short or " ".join(sentences[:1]), style, limit, most)


def smaller(text: str, style: Style, limit: float, smallest: float = SMALLEST) -> Style:
    """Return the style, or a smaller one with which the text fits, but none smaller than ``smallest``."""
    size = style.size
    while size > smallest and width(text, Style(style.face, size)) > limit:
        size = max(size - 0.5, smallest)
    return Style(style.face, size)


def _lines(pieces: list[str], style: Style, limit: float, most: int) -> list[str]:
    lines: list[str] = []
    while pieces and len(lines) < most - 1:
        count = 1
        while count < len(pieces) and width(_line(pieces[: count + 1]), style) <= limit:
            count += 1
        lines.append(_line(pieces[:count]))
        pieces = pieces[count:]
    return [*lines, _line(pieces)] if pieces else lines


def _line(pieces: list[str]) -> str:
    return "".join(pieces).strip()


def _parts(word: str) -> Iterator[str]:
    """Yield a Chinese or Japanese word in parts between which a line may end, any other word whole."""
    start = 0
    for index in range(1, len(word)):
        if _may_end_between(word[index - 1], word[index]):
            yield word[start:index]
            start = index
    yield word[start:]


def _may_end_between(left_character: str, right: str) -> bool:
    if not (_is_ideographic(left_character) and _is_ideographic(right)) or right in _SMALL:
        return False
    return category(left_character) not in _OPENING and category(right) not in _CLOSING


def _is_ideographic(character: str) -> bool:
    """Return whether it is Han, kana or their punctuation. Korean words are not broken."""
    return east_asian_width(character) in "WF" and not "\uac00" <= character <= "\ud7a3"


def _broken(piece: str, style: Style, limit: float) -> list[str]:
    """Break a word that is wider than a line into parts that fit."""
    parts = []
    while width(piece.strip(), style) > limit and len(head := fit(piece, style, limit).removesuffix(ELLIPSIS)) > 0:
        parts.append(head)
        piece = piece[len(head) :]
    return [*parts, piece]
