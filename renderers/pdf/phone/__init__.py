"""The phone pages in their order, and where the completeness panel finds room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.file.book import Book
from renderers.pdf.phone import agents, corrections, half_hours, overview, page, panel, queues
from renderers.pdf.text.typesetting import wrap
from renderers.words import Words
from worker.domain.briefing.content import Briefing

_GAP = 16
_ABOVE_PART = 4
"""A second part's heading stands as far below the first part as it would below the page's edge, less this."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What is drawn, under which bookmarks, and down to where; `end` lets another part follow on the page."""

    bookmarks: tuple[str, ...]
    draw: Callable[[Sheet], None]
    end: float = page.FOOT


def draw(book: Book, briefing: Briefing) -> None:
    """All phone pages of a briefing."""
    pages = _pages(book.words, briefing)
    for number, one in enumerate(pages, 1):
        sheet = Sheet(book, page.WIDTH, page.HEIGHT)
        for bookmark in one.bookmarks:
            book.bookmark(bookmark)
        with sheet.grouped("Sect"):
            one.draw(sheet)
        page.foot(sheet, briefing, number, len(pages))
        sheet.end()


def _pages(words: Words, briefing: Briefing) -> list[_Page]:
    if not briefing.has_interactions:
        return [_Page((words.say("No interactions"),), lambda sheet: _no_interactions(sheet, briefing))]
    pages = [
        _Page((words.say("Overview"),), lambda sheet: overview.draw(sheet, briefing)),
        *_correction_page(words, briefing),
        _Page((words.say("The day by half-hour"),), lambda sheet: half_hours.draw(sheet, briefing)),
        *_with_agents(words, _queue_pages(words, briefing), briefing),
    ]
    return _with_panel(words, pages, briefing)


def _with_agents(words: Words, pages: list[_Page], briefing: Briefing) -> list[_Page]:
    """The agents below the queues of a small group, else on a page of their own."""
    if not briefing.agents:
        return pages
    named = (words.say("Agents"),)
    if len(pages) == 1 and agents.end(briefing, top=pages[0].end - _ABOVE_PART) <= page.FOOT - _GAP / 2:
        queues_page, top = pages[0], pages[0].end - _ABOVE_PART

        def both(sheet: Sheet) -> None:
            queues_page.draw(sheet)
            agents.draw(sheet, briefing, top=top)

        return [_Page(queues_page.bookmarks + named, both, agents.end(briefing, top=top))]
    rows = agents.rows_above(briefing, page.FOOT - 1.5 * _GAP - panel.height(words, briefing))
    alone = _Page(named, lambda sheet: agents.draw(sheet, briefing, rows), agents.end(briefing, rows))
    return [*pages, alone]


def _correction_page(words: Words, briefing: Briefing) -> list[_Page]:
    if not corrections.needs_page(briefing):
        return []
    return [_Page((words.say("What changed"),), lambda sheet: corrections.draw(sheet, briefing))]


def _queue_pages(words: Words, briefing: Briefing) -> list[_Page]:
    chunks = queues.pages(briefing)
    hidden = len(briefing.queues) - sum(map(len, chunks))

    def one(at: int) -> _Page:
        first, rest = at == 0, hidden if at == len(chunks) - 1 else 0
        return _Page(
            (words.say("Queues"),) if first else (),
            lambda sheet: queues.draw(sheet, briefing, chunks[at], rest, first=first),
            queues.end(chunks[at], rest),
        )

    return [one(at) for at in range(len(chunks))]


def _with_panel(words: Words, pages: list[_Page], briefing: Briefing) -> list[_Page]:
    """The panel below the last page's content if there is room, else on a page of its own."""
    last = pages[-1]
    if last.end + _GAP + panel.height(words, briefing) <= page.FOOT - _GAP / 2:

        def both(sheet: Sheet) -> None:
            last.draw(sheet)
            panel.draw(sheet, last.end + _GAP, briefing)

        return [*pages[:-1], _Page(last.bookmarks, both)]
    return [*pages, _Page((words.say("Data completeness"),), lambda sheet: _panel_alone(sheet, briefing))]


def _panel_alone(sheet: Sheet, briefing: Briefing) -> None:
    page.heading(sheet, sheet.words.say("Where the figures come from"))
    panel.draw(sheet, 68, briefing)


def _no_interactions(sheet: Sheet, briefing: Briefing) -> None:
    overview.title(sheet, briefing)
    told = sheet.words.no_interactions()
    sheet.rounded([(page.MARGIN, 78, page.CONTENT, 150)], 12, palette.TINT_WATCH, palette.BORDER_WATCH)
    icons.status(sheet, 32, 96, 24, told.status)
    limit = page.CONTENT - 32
    with sheet.tagged("H2"):
        head = wrap(told.head, styles.SECTION, limit - 36, 2)
        below = sheet.lines(68, 112, head, styles.SECTION, palette.INK, 23, limit - 36)
    with sheet.tagged("P"):
        page.sentence(sheet, 32, below + 12, told.detail, limit, 3)
    panel.draw(sheet, 244, briefing)
