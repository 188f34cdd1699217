"""The lines below a figure on a tile: its status and goal, what is usual for it, and its changes."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from renderers.pdf.drawing import icons, palette
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typefaces import SEMIBOLD
from renderers.pdf.text.typesetting import SMALLEST, Style, smaller, width
from renderers.words import ChangeText, UsualText, Words
from worker.domain.briefing.content import Tile
from worker.domain.metrics import Reading

_PILL_PADDING, _AFTER_PILL = 6.5, 5.0
_BEFORE_ARROW, _BEFORE_FIGURE, _BETWEEN = 4.0, 3.0, 9.0
_DOT = 0.9


def status_and_goal(
    sheet: Sheet, x: float, y: float, reading: Reading, strong: Style, plain: Style, room: float
) -> float:
    """Write e.g. "Missed  goal ≥ 80%", the goal smaller where the two are too long for one line. Return the end."""
    word = sheet.words.status(reading.status)
    sheet.text(x, y, word, strong, palette.STATUS[reading.status])
    goal, left_x = sheet.words.goal_line(reading), x + width(word, strong) + 6
    style = smaller(goal, plain, x + room - left_x, 7)
    return left_x + sheet.text(left_x, y, goal, style, palette.MUTED)


def pill(sheet: Sheet, x: float, y: float, text: str, size: float) -> float:
    """Write a word in white on a dark ground with round ends, its baseline at ``y``, and return its width.

    It is neither good nor bad: a figure can lie outside its usual range on either side.
    """
    style = Style(SEMIBOLD, size)
    wide, high = width(text, style) + 2 * _PILL_PADDING, size + 3.6
    sheet.rounded([(x, y - size * 0.86 - 0.8, wide, high)], high / 2, palette.INK)
    sheet.text(x + _PILL_PADDING, y, text, style, palette.WHITE)
    return wide


def usual_line(
    sheet: Sheet,
    left_x: float,
    right_x: float,
    y: float,
    usual: UsualText | None,
    style: Style,
    range_alone: str = "",
) -> None:
    """Write what is usual for the figure, behind a pill if it is unusual, shorter and smaller with too little room.

    A number is never cut: where no text fits, the line has only ``range_alone``, the range without words, or none.
    """
    if usual is None:
        return
    with sheet.tagged("P"):
        if usual.pill:
            left_x += pill(sheet, left_x, y, usual.pill, max(style.size - 1, SMALLEST)) + _AFTER_PILL
        room = right_x - left_x
        smallest = Style(style.face, SMALLEST)
        if width(usual.text, style) <= room:
            sheet.text(left_x, y, usual.text, style, palette.INK_2)
        elif width(usual.short, smallest) <= room:
            sheet.text(left_x, y, usual.short, smaller(usual.short, style, room), palette.INK_2)
        elif range_alone and width(range_alone, smallest) <= room:
            size = smaller(range_alone, style, room)
            sheet.text(left_x, y, range_alone, size, palette.INK_2, spoken=usual.short)


class _ShownChange(NamedTuple):
    """A change as it is shown: what the figure is compared with, and by how much it differs."""

    reference: str
    size: str
    change: ChangeText


def changes_line(sheet: Sheet, left_x: float, right_x: float, y: float, day: date, tile: Tile, plain: Style) -> None:
    """Write e.g. "Tue ▼ 9.4 · Wed avg ▼ 7.7 pts", without the unit and smaller with too little room.

    Screen readers get the whole text of each change, "−9.4 points worse".
    """
    style, changes = plain, _texts(sheet.words, day, tile, has_unit=True)
    if _width(changes, style) > right_x - left_x:
        changes = _texts(sheet.words, day, tile, has_unit=False)
    while style.size > SMALLEST and _width(changes, style) > right_x - left_x:
        style = Style(style.face, max(style.size - 0.5, SMALLEST))
    for number, (reference, size, change) in enumerate(changes):
        if number:
            sheet.disc(left_x + _BETWEEN / 2, y - style.size * 0.3, _DOT, palette.MUTED)
            left_x += _BETWEEN
        with sheet.tagged("P"):
            left_x += sheet.text(left_x, y, reference, style, palette.MUTED) + _BEFORE_ARROW
            icons.arrow(sheet, left_x, y - 0.6, _arrow(style), change.direction, palette.TONE[change.tone])
            left_x += _arrow(style) + _BEFORE_FIGURE
            left_x += sheet.text(left_x, y, size, style, palette.INK_2, spoken=change.sign + change.text)


def _texts(words: Words, day: date, tile: Tile, *, has_unit: bool) -> list[_ShownChange]:
    changes = [(change, words.change(change, tile.reading.metric, tile.usual)) for change in tile.changes]
    return [
        _ShownChange(
            words.short_reference(change, day),
            words.short_points(change.points)
            if has_unit and change is tile.changes[-1]
            else words.bare_points(change.points),
            text,
        )
        for change, text in changes
    ]


def _width(changes: list[_ShownChange], style: Style) -> float:
    texts = sum(width(change.reference, style) + width(change.size, style) for change in changes)
    signs = len(changes) * (_BEFORE_ARROW + _arrow(style) + _BEFORE_FIGURE)
    return texts + signs + _BETWEEN * (len(changes) - 1)


def _arrow(style: Style) -> float:
    return style.size * 0.6
