"""The tile of a metric on a phone page: value, status, ten days, and changes."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.pdf.charts import sparkline
from renderers.pdf.charts.sparkline import Box
from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import Style, smaller, width, wrap
from renderers.words import MISSING, Words, has_goal
from worker.domain.briefing.content import Briefing, Change, MediumReading, Tile
from worker.domain.metrics import Metric, Reading, Status

WIDTH, HEIGHT = 174, 158
_PADDING = 12


def draw(sheet: Sheet, x: float, y: float, briefing: Briefing, tile: Tile) -> None:
    """Draw the tile with its upper left at (x, y)."""
    reading = tile.reading
    fill, border = palette.CARD[reading.status]
    sheet.rounded([(x, y, WIDTH, HEIGHT)], 10, fill, border)
    with sheet.grouped("Sect"):
        icons.status(sheet, x + WIDTH - _PADDING - 18, y + 11, 18, reading.status)
        left_x = x + _PADDING
        name = sheet.words.tile_name(tile)
        style = smaller(name, styles.TILE_LABEL, WIDTH - 2 * _PADDING - 24, 9)
        with sheet.tagged("H3"):
            sheet.text(left_x, y + 24, name, style, palette.INK_2)
        if reading.ratio is None:
            _no_value(sheet, left_x, y, reading, sheet.words.own_reason(briefing, reading))
            return
        with sheet.tagged("P"):
            value_width = sheet.text(left_x, y + 58, sheet.words.value(reading), styles.VALUE, palette.INK)
            status_and_goal(sheet, left_x, y + 77, reading, styles.STATUS, styles.GOAL)
        _history(sheet, left_x, y, tile, left_x + value_width + 10)


def status_and_goal(sheet: Sheet, x: float, y: float, reading: Reading, strong: Style, plain: Style) -> None:
    """Write e.g. "Missed  goal ≥ 80%"."""
    word = sheet.words.status(reading.status)
    sheet.text(x, y, word, strong, palette.STATUS[reading.status])
    sheet.text(x + width(word, strong) + 6, y, sheet.words.goal_line(reading), plain, palette.MUTED)


def change_line(
    sheet: Sheet, left_x: float, right_x: float, y: float, change: Change, metric: Metric, plain: Style, strong: Style
) -> None:
    """Write e.g. "Tue 20                 ▼ 5.4 pp worse"."""
    text = sheet.words.change(change, metric)
    with sheet.tagged("P"):
        sheet.text(left_x, y, sheet.words.reference(change), plain, palette.MUTED)
        spoken = text.sign + text.text
        text_width = sheet.text(right_x, y, text.text, strong, palette.INK_2, align="right", spoken=spoken)
        size = plain.size * 0.6
        icons.arrow(sheet, right_x - text_width - size - 4, y - 0.6, size, text.direction, palette.TONE[text.tone])


def goal_of(reading: Reading) -> float | tuple[float, float] | None:
    """Return the goal to draw, None where the reading has none."""
    return reading.goal if has_goal(reading) else None


def _no_value(sheet: Sheet, left_x: float, y: float, reading: Reading, reason: str) -> None:
    with sheet.tagged("P"):
        sheet.text(left_x, y + 55, sheet.words.status(Status.NO_DATA), styles.NO_VALUE, palette.MUTED)
        sheet.text(left_x, y + 77, sheet.words.goal_line(reading), styles.GOAL, palette.MUTED)
        limit = WIDTH - 2 * _PADDING
        sheet.lines(left_x, y + 97, wrap(reason, styles.CAPTION, limit, 4), styles.CAPTION, palette.INK_2, 15, limit)


def _history(sheet: Sheet, left_x: float, y: float, tile: Tile, value_end: float) -> None:
    inner = WIDTH - 2 * _PADDING
    reading = tile.reading
    if has_line(tile):
        with sheet.tagged("Figure", trend_in_words(sheet.words, tile)):
            box = Box(left_x, y + 88, inner - 6, 24)
            if tile.other_media:  # their lines are where the line of a day with one medium is
                box = Box(value_end, y + 36, left_x + inner - 6 - value_end, 22)
            sparkline.draw(sheet, box, tile.trend, goal_of(reading), palette.STATUS[reading.status])
    if tile.other_media:
        draw_others(sheet, left_x, left_x + inner, y + 95, 15, tile.other_media, styles.CAPTION)
    for line, change in enumerate(tile.changes):
        change_line(
            sheet,
            left_x,
            left_x + inner,
            y + 131 + 17 * line,
            change,
            reading.metric,
            styles.CAPTION,
            styles.CAPTION_STRONG,
        )
    if not tile.changes:
        with sheet.tagged("P"):
            offset = 131 if has_line(tile) or tile.other_media else 100
            sheet.text(left_x, y + offset, sheet.words.uncompared(tile), styles.CAPTION, palette.MUTED)


def draw_others(
    sheet: Sheet,
    left_x: float,
    right_x: float,
    y: float,
    leading: float,
    other_media: Sequence[MediumReading],
    style: Style,
    *,
    most_lines: int = 2,
) -> None:
    """Write the readings of the other media on at most so many lines, each with the shape of its status."""
    on_a_line = -(-len(other_media) // most_lines)
    lines = [other_media[start : start + on_a_line] for start in range(0, len(other_media), on_a_line)]
    for number, line in enumerate(lines):
        _line_of_others(sheet, left_x, right_x, y + leading * number, line, style)


def _line_of_others(
    sheet: Sheet, left_x: float, right_x: float, y: float, other_media: Sequence[MediumReading], style: Style
) -> None:
    words = sheet.words
    texts = [
        words.other_medium(medium_reading) if len(other_media) == 1 else words.other_value(medium_reading)
        for medium_reading in other_media
    ]
    icon, gap = style.size * 0.85, 8
    room = right_x - left_x - len(other_media) * (icon + 4) - gap * (len(other_media) - 1)
    fitting = smaller("".join(texts), style, room, 5)
    for text, medium_reading in zip(texts, other_media, strict=True):
        with sheet.tagged("Figure", words.status(medium_reading.reading.status)):
            icons.status(sheet, left_x, y - icon * 0.86, icon, medium_reading.reading.status)
        with sheet.tagged("P"):
            left_x += icon + 4 + sheet.text(left_x + icon + 4, y, text, fitting, palette.INK_2) + gap


def has_line(tile: Tile) -> bool:
    """Return whether there are at least two days to draw a line between, and a reading for its end."""
    return tile.reading.ratio is not None and sum(value is not None for value in tile.trend) > 1


def trend_in_words(words: Words, tile: Tile) -> str:
    """Return e.g. "Service level, last 3 business days: 82.0%, –, 77.5%", the line for screen readers."""
    return words.say(
        "{metric}, last {days} business days: {values}",
        metric=words.tile_name(tile),
        days=len(tile.trend),
        values=", ".join((*(words.percent(value) for value in tile.trend[:-1]), _today(words, tile))),
    )


def _today(words: Words, tile: Tile) -> str:
    """Return the day's value, a dash where the day is incomplete and so not held against others."""
    return MISSING if tile.trend[-1] is None else words.value(tile.reading)
