"""Draw the header and the rows of a full table, with tags for screen readers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from renderers.pdf.drawing import icons, palette
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.tables.grid import Grid, Place, in_two, is_flexible
from renderers.pdf.text.typesetting import Style, fit_name, smaller
from renderers.tables.column import Column, Holds, Row
from renderers.words import MISSING, Words
from worker.domain.metrics import Status


def cell_text(words: Words, column: Column[Row], row: Row) -> str:
    """Return the cell's text, a dash where there is no data."""
    if column.shown_as:
        return column.shown_as(row)
    value = column.value(row)
    return MISSING if value is None else _WRITTEN[column.holds](words, value)


def longest_texts(words: Words, columns: Iterable[Column[Row]], rows: Sequence[Row]) -> dict[Column[Row], str]:
    """Return the longest text of each column of figures."""
    figures = [column for column in columns if not is_flexible(column)]
    return {column: max((cell_text(words, column, row) for row in rows), key=len, default="") for column in figures}


_WRITTEN: Mapping[Holds, Callable[[Words, Any], str]] = {
    Holds.TEXT: lambda _, text: str(text),
    Holds.NAMES: lambda _, text: str(text),
    Holds.STATUS: lambda _, text: str(text),
    Holds.GOAL: lambda _, text: str(text),
    Holds.COUNT: Words.count,
    Holds.PERCENT: Words.shown_percent,
    Holds.POINTS: Words.signed_points,
    Holds.DURATION: lambda words, duration: words.average_time(duration.total_seconds() * 1000),
    Holds.MINUTES: lambda words, duration: words.minutes(duration.total_seconds()),
    Holds.LOCAL_TIME: Words.clock,
}


_LEADING = 17
"""The distance from the name's line to the line of its figures, in a stacked row."""


class Rows:
    """Draws the table of a grid. ``status`` returns a row's status, which is read aloud where no column has it.

    ``names`` are those of all rows, for which the cut name of one must not be taken.
    """

    def __init__(self, grid: Grid, status: Callable[[Any], Status], names: frozenset[str] = frozenset()) -> None:
        self.grid, self.form, self._status, self._names = grid, grid.form, status, names
        columns = [place.column for place in grid.places]
        self._strong = next((column for column in columns if column.holds is Holds.PERCENT), None)
        self._has_word = any(column.holds is Holds.STATUS for column in columns)

    def lowered(self, distance: float) -> Rows:
        """Return the same on a page where the table begins lower."""
        return Rows(replace(self.grid, form=self.form.lowered(distance)), self._status, self._names)

    def head(self, sheet: Sheet, *, read: bool) -> None:
        """Draw the header. It is ``read`` aloud on the first page only. On others it is decoration."""
        if not read:
            for place in self.grid.places:
                self._header(sheet, place)
            return
        with sheet.grouped("TR"):
            for place in self.grid.places:
                with sheet.tagged("TH", scope="Column"):
                    self._header(sheet, place)

    def row(self, sheet: Sheet, y: float, row: Any) -> None:
        """Draw a row with its upper edge at ``y``."""
        baseline = y + self.form.baseline
        with sheet.grouped("TR"):
            self._name(sheet, baseline, row)
            for place in self.grid.places[1:]:
                is_strong = place.column is self._strong
                style, colour = (self.form.strong, palette.INK) if is_strong else (self.form.cell, palette.INK_2)
                with sheet.tagged("TD"):
                    self._cell(sheet, place, baseline + _LEADING * place.line, row, style, colour)

    def _name(self, sheet: Sheet, y: float, row: Any) -> None:
        first, name, status = self.grid.places[0], self.form.name, self._status(row)
        if self._has_word:
            self._icon(sheet, y, status)
            with sheet.tagged("TH", scope="Row"):
                self._cell(sheet, first, y, row, name, palette.INK)
            return
        with sheet.grouped("TH", scope="Row"):
            with sheet.tagged("Figure", sheet.words.status(status)):
                self._icon(sheet, y, status)
            with sheet.tagged("Span"):
                self._cell(sheet, first, y, row, name, palette.INK)

    def _icon(self, sheet: Sheet, y: float, status: Status) -> None:
        with sheet.translated(self.form.margin, y - self.form.icon * 0.86):
            icons.status(sheet, 0, 0, self.form.icon, status)

    def _header(self, sheet: Sheet, place: Place) -> None:
        """Draw a column's header on at most two lines. In stacked rows the name's header is above the others."""
        style, text = self.grid.head, sheet.words.say(place.column.header)
        is_above = place.line < self.grid.places[-1].line
        lines, step = [text] if is_above else in_two(text, style), style.size + 1.5
        first = self.form.head_at - step * (2 if is_above else len(lines) - 1)
        for number, line in enumerate(lines):
            _set(sheet, place, first + step * number, line, style, palette.MUTED)

    def _cell(self, sheet: Sheet, place: Place, y: float, row: Any, style: Style, colour: str) -> None:
        text = cell_text(sheet.words, place.column, row)
        if place.column.holds is Holds.TEXT:
            room = place.right_x - place.left_x
            style = smaller(text, style, room)
            text = fit_name(text, style, room, self._names)
        _set(sheet, place, y, text, style, colour)


def _set(sheet: Sheet, place: Place, y: float, text: str, style: Style, colour: str) -> None:
    """Draw a text in its place. A list of names is cut. A figure is not, because a cut number is wrong."""
    if place.from_left:
        sheet.text(place.left_x, y, text, style, colour, limit=place.right_x - place.left_x)
    else:
        sheet.text(place.right_x, y, text, style, colour, align="right")
