"""The tile of a metric on a phone page: value, status, ten days, and changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renderers.pdf.charts import sparkline
from renderers.pdf.charts.sparkline import Box
from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import SMALLEST, Style, smaller, width, wrap
from renderers.words import MISSING, Words, has_goal
from worker.domain.briefing.content import Briefing, Change, MediumReading, Tile
from worker.domain.metrics import Metric, Reading, Status

WIDTH, HEIGHT = 174, 158
_PADDING = 12
_BETWEEN_OTHERS = 8
_MOST_LINES = 4
_PLACES = {
    0: (0, 0, 131, 17),
    1: (95, 0, 131, 17),
    2: (95, 15, 131, 17),
    3: (92, 12.5, 131, 17),
    4: (92, 11.5, 139, 13.5),
}
"""By the number of lines with other media: where the first is, their leading, and the same of the changes."""
_MOST_BELOW = 2
"""So many lines have room below the other media."""
_THREE_LINES = (127, 12.5)
"""Where two changes and the usual range are, below the line of days."""
_THREE_LINES_OF_TEXT = (125, 13.5)
"""The same without changes: the end of the line of days has only figures below it."""


def draw(sheet: Sheet, x: float, y: float, briefing: Briefing, tile: Tile) -> None:
    """Draw the tile with its upper left at (x, y)."""
    reading = tile.reading
    fill, border = palette.CARD[reading.status]
    sheet.rounded([(x, y, WIDTH, HEIGHT)], 10, fill, border)
    with sheet.grouped("Sect"):
        icons.status(sheet, x + WIDTH - _PADDING - 18, y + 11, 18, reading.status)
        left_x = x + _PADDING
        name = sheet.words.tile_name(tile)
        style = smaller(name, styles.TILE_LABEL, WIDTH - 2 * _PADDING - 24)
        with sheet.tagged("H3"):
            sheet.text(left_x, y + 24, name, style, palette.INK_2)
        if reading.ratio is None:
            _no_value(sheet, left_x, y, reading, sheet.words.own_reason(briefing, reading))
            return
        with sheet.tagged("P"):
            value_width = sheet.text(left_x, y + 58, sheet.words.value(reading), styles.VALUE, palette.INK)
            status_and_goal(sheet, left_x, y + 77, reading, styles.STATUS, styles.GOAL, WIDTH - 2 * _PADDING)
        _history(
            sheet,
            left_x,
            y,
            tile,
            left_x + value_width + 10,
            usual_text(sheet.words, briefing, tile, WIDTH - 2 * _PADDING, styles.CAPTION),
        )


def status_and_goal(
    sheet: Sheet, x: float, y: float, reading: Reading, strong: Style, plain: Style, room: float
) -> None:
    """Write e.g. "Missed  goal ≥ 80%", the goal smaller where the two are too long for one line."""
    word = sheet.words.status(reading.status)
    sheet.text(x, y, word, strong, palette.STATUS[reading.status])
    goal, left_x = sheet.words.goal_line(reading), x + width(word, strong) + 6
    sheet.text(left_x, y, goal, smaller(goal, plain, x + room - left_x, 7), palette.MUTED)


def change_line(
    sheet: Sheet, left_x: float, right_x: float, y: float, change: Change, metric: Metric, plain: Style, strong: Style
) -> None:
    """Write e.g. "Tue 20                 ▼ 5.4 points worse", in smaller type where there is too little room."""
    text = sheet.words.change(change, metric)
    reference, arrow = sheet.words.reference(change), plain.size * 0.6 + 4
    room = right_x - left_x - arrow - 8
    while plain.size > SMALLEST and width(reference, plain) + width(text.text, strong) > room:
        plain, strong = Style(plain.face, plain.size - 0.5), Style(strong.face, strong.size - 0.5)
    with sheet.tagged("P"):
        sheet.text(left_x, y, reference, plain, palette.MUTED)
        spoken = text.sign + text.text
        text_width = sheet.text(right_x, y, text.text, strong, palette.INK_2, align="right", spoken=spoken)
        size = arrow - 4
        icons.arrow(sheet, right_x - text_width - arrow, y - 0.6, size, text.direction, palette.TONE[text.tone])


def goal_of(reading: Reading) -> float | tuple[float, float] | None:
    """Return the goal to draw, None where the reading has none."""
    return reading.goal if has_goal(reading) else None


def _no_value(sheet: Sheet, left_x: float, y: float, reading: Reading, reason: str) -> None:
    with sheet.tagged("P"):
        sheet.text(left_x, y + 55, sheet.words.status(Status.NO_DATA), styles.NO_VALUE, palette.MUTED)
        sheet.text(left_x, y + 77, sheet.words.goal_line(reading), styles.GOAL, palette.MUTED)
        limit = WIDTH - 2 * _PADDING
        sheet.lines(left_x, y + 97, wrap(reason, styles.CAPTION, limit, 4), styles.CAPTION, palette.INK_2, 15, limit)


def _history(sheet: Sheet, left_x: float, y: float, tile: Tile, value_end: float, usual: str) -> None:
    right_x, reading = left_x + WIDTH - 2 * _PADDING, tile.reading
    if has_line(tile):
        with sheet.tagged("Figure", trend_in_words(sheet.words, tile)):
            box = Box(left_x, y + 88, right_x - left_x - 6, 24)
            if tile.other_media:  # their lines are where the line of a day with one medium is
                box = Box(value_end, y + 36, right_x - 6 - value_end, 22)
            sparkline.draw(sheet, box, tile.trend, goal_of(reading), palette.STATUS[reading.status])
    medium_lines = others_in_lines(sheet.words, tile.other_media, right_x - left_x, styles.CAPTION, 2)[:_MOST_LINES]
    others_top, leading, changes_top, changes_leading = _PLACES[len(medium_lines)]
    changes = tile.changes[: _MOST_BELOW - bool(usual)] if medium_lines else tile.changes
    lines = [] if changes else wrap(sheet.words.uncompared(tile), styles.CAPTION, right_x - left_x, 2)
    if usual and len(changes) + len(lines) == _MOST_BELOW:
        changes_top, changes_leading = _THREE_LINES if changes else _THREE_LINES_OF_TEXT
    for number, line in enumerate(medium_lines):
        line_of_others(sheet, left_x, y + others_top + leading * number, line)
    for number, change in enumerate(changes):
        baseline = y + changes_top + changes_leading * number
        change_line(sheet, left_x, right_x, baseline, change, reading.metric, styles.CAPTION, styles.CAPTION_STRONG)
    if lines:
        with sheet.tagged("P"):
            offset, leading = (changes_top, changes_leading) if usual else (changes_top, 15)
            offset = offset if has_line(tile) or medium_lines else 100
            sheet.lines(left_x, y + offset, lines, styles.CAPTION, palette.MUTED, leading, right_x - left_x)
    baseline = y + changes_top + changes_leading * len(changes or lines)
    usual_line(sheet, left_x, right_x, baseline, usual, styles.CAPTION)


def usual_text(words: Words, briefing: Briefing, tile: Tile, room: float, style: Style) -> str:
    """Return what is usual for the figure, without the number of days where it is too long in the smallest type."""
    text = words.usual(briefing, tile)
    is_too_long = width(text, smaller(text, style, room)) > room
    return words.usual(briefing, tile, is_short=True) if is_too_long else text


def usual_line(sheet: Sheet, left_x: float, right_x: float, y: float, usual: str, style: Style) -> None:
    """Write what is usual for the figure, in smaller type where there is too little room."""
    if usual:
        with sheet.tagged("P"):
            sheet.text(left_x, y, usual, smaller(usual, style, right_x - left_x), palette.INK_2)


@dataclass(frozen=True, slots=True)
class OtherReading:
    """A reading of another medium as it is written."""

    text: str
    style: Style
    status: Status

    @property
    def icon(self) -> float:
        """The size of the shape before the text."""
        return self.style.size * 0.85

    @property
    def width(self) -> float:
        """The width of shape and text."""
        return self.icon + 4 + width(self.text, self.style)


def others_in_lines(
    words: Words, readings: Sequence[MediumReading], room: float, style: Style, most_lines: int
) -> list[list[OtherReading]]:
    """Return the readings of the other media in lines: a single one with its goal, several as many as fit on a line.

    Where they need more than ``most_lines``, they are in smaller type.
    """
    texts = [words.other_value(reading) for reading in readings]
    if len(readings) == 1:
        with_goal = words.other_medium(readings[0])
        style = smaller(with_goal, style, room - style.size)
        texts = [with_goal] if width(with_goal, style) <= room - style.size else texts
    statuses = [reading.reading.status for reading in readings]
    lines = _packed([OtherReading(*pair) for pair in zip(texts, [style] * len(texts), statuses, strict=True)], room)
    if len(lines) > most_lines and style.size > SMALLEST:
        return others_in_lines(words, readings, room, Style(style.face, max(style.size - 0.5, SMALLEST)), most_lines)
    return lines


def _packed(readings: Sequence[OtherReading], room: float) -> list[list[OtherReading]]:
    lines: list[list[OtherReading]] = []
    for reading in readings:
        if lines and sum(neighbour.width + _BETWEEN_OTHERS for neighbour in lines[-1]) + reading.width <= room:
            lines[-1].append(reading)
        else:
            lines.append([reading])
    return lines


def line_of_others(sheet: Sheet, left_x: float, y: float, readings: Sequence[OtherReading]) -> None:
    """Write one line of readings, each with the shape of its status."""
    for reading in readings:
        with sheet.tagged("Figure", sheet.words.status(reading.status)):
            icons.status(sheet, left_x, y - reading.icon * 0.86, reading.icon, reading.status)
        with sheet.tagged("P"):
            sheet.text(left_x + reading.icon + 4, y, reading.text, reading.style, palette.INK_2)
        left_x += reading.width + _BETWEEN_OTHERS


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
