"""Where a full table stands on its pages: a line a row on paper; on a phone the name above the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from renderers.pdf import wall
from renderers.pdf.drawing import styles
from renderers.pdf.phone import page
from renderers.pdf.text.typesetting import Style, width
from renderers.tables.column import Column, Holds
from renderers.words import Words
from worker.domain.groups import Pages
from worker.domain.metrics import Status

_GUTTER = 9
_FLEXIBLE = 30
"""Characters from which on a column holds names: it takes the room that figures leave."""
_LEAST_NAME, _LEAST_LIST = 100, 64
_SMALLEST_HEAD = 8.0
_SAMPLES = {
    Holds.TEXT: "+00:00",
    Holds.COUNT: "99,999",
    Holds.PERCENT: "≥ 92.5%",
    Holds.POINTS: "-10.0 pp",
    Holds.DURATION: "1:02:07",
    Holds.LOCAL_TIME: "00:00",
}
"""What a column of figures has room for at least; a larger figure is set smaller."""


@dataclass(frozen=True, slots=True)
class Form:
    """A page in points: where things stand on it from the top, in which type, and how high a row is.

    ``head_at`` is the baseline of the header's last line, ``top`` the upper edge of the first row. ``stacked`` is the
    height of a row whose name stands above its figures, 0 where all stand on one line.
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
        """Width between the margins."""
        return self.width - 2 * self.margin

    @property
    def right(self) -> float:
        """Where the content ends."""
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
    page.WIDTH,
    page.HEIGHT,
    margin=page.MARGIN,
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
    foot=page.FOOT,
)


def form_for(pages: Pages) -> Form:
    """The form that goes with the pages in front: a phone's beside a phone's, else the sheet of paper."""
    return {"phone": PHONE, "letter": LETTER}.get(pages, A4)


@dataclass(frozen=True, slots=True)
class Place:
    """A column between two edges; in a stacked row it stands on line 0 or 1.

    ``from_left``: names and what heads a row begin at the left edge, figures end at the right one.
    """

    column: Column[Any]
    left: float
    right: float
    line: int
    from_left: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """The places of a table's columns, the height of its rows, and how its header is set."""

    form: Form
    places: tuple[Place, ...]
    row: float
    head: Style

    @property
    def rows_a_page(self) -> int:
        """How many rows a page takes."""
        return int((self.form.foot - self.form.top) / self.row)


def laid(words: Words, form: Form, columns: Sequence[Column[Any]]) -> Grid:
    """The grid of a table with these columns, each as wide as its header and its figures; names share the rest."""
    stacked = form.stacked > 0 and _is_flexible(columns[0])
    in_line = columns[1:] if stacked else columns
    beside_icon = form.margin + form.icon + 6
    left = form.margin if stacked else beside_icon
    head, needs = _fitting(words, form, in_line, form.right - left)
    places = tuple(_places(needs, left, form.right))
    if stacked:
        name = Place(columns[0], beside_icon, form.right, 0, from_left=True)
        return Grid(form, (name, *(replace(place, line=1) for place in places)), form.stacked, head)
    return Grid(form, (replace(places[0], from_left=True), *places[1:]), form.row, head)


_Needs = list[tuple[Column[Any], float]]


def _fitting(words: Words, form: Form, columns: Sequence[Column[Any]], room: float) -> tuple[Style, _Needs]:
    """The header's style, and what each column needs with it.

    Where room is short the header is set smaller; then the status goes without its word: its shape stays, and is read.
    """
    with_word = [(head, columns) for head in _heads(form)]
    without = [column for column in columns if column.holds is not Holds.STATUS]
    for head, some in [*with_word, *((head, without) for head in _heads(form))]:
        needs = [(column, _need(words, form, column, head)) for column in some]
        if _taken(needs) <= room:
            break
    return head, needs


def _heads(form: Form) -> list[Style]:
    """The header's style and smaller ones."""
    steps = int((form.head.size - _SMALLEST_HEAD) * 2) + 1
    return [Style(form.head.face, form.head.size - step / 2) for step in range(steps)]


def _taken(needs: _Needs) -> float:
    """What the columns need side by side."""
    return sum(need for _, need in needs) + sum(_gap(column) for column, _ in needs[1:])


def _need(words: Words, form: Form, column: Column[Any], head: Style) -> float:
    word = max(width(line, head) for line in in_two(words.say(column.header), head))
    if _is_flexible(column):
        return max(word, _LEAST_LIST if column.holds is Holds.NAMES else _LEAST_NAME)
    if column.holds is Holds.STATUS:
        return max(word, *(width(words.status(each), form.cell) for each in Status))
    style = form.name if column.holds is Holds.LOCAL_TIME else form.cell
    return max(word, width(_SAMPLES[column.holds], style))


def in_two(text: str, style: Style) -> list[str]:
    """The text on the two lines that are narrowest together; a single word on one."""
    parts = text.split()
    halves = [[" ".join(parts[:at]), " ".join(parts[at:])] for at in range(1, len(parts))]
    return min(halves, key=lambda lines: max(width(line, style) for line in lines), default=[text])


def _places(needs: _Needs, left: float, right: float) -> Iterator[Place]:
    """Side by side from edge to edge; what is left over goes to names, by their widths, else to all alike."""
    over = right - left - _taken(needs)
    weights = [column.width if _is_flexible(column) else 0.0 for column, _ in needs]
    weights = weights if any(weights) else [1.0] * len(needs)
    for at, ((column, need), weight) in enumerate(zip(needs, weights, strict=True)):
        left += _gap(column) if at else 0
        end = left + need + over * weight / sum(weights)
        yield Place(column, left, end, 0, from_left=column.holds in (Holds.TEXT, Holds.NAMES, Holds.STATUS))
        left = end


def _gap(column: Column[Any]) -> float:
    """The room before a column: names begin where the figures before them end, so they need more."""
    return 2 * _GUTTER if column.holds is Holds.NAMES else _GUTTER


def _is_flexible(column: Column[Any]) -> bool:
    return column.width > _FLEXIBLE
