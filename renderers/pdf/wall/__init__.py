"""One landscape page for the wall, A4 or Letter, with everything at once.

It names no one: it hangs where everybody reads it.

tiles   the tile of a metric
charts  yesterday's service level, and today's plan or yesterday's contacts
lists   the queues, and what became of earlier points
side    today, what to talk about, why the service level is low
"""

from __future__ import annotations

from typing import NamedTuple

from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.file.book import Book
from renderers.pdf.text.typesetting import smaller, width, wrap_sentences
from renderers.pdf.wall import charts, lists, side, tiles
from renderers.words import Substitute, Words
from worker.domain.briefing.content import Briefing
from worker.domain.metrics import Status
from worker.domain.rounding import FLOAT_ERROR

MARGIN, GUTTER, SIDE = 28, 14, 256
_ABOVE_FOOT, _LAST_LINE = 26, 13
"""What stays free between the rows and the first line of the foot, and the line below the rows, which is in it."""


class Paper(NamedTuple):
    """A landscape page in points."""

    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge of the content."""
        return self.width - MARGIN

    @property
    def side(self) -> float:
        """The left edge of the right-hand block."""
        return self.right - SIDE

    @property
    def main(self) -> float:
        """The right edge of the left-hand block."""
        return self.side - 26


A4, LETTER = Paper(842, 595), Paper(792, 612)


def draw(book: Book, briefing: Briefing, paper: Paper) -> None:
    """Draw the page as the book's next."""
    sheet = Sheet(book, *paper)
    book.bookmark(book.words.say("On one page"))
    with sheet.grouped("Sect"):
        _title(sheet, briefing, paper)
        if briefing.has_interactions:
            _verdict(sheet, briefing, paper)
            _day(sheet, briefing, paper)
        else:
            _no_interactions(sheet, briefing, paper)
        _foot(sheet, briefing, paper)
    sheet.end()


def _day(sheet: Sheet, briefing: Briefing, paper: Paper) -> None:
    tile_width = (paper.right - MARGIN - 3 * GUTTER) / 4
    for number, tile in enumerate(sheet.words.tiles_shown(briefing)):
        x = MARGIN + number * (tile_width + GUTTER)
        if isinstance(tile, Substitute):
            tiles.draw_substitute(sheet, x, 82, tile_width, tile)
        else:
            tiles.draw(sheet, x, 82, tile_width, briefing, tile)
    bottom = _foot_top(sheet.words, briefing, paper) - _ABOVE_FOOT
    side.draw(sheet, briefing, paper.side, paper.right, bottom + _LAST_LINE)
    is_below = side.has_why(briefing) and briefing.follow_up is not None
    points = briefing.follow_up if is_below else None
    rows_of_points = lists.rows_of_points(points) if points else 0
    height_of_lists = lists.ROW * (len(briefing.queues) + rows_of_points) + lists.BELOW_HEADING
    top = charts.draw(sheet, briefing, MARGIN, paper.main, bottom - height_of_lists, is_low=is_below)
    rows = int((bottom - top - lists.BELOW_HEADING) / lists.ROW + FLOAT_ERROR)
    lists.queues(sheet, briefing, MARGIN, paper.main, top, max(rows - rows_of_points, 1))
    if points:
        lists.points(sheet, briefing, points, MARGIN, paper.main, bottom)


def _title(sheet: Sheet, briefing: Briefing, paper: Paper) -> None:
    room = paper.right - 326 - MARGIN - 12
    with sheet.tagged("P"):
        x = (
            MARGIN
            + 16
            + sheet.text(
                MARGIN, 38, sheet.words.say("DAILY STANDUP"), styles.EYEBROW, palette.LINE, spacing=styles.TRACKING
            )
        )
        if note := sheet.words.corrected(briefing.revision):
            x += 12 + sheet.text(x, 38, note, styles.AXIS_STRONG, palette.BAD)
        title = sheet.words.clean(briefing.group_title)
        sheet.text(x, 38, title, styles.CAPTION, palette.INK_2, limit=MARGIN + room - x)
    with sheet.tagged("H1"):
        day = sheet.words.long_day(briefing.reporting_day)
        sheet.text(MARGIN, 63, day, styles.WALL_TITLE, palette.INK, limit=room)


def _verdict(sheet: Sheet, briefing: Briefing, paper: Paper) -> None:
    verdict, whole = sheet.words.verdict(briefing), briefing.completeness.whole
    x, box_width = paper.right - 326, 326
    status = verdict.status if whole else Status.WATCH
    colour = palette.STATUS_ON_INK[status] if whole else palette.WATCH
    if whole:
        sheet.rounded([(x, 24, box_width, 48)], 10, palette.INK)
    else:
        sheet.rounded([(x, 24, box_width, 48)], 10, palette.TINT_WATCH, palette.WATCH)
    icons.status(sheet, x + 16, 37.5, 21, status, colour)
    limit = box_width - 60
    with sheet.tagged("H2"):
        head = palette.WHITE if whole else palette.INK
        style = smaller(verdict.head, styles.WALL_VERDICT, limit, 11)
        sheet.text(x + 50, 45, verdict.head, style, head, limit=limit)
    with sheet.tagged("P"):
        detail = palette.ON_INK if whole else palette.INK_2
        (line,) = wrap_sentences(verdict.sentences, verdict.short, styles.WALL_BODY, limit, 1) or [""]
        sheet.text(x + 50, 62, line, styles.WALL_BODY, detail, limit=limit)


def _no_interactions(sheet: Sheet, briefing: Briefing, paper: Paper) -> None:
    sentence, width = sheet.words.no_interactions(), paper.right - MARGIN
    sheet.rounded([(MARGIN, 96, width, 84)], 10, palette.TINT_WATCH, palette.BORDER_WATCH)
    icons.status(sheet, MARGIN + 22, 120, 34, sentence.status)
    with sheet.tagged("H2"):
        sheet.text(MARGIN + 76, 134, sentence.head, styles.VERDICT, palette.INK, limit=width - 100)
    with sheet.tagged("P"):
        sheet.text(MARGIN + 76, 156, sentence.detail, styles.BODY, palette.INK_2, limit=width - 100)


def _foot_lines(words: Words, briefing: Briefing, paper: Paper) -> list[str]:
    limit = paper.right - MARGIN - 16

    def fits(line: str) -> bool:
        return width(line, styles.WALL_FOOT) <= limit

    corrected, lacks = words.correction_line(briefing, fits), words.lacks(briefing, fits)
    return [line for line in (corrected, lacks, *words.footnotes(briefing)) if line]


def _foot_top(words: Words, briefing: Briefing, paper: Paper) -> float:
    return paper.height - 14 - 12 * (len(_foot_lines(words, briefing, paper)) - 1)


def _foot(sheet: Sheet, briefing: Briefing, paper: Paper) -> None:
    y = _foot_top(sheet.words, briefing, paper)
    fine = briefing.has_interactions and briefing.completeness.is_all_known
    state = Status.ON_TARGET if fine else Status.WATCH
    icons.status(sheet, MARGIN, y - 6, 11, state)
    with sheet.tagged("P"):
        limit = paper.right - MARGIN - 16
        sheet.lines(
            MARGIN + 16, y, _foot_lines(sheet.words, briefing, paper), styles.WALL_FOOT, palette.MUTED, 12, limit
        )
