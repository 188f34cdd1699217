"""Collects the text of a workbook's cell from its runs. Pure."""

from __future__ import annotations

_CELL_CHARACTERS = 32_767
"""The most characters of a cell (Excel's specifications and limits)."""


class RichText:
    """The text of one cell, without reading aids for Japanese (``rPh``), which follow the text (ECMA-376 18.4.8)."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._is_reading_aid = False

    def start(self, name: str) -> None:
        """Begin an element."""
        if name == "rPh":
            self._is_reading_aid = True

    def end(self, name: str, text: str) -> None:
        """Take the text of a run, or finish a reading aid."""
        if name == "rPh":
            self._is_reading_aid = False
        elif name == "t" and not self._is_reading_aid:
            self._pieces.append(text)

    def take(self) -> str:
        """Return the text, and begin the next one."""
        text = cut("".join(self._pieces))
        self._pieces.clear()
        self._is_reading_aid = False
        return text


def cut(text: str) -> str:
    """Return as much of a text as a cell can have."""
    return text[:_CELL_CHARACTERS]
