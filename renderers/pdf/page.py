"""What all phone pages share: their size, the heading, the foot, and a rounded card."""

from __future__ import annotations

from renderers import words
from renderers.pdf import palette, styles
from renderers.pdf.sheet import Sheet, width, wrap
from worker.domain.briefing import Briefing

WIDTH, HEIGHT = 390, 844
MARGIN = 16
CONTENT = WIDTH - 2 * MARGIN
RIGHT = WIDTH - MARGIN
FOOT = HEIGHT - 34
"""Where the rule above the foot lies: content ends here."""


def heading(sheet: Sheet, text: str) -> None:
    """The page's title."""
    with sheet.tagged("H1"):
        sheet.text(MARGIN, 46, text, styles.HEADING, palette.INK, limit=CONTENT)


def summary(sheet: Sheet, strong: str, plain: str = "") -> None:
    """A sentence below the title, its first part stronger, on at most two lines."""
    words_of_both = [*((word, styles.BODY_STRONG) for word in strong.split())]
    words_of_both += [(word, styles.BODY) for word in plain.split()]
    x, y = float(MARGIN), 72.0
    with sheet.tagged("P"):
        for word, style in words_of_both:
            taken = width(word, style)
            if x + taken > RIGHT and x > MARGIN:
                x, y = float(MARGIN), y + 18
            sheet.text(x, y, word, style, palette.INK_2, limit=CONTENT)
            x += taken + 3.7


def sentence(sheet: Sheet, x: float, y: float, text: str, limit: float, most: int) -> float:
    """Wrapped body text; the baseline after it is returned."""
    return sheet.lines(x, y, wrap(text, styles.BODY, limit, most), styles.BODY, palette.INK_2, 17, limit)


def foot(sheet: Sheet, briefing: Briefing, number: int, of: int) -> None:
    """Group, day and page number: decoration, because it repeats."""
    sheet.rule(MARGIN, FOOT, CONTENT, palette.RULE)
    told = f"{words.clean(briefing.group_title)} · {words.day_in_title(briefing.reporting_day)}"
    if briefing.revision > 1:
        told += f" · {words.corrected(briefing.revision)}"
    sheet.text(MARGIN, FOOT + 17, told, styles.FOOT, palette.MUTED, limit=CONTENT - 50)
    sheet.text(RIGHT, FOOT + 17, f"{number} / {of}", styles.FOOT_STRONG, palette.INK_2, align="right")
