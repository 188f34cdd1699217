"""The phone pages, in their order.

overview     page one: the verdict, the four metrics, what to talk about
corrections  what a correction changed
half_hours   the day by half-hour
queues       the queues, worst first
agents       the agents under their target
panel        the data-completeness panel, below the last page's content or on its own page
tiles        the tile of a metric
layout       what all phone pages share: size, heading, foot
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.file.book import Book
from renderers.pdf.phone import agents, corrections, half_hours, layout, overview, panel, queues
from renderers.pdf.text.typesetting import wrap
from renderers.words import Words
from worker.domain.briefing.content import Briefing

_GAP = 16
_ABOVE_PART = 4
"""A second part's heading is this much nearer to the first part than a heading is to the page's edge."""


@dataclass(frozen=True, slots=True)
class _Page:
    """A page: its bookmarks, how to draw it, and where its content ends, so that another part may follow."""

    bookmarks: tuple[str, ...]
    draw: Callable[[Sheet], None]
    end: float = layout.FOOT


def draw(book: Book, briefing: Briefing) -> None:
    """Draw all phone pages of a briefing."""
    pages = _pages(book.words, briefing)
    for number, page in enumerate(pages, 1):
        sheet = Sheet(book, layout.WIDTH, layout.HEIGHT)
        for bookmark in page.bookmarks:
            book.bookmark(bookmark)
        with sheet.grouped("Sect"):
            page.draw(sheet)
        layout.foot(sheet, briefing, number, len(pages))
        sheet.end()


def _pages(words: Words, briefing: Briefing) -> list[_Page]:
    if not briefing.has_interactions:
        return [_Page((words.say("No interactions"),), lambda sheet: _no_interactions(sheet, briefing))]
    pages = [
        _Page((words.say("Overview"),), lambda sheet: overview.draw(sheet, briefing)),
        _Page((words.say("The day by half-hour"),), lambda sheet: half_hours.draw(sheet, briefing)),
        *_with_agents(words, _queue_pages(words, briefing), briefing),
    ]
    return _with_panel(words, _with_correction(words, pages, briefing), briefing)


def _with_agents(words: Words, pages: list[_Page], briefing: Briefing) -> list[_Page]:
    """Add the agents below the queues of a small group, else on their own page."""
    if not briefing.agents:
        return pages
    bookmark = (words.say("Agents"),)
    top = pages[-1].end - _ABOVE_PART if pages else 0.0
    if len(pages) == 1 and agents.end(words, briefing, top=top) <= layout.FOOT - _GAP / 2:
        queues_page = pages[0]

        def draw_both(sheet: Sheet) -> None:
            queues_page.draw(sheet)
            agents.draw(sheet, briefing, top=top)

        return [_Page(queues_page.bookmarks + bookmark, draw_both, agents.end(words, briefing, top=top))]
    rows = agents.rows_above(words, briefing, layout.FOOT - 1.5 * _GAP - panel.height(words, briefing))
    agents_page = _Page(bookmark, lambda sheet: agents.draw(sheet, briefing, rows), agents.end(words, briefing, rows))
    return [*pages, agents_page]


def _with_correction(words: Words, pages: list[_Page], briefing: Briefing) -> list[_Page]:
    """Add what a correction changed below the last page's content if there is room, else on its own page."""
    if not corrections.needs_list(briefing):
        return pages
    bookmark, last = (words.say("What changed"),), pages[-1]
    top = last.end - _ABOVE_PART
    if corrections.end(briefing, top) > layout.FOOT - _GAP / 2:
        return [*pages, _Page(bookmark, lambda sheet: corrections.draw(sheet, briefing), corrections.end(briefing))]

    def draw_both(sheet: Sheet) -> None:
        last.draw(sheet)
        corrections.draw(sheet, briefing, top)

    return [*pages[:-1], _Page(last.bookmarks + bookmark, draw_both, corrections.end(briefing, top))]


def _queue_pages(words: Words, briefing: Briefing) -> list[_Page]:
    chunks = queues.pages(words, briefing)
    hidden = len(briefing.queues) - sum(map(len, chunks))

    def queue_page(index: int) -> _Page:
        first, rest = index == 0, hidden if index == len(chunks) - 1 else 0
        return _Page(
            (words.say("Queues"),) if first else (),
            lambda sheet: queues.draw(sheet, briefing, chunks[index], rest, first=first),
            queues.end(words, briefing, chunks[index], rest),
        )

    return [queue_page(index) for index in range(len(chunks))]


def _with_panel(words: Words, pages: list[_Page], briefing: Briefing) -> list[_Page]:
    """Add the panel below the last page's content if there is room, else on its own page."""
    last = pages[-1]
    if last.end + _GAP + panel.height(words, briefing) <= layout.FOOT - _GAP / 2:

        def draw_both(sheet: Sheet) -> None:
            last.draw(sheet)
            panel.draw(sheet, last.end + _GAP, briefing)

        return [*pages[:-1], _Page(last.bookmarks, draw_both)]
    return [*pages, _Page((words.say("Data completeness"),), lambda sheet: _panel_alone(sheet, briefing))]


def _panel_alone(sheet: Sheet, briefing: Briefing) -> None:
    layout.heading(sheet, sheet.words.say("Where the figures come from"))
    panel.draw(sheet, 68, briefing)


def _no_interactions(sheet: Sheet, briefing: Briefing) -> None:
    overview.title(sheet, briefing)
    sentence = sheet.words.no_interactions()
    sheet.rounded([(layout.MARGIN, 78, layout.CONTENT, 150)], 12, palette.TINT_WATCH, palette.BORDER_WATCH)
    icons.status(sheet, 32, 96, 24, sentence.status)
    limit = layout.CONTENT - 32
    with sheet.tagged("H2"):
        head = wrap(sentence.head, styles.SECTION, limit - 36, 2)
        y = sheet.lines(68, 112, head, styles.SECTION, palette.INK, 23, limit - 36)
    with sheet.tagged("P"):
        layout.sentence(sheet, 32, y + 12, sentence.detail, limit, 3)
    panel.draw(sheet, 244, briefing)
