"""The page Why: from the average to the day's service level, part by part, and each factor against its usual range."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.pdf.charts.waterfall import WaterfallChart, WaterfallForm
from renderers.pdf.drawing import palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone import layout
from renderers.pdf.text.typesetting import smaller, wrap
from renderers.words import FactorRow, Words
from worker.domain.why.content import Why

_TITLE = 121
_LABELS = 150
"""How wide the column of labels is."""
_FORM = WaterfallForm(
    layout.MARGIN,
    _LABELS,
    from_x=layout.MARGIN + _LABELS + 52,
    to_x=layout.RIGHT - 44,
    first=152,
    step=46,
    bar=15,
    strong=styles.BODY_STRONG,
    detail=styles.CAPTION,
)
_COLUMNS = (layout.MARGIN + 198, layout.MARGIN + 284, layout.RIGHT)
_ROW = 27


def chart(words: Words, explanation: Why, day: str) -> WaterfallChart:
    """Return the chart of the page, which the wall page has too."""
    return WaterfallChart(words.waterfall(explanation), words.why_average(explanation), day)


def draw(sheet: Sheet, explanation: Why, day: str) -> None:
    """Draw the page without its foot. ``day``: the short name of the reporting day."""
    words = sheet.words
    layout.heading(sheet, words.why_title())
    layout.summary(sheet, *words.why_summary(explanation))
    with sheet.tagged("H2"):
        sheet.text(layout.MARGIN, _TITLE, words.why_from_to(explanation), styles.CHART_LABEL, palette.INK_2)
    y = chart(words, explanation, day).draw(sheet, _FORM) - 12
    y = _table(sheet, words.factor_rows(explanation), day, y + 12)
    _notes(sheet, words.why_notes(explanation), y + 14)


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
