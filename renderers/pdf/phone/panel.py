"""The data-completeness panel: window, time zone, sources, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone import layout
from renderers.pdf.text.typesetting import wrap
from renderers.words import Words
from worker.domain.briefing.content import Briefing
from worker.domain.metrics import Status

_LEADING = 16
_PADDING = 14
_LABEL_WIDTH = 94
_LINE_LIMIT = layout.CONTENT - 2 * _PADDING - _LABEL_WIDTH
_MOST_LINES = 36


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel with its wrapped lines, each with its label. ``complete`` if nothing is missing."""

    lines: list[tuple[str, str]]
    complete: bool

    @classmethod
    def of_briefing(cls, words: Words, briefing: Briefing) -> Panel:
        """Return the panel of a briefing."""
        complete = briefing.has_interactions and briefing.completeness.is_all_known
        return cls(_lines(words, briefing), complete)

    @property
    def height(self) -> float:
        """The panel's height."""
        return 50 + _LEADING * len(self.lines)

    def draw(self, sheet: Sheet, y: float) -> None:
        """Draw the panel with its upper edge at ``y``."""
        sheet.rounded([(layout.MARGIN, y, layout.CONTENT, self.height)], 10, palette.SURFACE)
        left_x, right_x = layout.MARGIN + _PADDING, layout.RIGHT - _PADDING
        icons.status(sheet, right_x - 16, y + 12, 16, Status.ON_TARGET if self.complete else Status.WATCH)
        with sheet.tagged("H2"):
            sheet.text(left_x, y + 25, sheet.words.say("Data completeness"), styles.PANEL_HEAD, palette.INK)
        for number, (label, line) in enumerate(self.lines):
            baseline = y + 48 + _LEADING * number
            with sheet.tagged("P"):
                sheet.text(left_x, baseline, label, styles.CAPTION_STRONG, palette.INK_2)
                sheet.text(left_x + _LABEL_WIDTH, baseline, line, styles.CAPTION, palette.INK_2, limit=_LINE_LIMIT)


def _lines(words: Words, briefing: Briefing) -> list[tuple[str, str]]:
    """Return label (once) and text of each line, wrapped, at most as many as fit on a page."""
    lines = []
    for label, texts in words.completeness(briefing):
        wrapped = [line for text in texts for line in wrap(text, styles.CAPTION, _LINE_LIMIT, 4)]
        lines += [(label if index == 0 else "", line) for index, line in enumerate(wrapped)]
    return lines[:_MOST_LINES]
