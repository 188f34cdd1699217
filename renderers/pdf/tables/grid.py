"""The layout of a full table: one line a row on paper, the name above the figures on a phone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from renderers.pdf import wall
from renderers.pdf.drawing import styles
from renderers.pdf.phone import layout
from renderers.pdf.text.typesetting import Style, width
from renderers.tables.column import Column, Holds
from renderers.words import Words
from worker.domain.groups import Pages
from worker.domain.metrics import Status

_GUTTER = 9
_FLEXIBLE = 30
"""A column wider than this many characters holds names and gets the room that figures leave."""
_LEAST_NAME, _LEAST_LIST = 100, 64
_SMALLEST_HEAD = 8.0
_SAMPLES = {
    Holds.TEXT: "+00:00",
    Holds.COUNT: "99,999",
    Holds.PERCENT: "≥ 92.5%",
    Holds.POINTS: "-10.0 pp",
    Holds.DURATION: "1:02:07",
    Holds.MINUTES: "1 h 58",
    Holds.LOCAL_TIME: "00:00",
}
"""What a column of figures has room for at least. A larger figure is set in a smaller size."""


@dataclass(frozen=True, slots=True)
class Form:
    """A page in points: positions from the top, type styles, and the height of a row.

    ``head_at`` is the baseline of the header's last line, ``top`` the upper edge of the first row. ``stacked`` is the
    height of a row with the name above the figures, 0 where all are on one line.
    """

    width: float
    height: float
    margin: float
    title_at: float
    summary_at: float
    head_at: float
    top: float
    row: float
    baseline: float
    stacked: float
    icon: float
    title: Style
    summary: Style
    head: Style
    name: Style
    strong: Style
    cell: Style
    foot_style: Style
    foot: float

    @property
    def content(self) -> float:
        """The width between the margins."""
        return self.width - 2 * self.margin

    @property
    def right_x(self) -> float:
        """The right edge of the content."""
        return self.width - self.margin


def _paper(size: wall.Paper) -> Form:
    return Form(
        *size,
        margin=wall.MARGIN,
        title_at=46,
        summary_at=64,
        head_at=93,
        top=99,
        row=16.4,
        baseline=11.4,
        stacked=0,
        icon=10,
        title=styles.SECTION,
        summary=styles.WALL_BODY,
        head=styles.WALL_HEAD,
        name=styles.WALL_NAME,
        strong=styles.WALL_STRONG,
        cell=styles.WALL_CELL,
        foot_style=styles.WALL_FOOT,
        foot=size.height - 30,
    )


A4, LETTER = _paper(wall.A4), _paper(wall.LETTER)
PHONE = Form(
    layout.WIDTH,
    layout.HEIGHT,
    margin=layout.MARGIN,
    title_at=46,
    summary_at=72,
    head_at=130,
    top=138,
    row=24,
    baseline=16.3,
    stacked=42,
    icon=14,
    title=styles.HEADING,
    summary=styles.BODY,
    head=styles.FOOT,
    name=styles.ROW_NAME,
    strong=styles.STATUS,
    cell=styles.GOAL,
    foot_style=styles.FOOT,
    foot=layout.FOOT,
)


def form_for(pages: Pages) -> Form:
    """Return the form for the briefing's pages: the phone's, Letter, or else A4."""
    return {"phone": PHONE, "letter": LETTER}.get(pages, A4)


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
    """The places of a table's columns, the height of its rows, and its header's style."""

    form: Form
    places: tuple[Place, ...]
    row: float
    head: Style

    @property
    def rows_a_page(self) -> int:
        """How many rows a page has."""
        return int((self.form.foot - self.form.top) / self.row)


def lay_out(words: Words, form: Form, columns: Sequence[Column[Any]]) -> Grid:
    """Return the grid of these columns, each as wide as its header and figures. Names share the rest."""
    stacked = form.stacked > 0 and _is_flexible(columns[0])
    in_line = columns[1:] if stacked else columns
    after_icon = form.margin + form.icon + 6
    left_x = form.margin if stacked else after_icon
    head, needs = _fitting(words, form, in_line, form.right_x - left_x)
    places = tuple(_places(needs, left_x, form.right_x))
    if stacked:
        name = Place(columns[0], after_icon, form.right_x, 0, from_left=True)
        return Grid(form, (name, *(replace(place, line=1) for place in places)), form.stacked, head)
    return Grid(form, (replace(places[0], from_left=True), *places[1:]), form.row, head)


_Needs = list[tuple[Column[Any], float]]


def _fitting(words: Words, form: Form, columns: Sequence[Column[Any]], room: float) -> tuple[Style, _Needs]:
    """Return the header's style, and the width that each column needs with it.

    Where there is too little room, set the header smaller. If that is not enough, drop the status column: the icon
    stays and is read as a word.
    """
    with_word = [(head, columns) for head in _heads(form)]
    wordless = [column for column in columns if column.holds is not Holds.STATUS]
    for head, candidates in [*with_word, *((head, wordless) for head in _heads(form))]:
        needs = [(column, _need(words, form, column, head)) for column in candidates]
        if _used_width(needs) <= room:
            break
    return head, needs


def _heads(form: Form) -> list[Style]:
    """Return the header's style and smaller ones."""
    steps = int((form.head.size - _SMALLEST_HEAD) * 2) + 1
    return [Style(form.head.face, form.head.size - step / 2) for step in range(steps)]


def _used_width(needs: _Needs) -> float:
    """Return the width of the columns side by side."""
    return sum(need for _, need in needs) + sum(_gap(column) for column, _ in needs[1:])


def _need(words: Words, form: Form, column: Column[Any], head: Style) -> float:
    word = max(width(line, head) for line in in_two(words.say(column.header), head))
    if _is_flexible(column):
        return max(word, _LEAST_LIST if column.holds is Holds.NAMES else _LEAST_NAME)
    if column.holds is Holds.STATUS:
        return max(word, *(width(words.status(status), form.cell) for status in Status))
    style = form.name if column.holds is Holds.LOCAL_TIME else form.cell
    return max(word, width(column.longest or _SAMPLES[column.holds], style))


def in_two(text: str, style: Style) -> list[str]:
    """Split the text into the two lines that are narrowest together. A single word is one line."""
    parts = text.split()
    halves = [[" ".join(parts[:index]), " ".join(parts[index:])] for index in range(1, len(parts))]
    return min(halves, key=lambda lines: max(width(line, style) for line in lines), default=[text])


def _places(needs: _Needs, left_x: float, right_x: float) -> Iterator[Place]:
    """Yield the places from edge to edge. Spare width goes to names by their widths, else to all columns."""
    spare = right_x - left_x - _used_width(needs)
    weights = [column.width if _is_flexible(column) else 0.0 for column, _ in needs]
    weights = weights if any(weights) else [1.0] * len(needs)
    for index, ((column, need), weight) in enumerate(zip(needs, weights, strict=True)):
        left_x += _gap(column) if index else 0
        end = left_x + need + spare * weight / sum(weights)
        yield Place(column, left_x, end, 0, from_left=column.holds in (Holds.TEXT, Holds.NAMES, Holds.STATUS))
        left_x = end


def _gap(column: Column[Any]) -> float:
    """Return the room before a column. A list of names begins where figures end, so it needs more."""
    return 2 * _GUTTER if column.holds is Holds.NAMES else _GUTTER


def _is_flexible(column: Column[Any]) -> bool:
    return column.width > _FLEXIBLE
