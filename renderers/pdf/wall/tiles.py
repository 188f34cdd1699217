"""The tile of a metric on the wall page: as on the phone, with the ten days beside the value."""

from __future__ import annotations

from renderers.pdf.charts import sparkline
from renderers.pdf.charts.sparkline import Box
from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.reading_lines import status_and_goal, usual_line
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone.tiles import (
    changes,
    goal_of,
    has_dot,
    has_line,
    last_lines,
    line_of_days,
    line_of_others,
    others_in_lines,
    range_of_tile,
    trend_in_words,
    usual_range_of,
)
from renderers.pdf.text.typesetting import smaller, width, wrap
from renderers.words import Substitute
from worker.domain.briefing.content import Briefing, Tile
from worker.domain.metrics import Reading, Status

HEIGHT = 113
_PADDING = 12
_LINES = 3
"""How many lines a tile has room for below the status: the other media, what is usual, and the changes."""
_LAST, _LEADING = 104.0, 13.5
"""The baseline of the last line, and the distance between two."""


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
            value = sheet.words.value(reading)
            style = smaller(value, styles.WALL_VALUE, right_x - left_x - 20)
            value_width = sheet.text(left_x, y + value_y, value, style, palette.INK)
            status_and_goal(
                sheet, left_x, y + status_y, reading, styles.WALL_STATUS, styles.WALL_GOAL, right_x - left_x
            )
        _history(sheet, left_x + value_width + 10, left_x, right_x, y, briefing, tile)


def draw_substitute(sheet: Sheet, x: float, y: float, wide: float, figure: Substitute) -> None:
    """Draw a figure without a goal in the place of a metric that is not available."""
    sheet.rounded([(x, y, wide, HEIGHT)], 9, *palette.CARD[Status.NOT_JUDGED])
    left_x, right_x = x + _PADDING, x + wide - _PADDING
    with sheet.grouped("Sect"):
        icons.status(sheet, right_x - 15, y + 10, 15, Status.NOT_JUDGED)
        with sheet.tagged("H3"):
            style = smaller(figure.name, styles.WALL_LABEL, right_x - 20 - left_x)
            sheet.text(left_x, y + 21, figure.name, style, palette.INK_2)
        with sheet.tagged("P"):
            style = smaller(figure.value, styles.WALL_VALUE, right_x - left_x)
            value_end = left_x + 10 + sheet.text(left_x, y + 52, figure.value, style, palette.INK)
            sheet.text(left_x, y + 70, sheet.words.status(Status.NOT_JUDGED), styles.WALL_STATUS, palette.MUTED)
        wide = min(66.0, right_x - 6 - value_end)
        if wide > width("00000", styles.WALL_GOAL):
            line_of_days(sheet, Box(right_x - 6 - wide, y + 32, wide, 21), figure)
        last_lines(sheet, left_x, right_x, y + _LAST, _LEADING, figure, styles.WALL_CAPTION)


def _no_value(sheet: Sheet, left_x: float, right_x: float, y: float, reading: Reading, reason: str) -> None:
    with sheet.tagged("P"):
        sheet.text(left_x, y + 48, sheet.words.status(Status.NO_DATA), styles.NO_VALUE, palette.MUTED)
        sheet.text(left_x, y + 66, sheet.words.goal_line(reading), styles.WALL_GOAL, palette.MUTED)
        lines = wrap(reason, styles.WALL_CAPTION, right_x - left_x, 3)
        sheet.lines(left_x, y + 80, lines, styles.WALL_CAPTION, palette.INK_2, 12, right_x - left_x)


def _history(
    sheet: Sheet, value_end: float, left_x: float, right_x: float, y: float, briefing: Briefing, tile: Tile
) -> None:
    """Draw the line of days, and below the status the other media, what is usual, and the changes."""
    reading = tile.reading
    wide = min(66.0, right_x - 6 - value_end)
    if (has_line(tile) or has_dot(tile)) and wide > width("00000", styles.WALL_GOAL):
        with sheet.tagged("Figure", trend_in_words(sheet.words, tile)):
            box = Box(right_x - 6 - wide, *((y + 29, wide, 19) if tile.other_media else (y + 32, wide, 21)))
            colour = palette.STATUS[reading.status]
            sparkline.draw(sheet, box, tile.trend, goal_of(reading), colour, usual=usual_range_of(tile))
    caption = styles.WALL_CAPTION
    medium_lines = others_in_lines(sheet.words, tile.other_media, right_x - left_x, caption, 1)[:_LINES]
    has_changes = len(medium_lines) < _LINES
    usual = sheet.words.usual_on_tile(briefing, tile) if len(medium_lines) < _LINES - 1 else None
    baseline = y + _LAST - _LEADING * (len(medium_lines) + bool(usual) + has_changes - 1)
    for line in medium_lines:
        line_of_others(sheet, left_x, baseline, line)
        baseline += _LEADING
    usual_line(sheet, left_x, right_x, baseline, usual, caption, range_of_tile(sheet.words, tile))
    if has_changes:
        changes(sheet, left_x, right_x, y + _LAST, briefing, tile, caption)
