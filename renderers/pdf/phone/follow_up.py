"""What became of the talking points of the previous business day."""

from __future__ import annotations

from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone import layout
from renderers.pdf.text.typesetting import fit, smaller, wrap_sentences
from renderers.words import Sentence
from worker.domain.briefing.content import Briefing, FollowUp

_TOP, _ROW = 64, 46
_TEXT_LEFT = layout.MARGIN + 25
_LIMIT = layout.RIGHT - _TEXT_LEFT


def end(follow_up: FollowUp, top: float = 0) -> float:
    """Return where the list ends if its heading begins at ``top``."""
    return top + _TOP + _ROW * len(follow_up.points)


def draw(sheet: Sheet, briefing: Briefing, follow_up: FollowUp, top: float = 0) -> None:
    """Draw the list."""
    layout.heading(sheet, sheet.words.follow_up_heading(follow_up), top)
    with sheet.grouped("L"):
        for number, sentence in enumerate(sheet.words.follow_up(follow_up, briefing.reporting_day)):
            _row(sheet, top + _TOP + _ROW * number, sentence)


def _row(sheet: Sheet, y: float, sentence: Sentence) -> None:
    sheet.rule(layout.MARGIN, y, layout.CONTENT, palette.RULE)
    with icons.item(sheet, layout.MARGIN, y + 8, 15, sentence.status, sheet.words.say("Point")):
        style = smaller(sentence.head, styles.ROW_NAME, _LIMIT)
        sheet.text(_TEXT_LEFT, y + 20, fit(sentence.head, style, _LIMIT), style, palette.INK)
        if sentence.detail:
            narrow = smaller(sentence.detail, styles.BODY, _LIMIT)
            detail = " ".join(wrap_sentences(sentence.sentences, "", narrow, _LIMIT, 1))
            style = smaller(detail, styles.BODY, _LIMIT)
            sheet.text(_TEXT_LEFT, y + 37, detail, style, palette.INK_2, limit=_LIMIT)
