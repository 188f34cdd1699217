"""Contacts offered by half-hour, with the abandoned ones in red at the bottom."""

from __future__ import annotations

from renderers.pdf.charts.sparkline import Box
from renderers.pdf.charts.time_axis import TimeAxis
from renderers.pdf.drawing import palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import Style, smaller
from renderers.words import Words

_FILL = 0.82
_EDGE = 16
"""Points between the page's left edge and the labels of the grid lines."""


def is_known(axis: TimeAxis) -> bool:
    """Return whether there are counts to draw. Some sources give percentages only."""
    return any(half.counts.offered for half in axis.halves)


def legend(sheet: Sheet, left_x: float, right_x: float, y: float, medium: str | None) -> None:
    """Write the title on the left and what red means on the right."""
    with sheet.tagged("P"):
        sheet.text(
            left_x,
            y,
            sheet.words.in_medium(sheet.words.say("Contacts offered"), medium),
            styles.CHART_LABEL,
            palette.INK_2,
        )
        word_width = sheet.text(right_x, y, sheet.words.say("abandoned"), styles.AXIS, palette.MUTED, align="right")
        sheet.rounded([(right_x - word_width - 14, y - 8, 9, 9)], 2, palette.BAD)


def short_legend(sheet: Sheet, left_x: float, y: float, medium: str | None) -> None:
    """Write the title and what red means side by side."""
    title = sheet.words.in_medium(sheet.words.say("Offered"), medium)
    with sheet.tagged("P"):
        word_width = sheet.text(left_x, y, title, styles.WALL_CAPTION_STRONG, palette.INK_2)
        sheet.rounded([(left_x + word_width + 10, y - 7, 7.5, 7.5)], 1.6, palette.BAD)
        sheet.text(left_x + word_width + 21, y, sheet.words.say("abandoned"), styles.WALL_CAPTION, palette.MUTED)


def draw(sheet: Sheet, box: Box, axis: TimeAxis, plain: Style, lines: int = 4) -> None:
    """Draw the chart in its box with about ``lines`` grid lines, and axis labels to the left."""
    most = max(half.counts.offered or 0 for half in axis.halves)
    step = grid_step(most, lines)
    top = step * -(-most // step)
    with sheet.tagged("Figure", _in_words(sheet.words, axis)):
        for value in range(0, top + 1, step):
            y = box.y + box.height * (1 - value / top)
            sheet.rule(box.x, y, box.width, palette.RULE)
            text = tick(sheet.words, value, step)
            style = smaller(text, plain, box.x - 6 - _EDGE)
            sheet.text(box.x - 6, y + plain.size * 0.36, text, style, palette.MUTED, align="right")
        _bars(sheet, box, axis, box.height / top)


def grid_step(most: int, lines: int) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 50 … that needs at most ``lines`` grid lines."""
    step, factors = 1, (2, 2.5, 2)
    turn = 0
    while most > step * lines:
        step = int(step * factors[turn % 3])
        turn += 1
    return step


def tick(words: Words, value: int, step: int) -> str:
    """Return the label of a grid line: 1,500, 20k or 3M."""
    if step >= 1_000_000 and value:
        return f"{value // 1_000_000}M"
    return f"{value // 1000}k" if step >= 1000 and value else words.count(value)


def _bars(sheet: Sheet, box: Box, axis: TimeAxis, scale: float) -> None:
    ground = box.y + box.height
    inset, thick = axis.slot * (1 - _FILL) / 2, axis.slot * _FILL
    offered, abandoned = [], []
    for half in axis.halves:
        x = axis.place(half.start) + inset
        high, low = (half.counts.offered or 0) * scale, (half.counts.abandoned or 0) * scale
        offered.append((x, ground - high, thick, high))
        abandoned.append((x, ground - low, thick, low))
    sheet.boxes((bar for bar in offered if bar[3]), palette.VOLUME)
    sheet.boxes((bar for bar in abandoned if bar[3]), palette.BAD)


def _in_words(words: Words, axis: TimeAxis) -> str:
    numbers = ", ".join(
        f"{words.clock(half.start)} {words.count(half.counts.offered)} ({words.count(half.counts.abandoned)})"
        for half in axis.halves
    )
    return words.say("Contacts offered, and in brackets abandoned, by half-hour: {numbers}", numbers=numbers)
