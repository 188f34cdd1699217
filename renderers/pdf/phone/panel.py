"""The data-completeness panel: window, time zone, sources, and what is missing, on one page or two."""

from __future__ import annotations

from collections.abc import Sequence
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
_Row = list[tuple[str, str]]
"""Lines that stay together, each with the label before it, if any."""
_AROUND_LINES = 50
"""The height of a panel without lines."""
_MOST_PAGES = 2


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel's part of a page: its lines, each with its label. ``complete`` if nothing is missing."""

    lines: tuple[tuple[str, str], ...]
    complete: bool

    @classmethod
    def of_briefing(cls, words: Words, briefing: Briefing, top: float) -> tuple[Panel, ...]:
        """Return the panel of a briefing in parts, one a page. On the first page it may begin at ``top``, or above."""
        complete = briefing.has_interactions and briefing.completeness.is_all_known
        return tuple(cls(tuple(lines), complete) for lines in _pages(words, _rows(words, briefing), top))

    @property
    def height(self) -> float:
        """The panel's height."""
        return _AROUND_LINES + _LEADING * len(self.lines)

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


def _rows(words: Words, briefing: Briefing) -> list[_Row]:
    """Return every text in wrapped lines, the first of its row with the label."""
    rows = []
    for label, texts in words.completeness(briefing):
        for index, text in enumerate(texts):
            lines = wrap(text, styles.CAPTION, _LINE_LIMIT, _most_lines(layout.PANEL_TOP) - 1)
            rows.append([("" if index or number else label, line) for number, line in enumerate(lines)])
    return rows


def _pages(words: Words, rows: Sequence[_Row], top: float) -> list[_Row]:
    """Share the rows among pages. A row that has no room on the last one is counted and left out with those below."""
    pages: list[_Row] = [[]]
    for number, row in enumerate(rows):
        is_last_page = len(pages) == _MOST_PAGES
        room = _most_lines(layout.PANEL_TOP if is_last_page else top) - len(pages[-1])
        line_count = len(row) + (is_last_page and number < len(rows) - 1)  # a line for how many are left out
        if line_count > room and is_last_page:
            pages[-1].append(("", words.more_in_workbook(len(rows) - number)))
            break
        if line_count > room:
            pages.append([])
        pages[-1] += row
    return pages


def _most_lines(top: float) -> int:
    """Return how many lines a panel has room for that begins at ``top``."""
    return int((layout.FOOT - layout.ABOVE_FOOT - top - _AROUND_LINES) / _LEADING)
