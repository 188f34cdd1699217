"""One of the four metrics on a phone page: value, status, ten days, and how it moved."""

from __future__ import annotations

from renderers.pdf.charts import sparkline
from renderers.pdf.charts.sparkline import Box
from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import Style, width, wrap
from renderers.words import Words
from worker.domain.briefing.content import Change, Tile
from worker.domain.metrics import Metric, Reading, Status

WIDTH, HEIGHT = 174, 158
_PADDING = 12


def draw(sheet: Sheet, x: float, y: float, tile: Tile) -> None:
    """The tile with its upper left at (x, y)."""
    reading = tile.reading
    fill, border = palette.CARD[reading.status]
    sheet.rounded([(x, y, WIDTH, HEIGHT)], 10, fill, border)
    with sheet.grouped("Sect"):
        icons.status(sheet, x + WIDTH - _PADDING - 18, y + 11, 18, reading.status)
        left = x + _PADDING
        with sheet.tagged("H3"):
            sheet.text(left, y + 24, sheet.words.metric(reading.metric), styles.TILE_LABEL, palette.INK_2)
        if reading.ratio is None:
            _no_value(sheet, left, y, reading)
            return
        with sheet.tagged("P"):
            sheet.text(left, y + 58, sheet.words.value(reading), styles.VALUE, palette.INK)
            status_and_goal(sheet, left, y + 77, reading, styles.STATUS, styles.GOAL)
        _history(sheet, left, y, tile)


def status_and_goal(sheet: Sheet, x: float, y: float, reading: Reading, strong: Style, plain: Style) -> None:
    """Missed  goal ≥ 80%."""
    word = sheet.words.status(reading.status)
    sheet.text(x, y, word, strong, palette.STATUS[reading.status])
    sheet.text(x + width(word, strong) + 6, y, sheet.words.goal_line(reading), plain, palette.MUTED)


def change_line(
    sheet: Sheet, left: float, right: float, y: float, change: Change, metric: Metric, plain: Style, strong: Style
) -> None:
    """Tue 20                 ▼ 5.4 pp worse."""
    moved = sheet.words.change(change, metric)
    with sheet.tagged("P"):
        sheet.text(left, y, sheet.words.reference(change), plain, palette.MUTED)
        said = moved.sign + moved.text
        taken = sheet.text(right, y, moved.text, strong, palette.INK_2, align="right", said=said)
        size = plain.size * 0.6
        icons.arrow(sheet, right - taken - size - 4, y - 0.6, size, moved.direction, palette.TONE[moved.tone])


def _no_value(sheet: Sheet, left: float, y: float, reading: Reading) -> None:
    with sheet.tagged("P"):
        sheet.text(left, y + 55, sheet.words.status(Status.NO_DATA), styles.NO_VALUE, palette.MUTED)
        sheet.text(left, y + 77, sheet.words.goal_line(reading), styles.GOAL, palette.MUTED)
        limit = WIDTH - 2 * _PADDING
        why = wrap(sheet.words.why(reading), styles.CAPTION, limit, 4)
        sheet.lines(left, y + 97, why, styles.CAPTION, palette.INK_2, 15, limit)


def _history(sheet: Sheet, left: float, y: float, tile: Tile) -> None:
    inner = WIDTH - 2 * _PADDING
    reading = tile.reading
    if has_line(tile):
        with sheet.tagged("Figure", trend_in_words(sheet.words, tile)):
            box = Box(left, y + 88, inner - 6, 24)
            sparkline.draw(sheet, box, tile.trend, reading.goal, palette.STATUS[reading.status])
    for line, change in enumerate(tile.changes):
        change_line(
            sheet,
            left,
            left + inner,
            y + 131 + 17 * line,
            change,
            reading.metric,
            styles.CAPTION,
            styles.CAPTION_STRONG,
        )
    if not tile.changes:
        with sheet.tagged("P"):
            below = 131 if has_line(tile) else 100
            sheet.text(left, y + below, sheet.words.uncompared(reading), styles.CAPTION, palette.MUTED)


def has_line(tile: Tile) -> bool:
    """Whether there are two days at least to draw a line between, and a reading for its end."""
    return tile.reading.ratio is not None and sum(value is not None for value in tile.trend) > 1


def trend_in_words(words: Words, tile: Tile) -> str:
    """Service level, last 3 business days: 82.0%, –, 77.5%; a line for those who cannot see it."""
    return words.say(
        "{metric}, last {days} business days: {values}",
        metric=words.metric(tile.reading.metric),
        days=len(tile.trend),
        values=", ".join(words.percent(value) for value in tile.trend),
    )
