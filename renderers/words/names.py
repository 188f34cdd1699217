"""What is shown of a name that someone typed: everything readable, and no control or direction characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator

ELLIPSIS = "…"
_BIDI_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FROM_RIGHT = ("R", "AL")
_LEFT_TO_RIGHT_MARK = "\u200e"
_JOINER = "\u200d"
_ALL_SHOW = re.compile("[ -~\u00a1-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff]*")
"""Latin letters, punctuation, arrows, mathematical signs: no control, no surrogate, no space but the usual one."""

_SHARES_OF_END = (1 / 3, 1 / 2, 2 / 3, 5 / 6)
"""How much of a cut name is its end. More is shown only where names have the same end."""
_LEAST_USED = 0.6
"""A name is cut between words if that shows at least this part of what a cut inside them shows."""
_MOST_WORDS = 12
"""A name of more words is cut anywhere."""


def tidy(text: str) -> str:
    """Return the text in NFC without controls, surrogates and bidi overrides, with single spaces. It may be empty."""
    # Most names, and a day of thousands of agents has millions of characters.
    if _ALL_SHOW.fullmatch(text) and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return " ".join(text.split())
    text_shown = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", text) if _shows(c))
    return " ".join(text_shown.split())


def shorten(text: str, limit: int) -> str:
    """Cut the text to ``limit`` characters with an ellipsis, never inside a combining sequence."""
    if len(text) <= limit:
        return text
    return text[: word_end(text, cut_before(text, max(limit - 1, 0)))].rstrip() + ELLIPSIS


def shorten_name(name: str, limit: int) -> str:
    """Cut the name in its middle to ``limit`` characters, so that names with other ends stay different."""
    return name if len(name) <= limit else cut_in_middle(name, lambda text: len(text) <= limit)


def cut_in_middle(name: str, fits: Callable[[str], bool], names: Collection[str] = (), most: int | None = None) -> str:
    """Cut the name in its middle so that it fits: between words where that uses most of the room, else inside them.

    Prefer a cut after which the name cannot be taken for another of ``names``. No more than ``most`` characters fit.
    """
    cuts = list(_cuts(name, fits, len(name) if most is None else most))
    neighbours = [neighbour for neighbour in names if neighbour != name]
    return next((cut for cut in cuts if not any(_may_mean(cut, neighbour) for neighbour in neighbours)), cuts[0])


def _cuts(name: str, fits: Callable[[str], bool], most: int) -> Iterator[str]:
    """Yield cuts that fit, the best first. Those inside words are the same but for how much of the end they show."""
    inside_words = [_longest_inside_words(name, fits, most, share) for share in _SHARES_OF_END]
    least = len(inside_words[0]) * _LEAST_USED
    yield from (cut for cut in _between_words(name) if len(cut) >= least and fits(cut))
    yield from inside_words


def _between_words(name: str) -> list[str]:
    """Return the name without some words in its middle, the longest first."""
    words = name.split()
    if len(words) > _MOST_WORDS:
        return []
    cuts = (
        f"{' '.join(words[:start])} {ELLIPSIS} {' '.join(words[end:])}"
        for start in range(1, len(words) - 1)
        for end in range(start + 1, len(words))
    )
    return sorted(cuts, key=len, reverse=True)


def _longest_inside_words(name: str, fits: Callable[[str], bool], most: int, share: float) -> str:
    low, high = 0, min(len(name) - 1, most)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(_without_middle(name, middle, share)):
            low = middle
        else:
            high = middle - 1
    return _without_middle(name, low, share)


def _without_middle(name: str, length: int, share: float) -> str:
    """Return ``length`` characters of the name, that share of them from its end, with an ellipsis between."""
    start, end = length - int(length * share), len(name) - int(length * share)
    while end < len(name) and (_leans_left(name[end]) or name[end - 1] == _JOINER):
        end += 1
    return name[: cut_before(name, start)].rstrip() + ELLIPSIS + name[end:]


def _may_mean(cut: str, name: str) -> bool:
    start, _, end = cut.partition(ELLIPSIS)
    return name.startswith(start.rstrip()) and name.endswith(end.lstrip()) and len(name) >= len(start + end)


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


def is_seen(character: str) -> bool:
    """Return whether the character leaves a mark. Spaces, soft hyphens, joiners and direction marks leave none."""
    return not character.isspace() and unicodedata.category(character) != "Cf"


def _shows(character: str) -> bool:
    if character in _BIDI_STEERING or _is_noncharacter(ord(character)):
        return False
    return character.isspace() or unicodedata.category(character) not in ("Cc", "Cs")


def _is_noncharacter(code: int) -> bool:
    """Return whether the code is a noncharacter, which XML does not allow. Unassigned codes are shown."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _leans_left(character: str) -> bool:
    return character == _JOINER or unicodedata.category(character) in ("Mn", "Mc", "Me", "Sk")
