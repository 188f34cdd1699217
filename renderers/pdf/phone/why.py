"""The page Why: from the average to the day's service level, part by part, and each factor against its usual range."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.pdf.drawing import palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone import layout
from renderers.pdf.text.typesetting import smaller, wrap
from renderers.words import FactorRow, Waterfall, WhyStep
from worker.domain.metrics import Status
from worker.domain.why.content import Why

_TITLE, _FIRST, _STEP = 121, 152, 46
_LABELS = 150
"""How wide the column of labels is."""
_LEFT, _RIGHT = layout.MARGIN + _LABELS + 52, layout.RIGHT - 44
_BAR = 15
_GREY_BELOW = 0.25
"""Smaller parts are grey: their sign says nothing."""
_COLUMNS = (layout.MARGIN + 198, layout.MARGIN + 284, layout.RIGHT)
_ROW = 27


def draw(sheet: Sheet, explanation: Why, day: str) -> None:
    """Draw the page without its foot. ``day``: the short name of the reporting day."""
    words = sheet.words
    layout.heading(sheet, words.why_title())
    layout.summary(sheet, *words.why_summary(explanation))
    with sheet.tagged("H2"):
        sheet.text(layout.MARGIN, _TITLE, words.why_from_to(explanation), styles.CHART_LABEL, palette.INK_2)
    is_coloured = not explanation.is_mostly_unexplained
    y = _waterfall(sheet, words.waterfall(explanation), words.why_average(explanation), day, is_coloured=is_coloured)
    y = _table(sheet, words.factor_rows(explanation), day, y + 12)
    _notes(sheet, words.why_notes(explanation), y + 14)


def _waterfall(sheet: Sheet, waterfall: Waterfall, average: str, day: str, *, is_coloured: bool) -> float:
    """Draw totals as marks on a thin line, because the axis does not begin at 0, and parts as bars between them."""
    scale = _Scale(waterfall)
    y, level = float(_FIRST), waterfall.average
    _total(sheet, y, average, level, scale)
    for step in waterfall.steps:
        sheet.line([(scale.x(level), y + 8), (scale.x(level), y + _STEP - 7)], palette.GOAL, 0.75)
        y += _STEP
        _part(sheet, y, step, level, scale, is_coloured=is_coloured)
        level += step.points
    sheet.line([(scale.x(level), y + 8), (scale.x(level), y + _STEP - 7)], palette.GOAL, 0.75)
    y += _STEP
    _total(sheet, y, day, waterfall.level, scale)
    return y + _STEP - 12


class _Scale:
    """Places percentages between the columns of labels and figures."""

    def __init__(self, waterfall: Waterfall) -> None:
        levels = [waterfall.average]
        for step in waterfall.steps:
            levels.append(levels[-1] + step.points)
        self._low, self._high = min(levels), max(levels)

    def x(self, percent: float) -> float:
        """Return where a percentage is."""
        return _LEFT + (_RIGHT - _LEFT) * (percent - self._low) / max(self._high - self._low, 1.0)


def _total(sheet: Sheet, y: float, label: str, level: float, scale: _Scale) -> None:
    x = scale.x(level)
    sheet.rule(layout.MARGIN + _LABELS, y, x - layout.MARGIN - _LABELS, palette.RULE)
    sheet.boxes([(x - 2, y - 8, 4, 16)], palette.INK)
    with sheet.tagged("P"):
        style = smaller(label, styles.BODY_STRONG, _LABELS)
        sheet.text(layout.MARGIN, y + 4.5, label, style, palette.INK, limit=_LABELS)
        sheet.text(x + 6, y + 4.5, sheet.words.decimal(level, 1), styles.BODY_STRONG, palette.INK)


def _part(sheet: Sheet, y: float, step: WhyStep, level: float, scale: _Scale, *, is_coloured: bool) -> None:
    start, end = scale.x(level), scale.x(level + step.points)
    is_small = abs(step.points) < _GREY_BELOW or not is_coloured
    colour = palette.GOAL if is_small else palette.STATUS[Status.MISSED if step.points < 0 else Status.ON_TARGET]
    sheet.boxes([(min(start, end) - 0.5, y - _BAR / 2, abs(end - start) + 1, _BAR)], colour)
    with sheet.tagged("P"):
        label = smaller(step.label, styles.BODY_STRONG, _LABELS)
        sheet.text(layout.MARGIN, y - 1, step.label, label, palette.INK, limit=_LABELS)
        detail = smaller(step.detail, styles.CAPTION, _LABELS)
        sheet.text(layout.MARGIN, y + 14, step.detail, detail, palette.MUTED, limit=_LABELS)
        text = sheet.words.signed(step.points)
        if step.points < 0:
            sheet.text(min(start, end) - 6, y + 4.5, text, styles.BODY_STRONG, palette.INK, align="right")
        else:
            sheet.text(max(start, end) + 6, y + 4.5, text, styles.BODY_STRONG, palette.INK)


def _table(sheet: Sheet, rows: Sequence[FactorRow], day: str, y: float) -> float:
    """Draw each factor against its own usual range, and return where the table ends."""
    if not rows:
        return y
    words = sheet.words
    with sheet.tagged("H2"):
        sheet.text(layout.MARGIN, y, words.say("Was it outside its usual range?"), styles.PANEL_HEAD, palette.INK)
    with sheet.grouped("Table"):
        with sheet.grouped("TR"):
            for right_x, header in zip(_COLUMNS, (day, words.say("usually"), ""), strict=True):
                if header:
                    with sheet.tagged("TH", scope="Column"):
                        sheet.text(right_x, y + 20, header, styles.AXIS, palette.MUTED, align="right")
        y += 28
        for row in rows:
            _row(sheet, y, row)
            y += _ROW
    sheet.rule(layout.MARGIN, y, layout.CONTENT, palette.RULE)
    return y


def _row(sheet: Sheet, y: float, row: FactorRow) -> None:
    sheet.rule(layout.MARGIN, y, layout.CONTENT, palette.RULE)
    with sheet.grouped("TR"):
        with sheet.tagged("TH", scope="Row"):
            room = _COLUMNS[0] - 52 - layout.MARGIN
            sheet.text(layout.MARGIN, y + 18, row.name, smaller(row.name, styles.BODY, room), palette.INK, limit=room)
        verdict = styles.BODY_STRONG if row.is_outside else styles.BODY
        cells = ((row.today, styles.BODY_STRONG), (row.usual, styles.BODY), (row.verdict, verdict))
        for right_x, (text, style) in zip(_COLUMNS, cells, strict=True):
            with sheet.tagged("TD"):
                sheet.text(right_x, y + 18, text, style, palette.INK, align="right")


def _notes(sheet: Sheet, notes: Sequence[str], y: float) -> None:
    """Write how to read the page on a card."""
    limit = layout.CONTENT - 24
    lines = [wrap(note, styles.CAPTION, limit, 3) for note in notes]
    height = 34 + 15 * sum(map(len, lines)) + 8
    sheet.rounded([(layout.MARGIN, y, layout.CONTENT, height)], 10, palette.SURFACE)
    with sheet.tagged("H2"):
        sheet.text(layout.MARGIN + 12, y + 21, sheet.words.say("How to read this"), styles.CHART_LABEL, palette.INK)
    baseline = y + 40
    for note in lines:
        with sheet.tagged("P"):
            baseline = sheet.lines(layout.MARGIN + 12, baseline, note, styles.CAPTION, palette.INK_2, 15, limit)
