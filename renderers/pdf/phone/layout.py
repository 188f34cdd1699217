"""What all phone pages share: size, heading, summary and foot."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.pdf.drawing import palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import Style, fit, smaller, width, wrap, wrap_sentences
from renderers.words import Words
from worker.domain.briefing.content import Briefing

WIDTH, HEIGHT = 390, 844
MARGIN = 16
CONTENT = WIDTH - 2 * MARGIN
RIGHT = WIDTH - MARGIN
FOOT = HEIGHT - 34
"""The line above the foot, where content ends."""
ABOVE_FOOT = 8
"""What stays free between the last block of a page and that line."""
PANEL_TOP = 68
"""Where the completeness panel begins on a page of its own."""
_SUMMARY_LEADING = 18


def heading(sheet: Sheet, text: str, top: float = 0) -> None:
    """Write the title of the page, or of a part that begins at ``top``."""
    with sheet.tagged("H1"):
        style = smaller(text, styles.HEADING, CONTENT, 15)
        sheet.text(MARGIN, top + 46, text, style, palette.INK, limit=CONTENT)


def summary_end(strong: str, *sentences: str, top: float = 0) -> float:
    """Return where the first row below a summary of one or two lines begins."""
    return top + 89 + _SUMMARY_LEADING * (len(_summary_lines(strong, sentences)) - 1)


def _summary_lines(strong: str, sentences: Sequence[str]) -> list[str]:
    texts = [text for text in (strong, *sentences) if text]
    return wrap_sentences(texts, strong, styles.BODY_STRONG, CONTENT, 2)


def summary(sheet: Sheet, strong: str, *sentences: str, top: float = 0) -> None:
    """Write ``strong`` in bold below the title, and as many of the sentences as fit on two lines in all."""
    strong_words = len(strong.split())
    with sheet.tagged("P"):
        for number, line in enumerate(_summary_lines(strong, sentences)):
            words_here = line.split()
            head, rest = " ".join(words_here[:strong_words]), " ".join(words_here[strong_words:])
            strong_words = max(strong_words - len(words_here), 0)
            y = top + 72 + _SUMMARY_LEADING * number
            head_width = (
                sheet.text(MARGIN, y, head, styles.BODY_STRONG, palette.INK_2, limit=CONTENT) + 4 if head else 0
            )
            if rest:
                sheet.text(MARGIN + head_width, y, rest, styles.BODY, palette.INK_2, limit=CONTENT - head_width)


def sentence(sheet: Sheet, x: float, y: float, text: str, limit: float, most: int) -> float:
    """Write wrapped body text, and return the baseline after it."""
    return sheet.lines(x, y, wrap(text, styles.BODY, limit, most), styles.BODY, palette.INK_2, 17, limit)


def group_and_day(words: Words, briefing: Briefing, style: Style, limit: float, *notes: str) -> str:
    """Return e.g. "Northgate Support · Wed 21 Oct 2026 · Corrected, rev 2". Only the group's title is cut."""
    parts = (words.day_in_title(briefing.reporting_day), words.corrected(briefing.revision), *notes)
    suffix = "".join(f" · {part}" for part in parts if part)
    return fit(words.clean(briefing.group_title), style, limit - width(suffix, style)) + suffix


def foot(sheet: Sheet, briefing: Briefing, number: int, pages: int) -> None:
    """Write group, day and page number, as decoration because it repeats. The first page of a
    first revision says whether data are missing.
    """
    sheet.rule(MARGIN, FOOT, CONTENT, palette.RULE)
    state = sheet.words.data_state(briefing) if number == 1 and briefing.revision == 1 else ""
    text = group_and_day(sheet.words, briefing, styles.FOOT, CONTENT - 50, state)
    sheet.text(MARGIN, FOOT + 17, text, styles.FOOT, palette.MUTED)
    sheet.text(RIGHT, FOOT + 17, f"{number} / {pages}", styles.FOOT_STRONG, palette.INK_2, align="right")
