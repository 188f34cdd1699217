"""Page two: the day by half-hour, and its figures."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.pdf.charts import level_chart, volume_chart
from renderers.pdf.charts.sparkline import Box
from renderers.pdf.charts.time_axis import TimeAxis
from renderers.pdf.drawing import palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone import layout
from renderers.pdf.text.typesetting import Style, smaller, wrap
from worker.domain.briefing.content import Briefing

_CARD_WIDTH, _CARD_HEIGHT, _GUTTER = 112.7, 70, 10
_CARD_ROOM = _CARD_WIDTH - 18
_SMALL_LEADING = 10.5
_NOTE_LOWER, _NOTE_FLATTER = 50, 32
"""By how much the two charts are lower where the forecast has a card between them and the figures."""


def draw(sheet: Sheet, briefing: Briefing) -> None:
    """Draw page two without its foot."""
    layout.heading(sheet, sheet.words.in_medium(sheet.words.say("The day by half-hour"), briefing.medium))
    summary = sheet.words.half_hours_summary(briefing)
    layout.summary(sheet, summary.head, *summary.sentences)
    note = wrap(sheet.words.forecast_note(briefing), styles.CAPTION, layout.CONTENT - 24, 3)
    lower, flatter = (_NOTE_LOWER, _NOTE_FLATTER) if note else (0, 0)
    axis = TimeAxis.for_day(briefing.half_hours, layout.MARGIN + 31, layout.RIGHT)
    if axis is None:
        _figures(sheet, briefing, 118)
        return
    with sheet.tagged("P"):
        sheet.text(layout.MARGIN, 117, level_chart.title(sheet.words, briefing), styles.CHART_LABEL, palette.INK_2)
    level_chart.draw(
        sheet, Box(axis.left_x, 132, axis.width, 250 - lower), axis, briefing, styles.AXIS, styles.AXIS_STRONG
    )
    axis.labels(sheet, 398 - lower, styles.AXIS, hours_only=True)
    if volume_chart.is_known(axis):
        volume_chart.legend(sheet, layout.MARGIN, layout.RIGHT, 433 - lower, briefing.medium)
        volume_chart.draw(sheet, Box(axis.left_x, 447 - lower, axis.width, 166 - flatter), axis, styles.AXIS)
        axis.labels(sheet, 629 - lower - flatter, styles.AXIS, hours_only=True)
    _forecast(sheet, note, 651 - lower - flatter)
    _figures(sheet, briefing, 651)


def _forecast(sheet: Sheet, note: Sequence[str], top: float) -> None:
    """Say on a card how good the forecast of the day was, if there was one."""
    if not note:
        return
    sheet.rounded([(layout.MARGIN, top, layout.CONTENT, 30 + 14 * len(note))], 8, palette.SURFACE)
    with sheet.tagged("H2"):
        head = sheet.words.say("How good was the forecast?")
        sheet.text(layout.MARGIN + 12, top + 18, head, styles.STATUS, palette.INK)
    with sheet.tagged("P"):
        limit = layout.CONTENT - 24
        sheet.lines(layout.MARGIN + 12, top + 34, note, styles.CAPTION, palette.INK_2, 14, limit)


def _figures(sheet: Sheet, briefing: Briefing, top: float) -> None:
    for number, figure in enumerate(sheet.words.figures(briefing)):
        x = layout.MARGIN + number % 3 * (_CARD_WIDTH + _GUTTER)
        y = top + number // 3 * (_CARD_HEIGHT + 8)
        sheet.rounded([(x, y, _CARD_WIDTH, _CARD_HEIGHT)], 8, palette.SURFACE)
        with sheet.tagged("P"):
            y = _lines(sheet, x + 10, y + 18, figure.label, styles.CAPTION)
            style = smaller(figure.value, styles.FIGURE, _CARD_ROOM)
            sheet.text(x + 10, y + 20, figure.value, style, palette.INK)
            _lines(sheet, x + 10, y + 35, figure.caption, styles.FOOT)


def _lines(sheet: Sheet, x: float, y: float, text: str, style: Style) -> float:
    """Write a text on one line, or in small type on two, the last with its baseline near ``y``. Return that."""
    style = smaller(text, style, _CARD_ROOM)
    lines = wrap(text, style, _CARD_ROOM, 2)
    first = y - 4 * (len(lines) - 1)
    return sheet.lines(x, first, lines, style, palette.MUTED, _SMALL_LEADING, _CARD_ROOM) - _SMALL_LEADING
