"""The Unicode bidirectional algorithm: which letters run from left to right and which from right to left.

python-bidi does not implement rule N0 of UAX #9 for paired brackets. It is added here, so that ``VIP (24/7)`` keeps its
brackets within an Arabic name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bidi import algorithm

_BRACKETS = {")": "(", "]": "[", "}": "{"}
_STRONG = {"L": "L", "R": "R", "AL": "R", "EN": "R", "AN": "R"}
"""Numbers count as right to left here."""


def levels(text: str) -> list[int]:
    """Return the embedding level of each character. Odd levels run from right to left."""
    base = algorithm.get_base_level(text)
    storage = {**algorithm.get_empty_storage(), "base_level": base, "base_dir": "LR"[base]}
    algorithm.get_embedding_levels(text, storage)
    for index, character in enumerate(storage["chars"]):
        character["at"] = index
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    _resolve_brackets(storage["chars"], "LR"[base])
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    by_index = {character["at"]: int(character["level"]) for character in storage["chars"]}
    return _with_neighbours(by_index, len(text), base)


def _with_neighbours(by_index: dict[int, int], length: int, base: int) -> list[int]:
    """Give characters that the algorithm drops, such as a joiner, the level of the character before."""
    all_of_them: list[int] = []
    for index in range(length):
        all_of_them.append(by_index.get(index, all_of_them[-1] if all_of_them else base))
    return all_of_them


def _resolve_brackets(characters: list[dict[str, Any]], base_direction: str) -> None:
    """Give both brackets of a pair the direction of the text inside or before them (rule N0)."""
    for first, last in sorted(_pairs(characters)):
        inside = {
            _STRONG[character["type"]] for character in characters[first + 1 : last] if character["type"] in _STRONG
        }
        if not inside:
            continue
        direction = base_direction
        if base_direction not in inside:
            preceding = (
                _STRONG[character["type"]] for character in reversed(characters[:first]) if character["type"] in _STRONG
            )
            direction = next(preceding, base_direction)
        characters[first]["type"] = characters[last]["type"] = direction


def _pairs(characters: list[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    opened: list[tuple[int, str]] = []
    for index, character in enumerate(characters):
        if character["ch"] in _BRACKETS.values():
            opened.append((index, character["ch"]))
        elif any(bracket == _BRACKETS.get(character["ch"]) for _, bracket in opened):
            while opened:
                first, bracket = opened.pop()
                if bracket == _BRACKETS[character["ch"]]:
                    yield first, index
                    break
