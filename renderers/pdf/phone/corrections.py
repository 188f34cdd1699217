"""The list of what a correction changed: each figure that differs, before and now."""

from __future__ import annotations

from renderers.pdf.drawing import palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone import layout
from renderers.pdf.text.typesetting import fit_name
from renderers.words import CorrectionText, RevisedText
from worker.domain.briefing.content import Briefing

TOP, ROW, MOST_ROWS = 84, 34, 16
_BEFORE = layout.RIGHT - 92


def needs_list(briefing: Briefing) -> bool:
    """Return whether there is anything to list."""
    return bool(briefing.correction and briefing.correction.changes)


def end(briefing: Briefing, top: float = 0) -> float:
    """Return where the list ends if its heading begins at ``top``."""
    correction = briefing.correction
    changes = len(correction.changes) + bool(correction.targets) if correction else 0
    return top + TOP + ROW * min(changes, MOST_ROWS) + (26 if changes > MOST_ROWS else 0)


def draw(sheet: Sheet, briefing: Briefing, top: float = 0) -> None:
    """Draw the list as far as it fits, and how many more there are."""
    layout.heading(sheet, sheet.words.say("What changed"), top)
    correction = sheet.words.correction(briefing, MOST_ROWS)
    if correction is None or briefing.correction is None:
        return
    layout.summary(sheet, "", correction.head, top=top)
    with sheet.tagged("P"):
        for x, revision in ((_BEFORE, briefing.correction.revision), (layout.RIGHT, briefing.revision)):
            text = sheet.words.say("rev {revision}", revision=revision)
            sheet.text(x, top + TOP - 12, text, styles.CAPTION, palette.MUTED, align="right")
    with sheet.grouped("L"):
        for number, change in enumerate(correction.changes):
            _row(sheet, top + TOP + ROW * number, change)
    _draw_rest(sheet, top + TOP + ROW * len(correction.changes), correction)


def _row(sheet: Sheet, y: float, changed: RevisedText) -> None:
    sheet.rule(layout.MARGIN, y, layout.CONTENT, palette.RULE)
    with sheet.grouped("LI"), sheet.tagged("LBody"):
        label = fit_name(changed.label, styles.ROW_NAME, _BEFORE - layout.MARGIN - 76)
        sheet.text(layout.MARGIN, y + 22, label, styles.ROW_NAME, palette.INK)
        sheet.text(_BEFORE, y + 22, changed.earlier, styles.BODY, palette.MUTED, align="right")
        sheet.text(layout.RIGHT, y + 22, changed.now, styles.ROW_VALUE, palette.INK, align="right")


def _draw_rest(sheet: Sheet, y: float, correction: CorrectionText) -> None:
    sheet.rule(layout.MARGIN, y, layout.CONTENT, palette.RULE)
    if correction.rest:
        with sheet.tagged("P"):
            sheet.text(layout.MARGIN, y + 20, correction.rest, styles.CAPTION, palette.MUTED)
