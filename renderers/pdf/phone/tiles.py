"""The tile of a metric on a phone page: value, status, ten days, and changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renderers.pdf.charts import sparkline
from renderers.pdf.charts.sparkline import Box
from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.reading_lines import changes_line, status_and_goal, usual_line
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import SMALLEST, Style, smaller, width, wrap
from renderers.words import MISSING, Substitute, Words, has_goal, percent_of
from worker.domain.briefing.content import Briefing, MediumReading, Tile
from worker.domain.briefing.usual_content import Measure, UsualFigure
from worker.domain.metrics import Reading, Status

WIDTH, HEIGHT = 174, 151
_PADDING = 11
_ROOM = WIDTH - 2 * _PADDING
_BETWEEN_OTHERS = 8
_NARROWEST_LINE = 19
"""Where a figure leaves less room beside it, no line of days is drawn: that of ten days would be a smear."""
_MOST_LINES = 4
"""Lines of other media."""
_LAST, _FIRST, _LEADING = 141.0, 84.0, 15.0
"""The baselines of the last line and of the highest possible first one, and the leading of few lines."""


def draw(sheet: Sheet, x: float, y: float, briefing: Briefing, tile: Tile) -> None:
    """Draw the tile with its upper left at (x, y)."""
    reading = tile.reading
    fill, border = palette.CARD[reading.status]
    sheet.rounded([(x, y, WIDTH, HEIGHT)], 10, fill, border)
    with sheet.grouped("Sect"):
        icons.status(sheet, x + WIDTH - _PADDING - 17, y + 9, 17, reading.status)
        left_x = x + _PADDING
        name = sheet.words.tile_name(tile)
        style = smaller(name, styles.TILE_LABEL, _ROOM - 23)
        with sheet.tagged("H3"):
            sheet.text(left_x, y + 21, name, style, palette.INK_2)
        if reading.ratio is None:
            _no_value(sheet, left_x, y, reading, sheet.words.own_reason(briefing, reading))
            return
        with sheet.tagged("P"):
            value = sheet.words.value(reading)
            value_width = sheet.text(left_x, y + 53, value, smaller(value, styles.VALUE, _ROOM), palette.INK)
            status_and_goal(sheet, left_x, y + 71, reading, styles.STATUS, styles.GOAL, _ROOM)
        _history(sheet, left_x, y, briefing, tile, left_x + value_width + 10)


def draw_substitute(sheet: Sheet, x: float, y: float, figure: Substitute) -> None:
    """Draw a figure without a goal in the place of a metric that is not available."""
    sheet.rounded([(x, y, WIDTH, HEIGHT)], 10, *palette.CARD[Status.NOT_JUDGED])
    left_x, right_x = x + _PADDING, x + WIDTH - _PADDING
    with sheet.grouped("Sect"):
        icons.status(sheet, right_x - 17, y + 9, 17, Status.NOT_JUDGED)
        with sheet.tagged("H3"):
            style = smaller(figure.name, styles.TILE_LABEL, _ROOM - 23)
            sheet.text(left_x, y + 21, figure.name, style, palette.INK_2)
        with sheet.tagged("P"):
            sheet.text(left_x, y + 53, figure.value, smaller(figure.value, styles.VALUE, _ROOM), palette.INK)
            sheet.text(left_x, y + 71, sheet.words.status(Status.NOT_JUDGED), styles.STATUS, palette.MUTED)
        line_of_days(sheet, Box(left_x, y + 83, _ROOM - 6, 24), figure)
        last_lines(sheet, left_x, right_x, y + _LAST, _LEADING, figure, styles.CAPTION)


def line_of_days(sheet: Sheet, box: Box, figure: Substitute) -> None:
    """Draw the line of days of a figure without a goal, if two days are known and the last is one of them."""
    known_days = [number for number in figure.trend if number is not None]
    if len(known_days) < 2 or figure.trend[-1] is None:
        return
    words = sheet.words
    text = words.say(
        "{metric}, last {days} business days: {values}",
        metric=figure.name,
        days=len(figure.trend),
        values=", ".join(map(words.count, figure.trend)),
    )
    with sheet.tagged("Figure", text):
        colour = palette.STATUS[Status.NOT_JUDGED]
        sparkline.draw(sheet, box, figure.trend, None, colour, usual=figure.usual_range)


def last_lines(
    sheet: Sheet, left_x: float, right_x: float, y: float, leading: float, figure: Substitute, style: Style
) -> None:
    """Write what is usual for a figure, and its change below at ``y``."""
    baseline = y - leading if figure.caption else y
    usual_line(sheet, left_x, right_x, baseline, figure.usual, style, figure.range_alone)
    if figure.caption:
        with sheet.tagged("P"):
            sheet.text(left_x, y, figure.caption, smaller(figure.caption, style, right_x - left_x), palette.MUTED)


def goal_of(reading: Reading) -> float | tuple[float, float] | None:
    """Return the goal to draw, None where the reading has none."""
    return reading.goal if has_goal(reading) else None


def usual_range_of(tile: Tile) -> tuple[float, float] | None:
    """Return the usual range to draw, None where the tile says none."""
    usual = tile.usual
    is_said = isinstance(usual, UsualFigure) and (usual.is_unusual or not usual.is_coarse)
    return (usual.low, usual.high) if isinstance(usual, UsualFigure) and is_said else None


def range_of_tile(words: Words, tile: Tile) -> str:
    """Return what is usual for the tile's figure, without words."""
    reading = tile.reading
    value = reading.ratio.value if reading.ratio else None
    return words.range_alone(tile.usual, Measure(reading.metric.value), value)


def _no_value(sheet: Sheet, left_x: float, y: float, reading: Reading, reason: str) -> None:
    with sheet.tagged("P"):
        sheet.text(left_x, y + 52, sheet.words.status(Status.NO_DATA), styles.NO_VALUE, palette.MUTED)
        sheet.text(left_x, y + 73, sheet.words.goal_line(reading), styles.GOAL, palette.MUTED)
        lines = wrap(reason, styles.CAPTION, _ROOM, 4)
        sheet.lines(left_x, y + 92, lines, styles.CAPTION, palette.INK_2, 15, _ROOM)


def _history(sheet: Sheet, left_x: float, y: float, briefing: Briefing, tile: Tile, value_end: float) -> None:
    """Draw the line of days, and below it the other media, what is usual, and the changes if there is room."""
    words, right_x, reading = sheet.words, left_x + _ROOM, tile.reading
    box = Box(left_x, y + 83, right_x - left_x - 6, 24)
    if tile.other_media:  # their lines are where the line of a day with one medium is
        box = Box(value_end, y + 32, right_x - 6 - value_end, 22)
    if (has_line(tile) or has_dot(tile)) and box.width >= _NARROWEST_LINE:
        with sheet.tagged("Figure", trend_in_words(words, tile)):
            colour = palette.STATUS[reading.status]
            sparkline.draw(sheet, box, tile.trend, goal_of(reading), colour, usual=usual_range_of(tile))
    medium_lines = others_in_lines(words, tile.other_media, _ROOM, styles.CAPTION, 2)[:_MOST_LINES]
    usual = words.usual_on_tile(briefing, tile)
    has_changes = len(medium_lines) < _MOST_LINES or not usual  # a sixth line would touch the pill of the fifth
    number_of_lines = len(medium_lines) + bool(usual) + has_changes
    leading = min(_LEADING, (_LAST - _FIRST) / max(number_of_lines - 1, 1))
    baseline = y + _LAST - leading * (number_of_lines - 1)
    for line in medium_lines:
        line_of_others(sheet, left_x, baseline, line)
        baseline += leading
    usual_line(sheet, left_x, right_x, baseline, usual, styles.CAPTION, range_of_tile(sheet.words, tile))
    if has_changes:
        changes(sheet, left_x, right_x, y + _LAST, briefing, tile, styles.CAPTION)


def changes(
    sheet: Sheet, left_x: float, right_x: float, y: float, briefing: Briefing, tile: Tile, style: Style
) -> None:
    """Write the changes on one line, or why there are none."""
    if tile.changes:
        changes_line(sheet, left_x, right_x, y, briefing.reporting_day, tile, style)
        return
    with sheet.tagged("P"):
        text = sheet.words.uncompared(tile)
        sheet.text(left_x, y, text, smaller(text, style, right_x - left_x), palette.MUTED)


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


def has_dot(tile: Tile) -> bool:
    """Return whether there is no line yet, and a goal to hold the first day against."""
    has_day = bool(tile.trend) and tile.trend[-1] is not None
    return has_day and not has_line(tile) and tile.reading.is_judged and not tile.other_media


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
    percent = None if tile.trend[-1] is None else percent_of(tile.reading)
    return words.shown_percent(percent) if percent else MISSING
