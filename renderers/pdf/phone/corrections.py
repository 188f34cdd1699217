"""The page of a corrected briefing: each figure that differs, as the earlier revision had it and as it is now."""

from __future__ import annotations

from renderers.pdf.drawing import palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone import page
from renderers.words import CorrectionText, RevisedText
from worker.domain.briefing.content import Briefing

TOP, ROW, MOST_ROWS = 118, 34, 20
_BEFORE = page.RIGHT - 92


def needs_page(briefing: Briefing) -> bool:
    """Whether there is anything to list."""
    return bool(briefing.correction and briefing.correction.changes)


def draw(sheet: Sheet, briefing: Briefing) -> None:
    """The list, as far as it fits, and how many more there are."""
    page.heading(sheet, sheet.words.corrected(briefing.revision))
    told = sheet.words.correction(briefing, MOST_ROWS)
    if told is None or briefing.correction is None:
        return
    page.summary(sheet, told.head)
    with sheet.tagged("P"):
        for x, revision in ((_BEFORE, briefing.correction.revision), (page.RIGHT, briefing.revision)):
            text = sheet.words.say("rev {revision}", revision=revision)
            sheet.text(x, TOP - 10, text, styles.CAPTION, palette.MUTED, align="right")
    with sheet.grouped("L"):
        for number, changed in enumerate(told.changes):
            _row(sheet, TOP + ROW * number, changed)
    _more(sheet, told)


def _row(sheet: Sheet, y: float, changed: RevisedText) -> None:
    sheet.rule(page.MARGIN, y, page.CONTENT, palette.RULE)
    with sheet.grouped("LI"), sheet.tagged("LBody"):
        limit = _BEFORE - page.MARGIN - 76
        sheet.text(page.MARGIN, y + 22, changed.label, styles.ROW_NAME, palette.INK, limit=limit)
        sheet.text(_BEFORE, y + 22, changed.before, styles.BODY, palette.MUTED, align="right")
        sheet.text(page.RIGHT, y + 22, changed.now, styles.ROW_VALUE, palette.INK, align="right")


def _more(sheet: Sheet, told: CorrectionText) -> None:
    y = TOP + ROW * len(told.changes)
    sheet.rule(page.MARGIN, y, page.CONTENT, palette.RULE)
    if told.more:
        with sheet.tagged("P"):
            sheet.text(page.MARGIN, y + 20, told.more, styles.CAPTION, palette.MUTED)
