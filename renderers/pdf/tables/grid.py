"""The layout of a full table: one line a row on paper, the name above the figures on a phone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from renderers.pdf.tables.forms import Form
from renderers.pdf.text.typesetting import SMALLEST, Style, width
from renderers.tables.column import Column, Holds
from renderers.words import Words
from worker.domain.metrics import Status

_GUTTER = 9
_FLEXIBLE = 30
"""A column wider than this many characters holds names and gets the room that figures leave."""
_LEAST_NAME, _LEAST_LIST = 100, 64
_LEAST_NAME_BESIDE_LONG_FIGURES, _LEAST_GUTTER = 60, 6
_NEAREST = 0.94
"""Rows may be this much nearer to each other, so that a table of a row more still ends on the page."""
_SAMPLES = {
    Holds.TEXT: "+00:00",
    Holds.COUNT: "99,999",
    Holds.PERCENT: "≥ 92.5%",
    Holds.POINTS: "-10.0 pts",
    Holds.DURATION: "1:02:07",
    Holds.MINUTES: "1 h 58",
    Holds.LOCAL_TIME: "00:00",
}
"""What a column of figures has room for at least."""


@dataclass(frozen=True, slots=True)
class Place:
    """A column between two edges, on line 0 or 1 of a stacked row.

    ``from_left``: aligned left, as names and the first column are. Figures are aligned right.
    """

    column: Column[Any]
    left_x: float
    right_x: float
    line: int
    from_left: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """The places of a table's columns, the height of its rows, and its header's style.

    ``form`` is the page's form, with smaller figures where the columns need it.
    """

    form: Form
    places: tuple[Place, ...]
    row: float
    head: Style

    @property
    def most_rows(self) -> int:
        """How many rows a page has room for."""
        return int(self.form.room / (self.row * _NEAREST))

    def holding(self, rows: int) -> Grid:
        """Return the grid with its rows as near to each other as a page of ``rows`` rows needs."""
        return replace(self, row=min(self.row, self.form.room / max(rows, 1)))


def lay_out(
    words: Words, form: Form, columns: Sequence[Column[Any]], longest: Mapping[Column[Any], str] = MappingProxyType({})
) -> Grid:
    """Return the grid of these columns, each as wide as its header and figures. Names share the rest.

    ``longest`` is the longest text of a column's cells.
    """
    stacked = form.stacked > 0 and is_flexible(columns[0])
    in_line = columns[1:] if stacked else columns
    after_icon = form.margin + form.icon + 6
    left_x = form.margin if stacked else after_icon
    fitting = _fitting(_Measure(words, longest), form, in_line, form.right_x - left_x)
    form, head = fitting.form, fitting.head
    places = tuple(_places(fitting, left_x, form.right_x))
    if stacked:
        name = Place(columns[0], after_icon, form.right_x, 0, from_left=True)
        return Grid(form, (name, *(replace(place, line=1) for place in places)), form.stacked, head)
    return Grid(form, (replace(places[0], from_left=True), *places[1:]), form.row, head)


@dataclass(frozen=True, slots=True)
class _Fitting:
    """Columns, each with the width that it needs, and the type sizes and the gap for which that is so."""

    form: Form
    head: Style
    columns: Sequence[Column[Any]]
    needs: Sequence[float]
    gutter: float = _GUTTER

    @property
    def used_width(self) -> float:
        """The width of the columns side by side."""
        return sum(self.needs) + sum(self.gap(column) for column in self.columns[1:])

    def gap(self, column: Column[Any]) -> float:
        """Return the room before a column. A list of names begins where figures end, so it needs more."""
        return 2 * self.gutter if column.holds is Holds.NAMES else self.gutter


def _fitting(measure: _Measure, form: Form, columns: Sequence[Column[Any]], room: float) -> _Fitting:
    """Return the columns with the type sizes in which they fit.

    Where there is too little room, set the header smaller and the columns nearer to each other. If that is not enough,
    drop the status column: the icon stays and is read as a word. Then set the figures smaller, and cut names shorter.
    At last leave out the last columns, which the workbook has.
    """
    wordless = [column for column in columns if column.holds is not Holds.STATUS]
    small_head = Style(form.head.face, SMALLEST)
    candidates = [
        *((form, head, columns, _LEAST_NAME, _GUTTER) for head in _heads(form)),
        (form, small_head, columns, _LEAST_NAME, _LEAST_GUTTER),
        *((form, head, wordless, _LEAST_NAME, _GUTTER) for head in _heads(form)),
        *((smaller_form, small_head, wordless, _LEAST_NAME, _GUTTER) for smaller_form in _smaller_forms(form)),
        *(
            (_smaller_forms(form)[-1], small_head, wordless[:count], _LEAST_NAME_BESIDE_LONG_FIGURES, _LEAST_GUTTER)
            for count in range(len(wordless), 1, -1)
        ),
    ]
    for candidate_form, head, candidate, least_name, gutter in candidates:
        needs = [measure.need(candidate_form, column, head, least_name) for column in candidate]
        fitting = _Fitting(candidate_form, head, candidate, needs, gutter)
        if fitting.used_width <= room:
            break
    return fitting


def _heads(form: Form) -> list[Style]:
    """Return the header's style and smaller ones."""
    steps = int((form.head.size - SMALLEST) * 2) + 1
    return [Style(form.head.face, form.head.size - step / 2) for step in range(steps)]


def _smaller_forms(form: Form) -> list[Form]:
    """Return the form with smaller and smaller figures."""
    steps = int((form.cell.size - SMALLEST) * 2)
    sizes = [form.cell.size - step / 2 for step in range(1, steps + 1)] or [form.cell.size]
    return [replace(form, cell=Style(form.cell.face, size), strong=Style(form.strong.face, size)) for size in sizes]


@dataclass(frozen=True, slots=True)
class _Measure:
    """Measures what a column needs: its header and the longest of its cells."""

    words: Words
    longest: Mapping[Column[Any], str]

    def need(self, form: Form, column: Column[Any], head: Style, least_name: float) -> float:
        """Return the width that the column needs with these type sizes."""
        word = max(width(line, head) for line in in_two(self.words.say(column.header), head))
        if is_flexible(column):
            return max(word, _LEAST_LIST if column.holds is Holds.NAMES else least_name)
        if column.holds is Holds.STATUS:
            return max(word, *(width(self.words.status(status), form.cell) for status in Status))
        style = {Holds.LOCAL_TIME: form.name, Holds.PERCENT: form.strong}.get(column.holds, form.cell)
        samples = (column.longest or _SAMPLES[column.holds], self.longest.get(column, ""))
        return max(word, *(width(sample, style) for sample in samples))


def in_two(text: str, style: Style) -> list[str]:
    """Split the text into the two lines that are narrowest together. A single word is one line."""
    parts = text.split()
    halves = [[" ".join(parts[:index]), " ".join(parts[index:])] for index in range(1, len(parts))]
    return min(halves, key=lambda lines: max(width(line, style) for line in lines), default=[text])


def _places(fitting: _Fitting, left_x: float, right_x: float) -> Iterator[Place]:
    """Yield the places from edge to edge. Spare width goes to names by their widths, else to all columns."""
    spare = right_x - left_x - fitting.used_width
    weights = [column.width if is_flexible(column) else 0.0 for column in fitting.columns]
    weights = weights if any(weights) else [1.0] * len(weights)
    for index, (column, need, weight) in enumerate(zip(fitting.columns, fitting.needs, weights, strict=True)):
        left_x += fitting.gap(column) if index else 0
        end = left_x + need + spare * weight / sum(weights)
        yield Place(column, left_x, end, 0, from_left=column.holds in (Holds.TEXT, Holds.NAMES, Holds.STATUS))
        left_x = end


def is_flexible(column: Column[Any]) -> bool:
    """Return whether the column holds names, which are cut where they have no room."""
    return column.width > _FLEXIBLE
