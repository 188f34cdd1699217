"""The tile of a metric on the wall page: as on the phone, with the ten days beside the value."""

from __future__ import annotations

from renderers.pdf.charts import sparkline
from renderers.pdf.charts.sparkline import Box
from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone.tiles import (
    change_line,
    goal_of,
    has_line,
    line_of_others,
    others_in_lines,
    status_and_goal,
    trend_in_words,
    usual_line,
    usual_text,
)
from renderers.pdf.text.typesetting import smaller, width, wrap
from worker.domain.briefing.content import Briefing, Tile
from worker.domain.metrics import Reading, Status

HEIGHT = 113
_PADDING = 12
_LINES = 3
"""How many lines a tile has room for below the status: the other media first, then the changes."""
_THREE_LINES = (84.0, 11.5)
"""Where two changes and the usual range are."""


def draw(sheet: Sheet, x: float, y: float, wide: float, briefing: Briefing, tile: Tile) -> None:
    """Draw the tile with its upper left at (x, y)."""
    reading = tile.reading
    sheet.rounded([(x, y, wide, HEIGHT)], 9, *palette.CARD[reading.status])
    left_x, right_x = x + _PADDING, x + wide - _PADDING
    with sheet.grouped("Sect"):
        icons.status(sheet, right_x - 15, y + 10, 15, reading.status)
        with sheet.tagged("H3"):
            name = sheet.words.tile_name(tile)
            style = smaller(name, styles.WALL_LABEL, right_x - 20 - left_x)
            sheet.text(left_x, y + 21, name, style, palette.INK_2)
        if reading.ratio is None:
            _no_value(sheet, left_x, right_x, y, reading, sheet.words.own_reason(briefing, reading))
            return
        with sheet.tagged("P"):
            value_y, status_y = (48, 65) if tile.other_media else (52, 70)
            value_width = sheet.text(left_x, y + value_y, sheet.words.value(reading), styles.WALL_VALUE, palette.INK)
            status_and_goal(
                sheet, left_x, y + status_y, reading, styles.WALL_STATUS, styles.WALL_GOAL, right_x - left_x
            )
        usual = usual_text(sheet.words, briefing, tile, right_x - left_x, styles.WALL_CAPTION)
        _history(sheet, left_x + value_width + 10, left_x, right_x, y, tile, usual)


def _no_value(sheet: Sheet, left_x: float, right_x: float, y: float, reading: Reading, reason: str) -> None:
    with sheet.tagged("P"):
        sheet.text(left_x, y + 48, sheet.words.status(Status.NO_DATA), styles.NO_VALUE, palette.MUTED)
        sheet.text(left_x, y + 66, sheet.words.goal_line(reading), styles.WALL_GOAL, palette.MUTED)
        lines = wrap(reason, styles.WALL_CAPTION, right_x - left_x, 3)
        sheet.lines(left_x, y + 80, lines, styles.WALL_CAPTION, palette.INK_2, 12, right_x - left_x)


def _history(sheet: Sheet, value_end: float, left_x: float, right_x: float, y: float, tile: Tile, usual: str) -> None:
    """Draw the line of days, the other media, the usual range, and as many changes as there is room for."""
    reading = tile.reading
    wide = min(66.0, right_x - 6 - value_end)
    if has_line(tile) and wide > width("00000", styles.WALL_GOAL):
        with sheet.tagged("Figure", trend_in_words(sheet.words, tile)):
            box = Box(right_x - 6 - wide, *((y + 29, wide, 19) if tile.other_media else (y + 34, wide, 23)))
            sparkline.draw(sheet, box, tile.trend, goal_of(reading), palette.STATUS[reading.status])
    medium_lines = others_in_lines(sheet.words, tile.other_media, right_x - left_x, styles.WALL_CAPTION, 1)[:_LINES]
    for number, line in enumerate(medium_lines):
        line_of_others(sheet, left_x, y + 79.5 + 12.5 * number, line)
    first, leading = (92.5 + 12.5 * (len(medium_lines) - 1), 13) if medium_lines else (89.5, 14.5)
    room = _LINES - len(medium_lines)
    changes = tile.changes[: max(room - bool(usual), 0)]
    if usual and len(changes) > 1:
        first, leading = _THREE_LINES
    for number, change in enumerate(changes):
        plain, strong = styles.WALL_CAPTION, styles.WALL_CAPTION_STRONG
        change_line(sheet, left_x, right_x, y + first + leading * number, change, reading.metric, plain, strong)
    if room and not tile.changes:
        with sheet.tagged("P"):
            text = sheet.words.uncompared(tile)
            style = smaller(text, styles.WALL_CAPTION, right_x - left_x)
            sheet.text(left_x, y + first, text, style, palette.MUTED)
    if room > bool(not tile.changes):
        number = max(len(changes), int(not tile.changes))
        usual_line(sheet, left_x, right_x, y + first + leading * number, usual, styles.WALL_CAPTION)
