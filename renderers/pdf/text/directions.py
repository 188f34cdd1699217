"""Which letters of a text run from left to right and which from right to left, by the Unicode bidirectional algorithm.

The library has the steps but one, which is put between: brackets go together (rule N0), so that ``VIP (24/7)`` keeps
its brackets within an Arabic name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bidi import algorithm

_BRACKETS = {")": "(", "]": "[", "}": "{"}
_STRONG = {"L": "L", "R": "R", "AL": "R", "EN": "R", "AN": "R"}
"""Numbers count as right to left here."""


def levels(text: str) -> list[int]:
    """The level of embedding of each character; odd ones run from right to left."""
    base = algorithm.get_base_level(text)
    storage = {**algorithm.get_empty_storage(), "base_level": base, "base_dir": "LR"[base]}
    algorithm.get_embedding_levels(text, storage)
    for at, character in enumerate(storage["chars"]):
        character["at"] = at
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    _resolve_brackets(storage["chars"], "LR"[base])
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    found = {character["at"]: int(character["level"]) for character in storage["chars"]}
    return _with_neighbours(found, len(text), base)


def _with_neighbours(found: dict[int, int], length: int, base: int) -> list[int]:
    """What the algorithm drops, such as a joiner, has the level of what stands before it."""
    all_of_them: list[int] = []
    for at in range(length):
        all_of_them.append(found.get(at, all_of_them[-1] if all_of_them else base))
    return all_of_them


def _resolve_brackets(characters: list[dict[str, Any]], around: str) -> None:
    """Both brackets of a pair take the direction of what they hold, or of what stands before them (N0)."""
    for first, last in sorted(_pairs(characters)):
        inside = {_STRONG[of["type"]] for of in characters[first + 1 : last] if of["type"] in _STRONG}
        if not inside:
            continue
        direction = around
        if around not in inside:
            before = (_STRONG[of["type"]] for of in reversed(characters[:first]) if of["type"] in _STRONG)
            direction = next(before, around)
        characters[first]["type"] = characters[last]["type"] = direction


def _pairs(characters: list[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    opened: list[tuple[int, str]] = []
    for at, of in enumerate(characters):
        if of["ch"] in _BRACKETS.values():
            opened.append((at, of["ch"]))
        elif any(bracket == _BRACKETS.get(of["ch"]) for _, bracket in opened):
            while opened:
                first, bracket = opened.pop()
                if bracket == _BRACKETS[of["ch"]]:
                    yield first, at
                    break
