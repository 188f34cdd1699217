"""What all phone pages share: their size, the heading, the foot, and a rounded card."""

from __future__ import annotations

from renderers.pdf.drawing import palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import Style, fit, width, wrap
from renderers.words import Words
from worker.domain.briefing.content import Briefing

WIDTH, HEIGHT = 390, 844
MARGIN = 16
CONTENT = WIDTH - 2 * MARGIN
RIGHT = WIDTH - MARGIN
FOOT = HEIGHT - 34
"""Where the rule above the foot lies: content ends here."""


def heading(sheet: Sheet, text: str, top: float = 0) -> None:
    """The page's title, or that of a part that begins at ``top``."""
    with sheet.tagged("H1"):
        sheet.text(MARGIN, top + 46, text, styles.HEADING, palette.INK, limit=CONTENT)


def summary(sheet: Sheet, strong: str, plain: str = "", top: float = 0) -> None:
    """A sentence below the title of the part at ``top``, its first part stronger, on at most two lines."""
    lines = wrap(f"{strong} {plain}", styles.BODY_STRONG, CONTENT, 2)
    strong_words = len(strong.split())
    with sheet.tagged("P"):
        for number, line in enumerate(lines):
            words_here = line.split()
            head, rest = " ".join(words_here[:strong_words]), " ".join(words_here[strong_words:])
            strong_words = max(strong_words - len(words_here), 0)
            y = top + 72 + 18 * number
            taken = sheet.text(MARGIN, y, head, styles.BODY_STRONG, palette.INK_2, limit=CONTENT) + 4 if head else 0
            if rest:
                sheet.text(MARGIN + taken, y, rest, styles.BODY, palette.INK_2, limit=CONTENT - taken)


def sentence(sheet: Sheet, x: float, y: float, text: str, limit: float, most: int) -> float:
    """Wrapped body text; the baseline after it is returned."""
    return sheet.lines(x, y, wrap(text, styles.BODY, limit, most), styles.BODY, palette.INK_2, 17, limit)


def whose(words: Words, briefing: Briefing, style: Style, limit: float) -> str:
    """Northgate Support · Wed 21 Oct 2026 · Corrected, rev 2; a long group's title is cut, never the rest."""
    note = words.corrected(briefing.revision)
    behind = f" · {words.day_in_title(briefing.reporting_day)}{f' · {note}' if note else ''}"
    return fit(words.clean(briefing.group_title), style, limit - width(behind, style)) + behind


def foot(sheet: Sheet, briefing: Briefing, number: int, of: int) -> None:
    """Group, day and page number: decoration, because it repeats."""
    sheet.rule(MARGIN, FOOT, CONTENT, palette.RULE)
    told = whose(sheet.words, briefing, styles.FOOT, CONTENT - 50)
    sheet.text(MARGIN, FOOT + 17, told, styles.FOOT, palette.MUTED)
    sheet.text(RIGHT, FOOT + 17, f"{number} / {of}", styles.FOOT_STRONG, palette.INK_2, align="right")
