"""The phone pages, in their order.

overview     page one: the verdict, the four metrics, what to talk about
corrections  what a correction changed
why          why the service level is low, where that can be said
half_hours   the day by half-hour
today        what today brings: its card on page one and its page
follow_up    what became of the points of the day before
queues       the queues, worst first
agents       the agents under their target
panel        the data-completeness panel, below the last page's content or on its own page
tiles        the tile of a metric
layout       what all phone pages share: size, heading, foot
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.file.book import Book
from renderers.pdf.phone import agents, corrections, follow_up, half_hours, layout, overview, queues, today, why
from renderers.pdf.phone.panel import Panel
from renderers.pdf.text.typesetting import wrap
from renderers.words import Words
from worker.domain.briefing.content import Briefing, QueueLine
from worker.domain.why.content import Why

_GAP = 16
_BELOW_NO_INTERACTIONS = 244
"""Where the panel begins below the sentence that no contact came."""
_ABOVE_BLOCK = 4
"""A second block's heading is this much nearer to the first block than a heading is to the page's edge."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of a page. ``draw`` and ``end`` take where it begins; ``end`` returns where it ends."""

    bookmark: str
    draw: Callable[[Sheet, float], None]
    end: Callable[[float], float] = lambda _: layout.FOOT


@dataclass(frozen=True, slots=True)
class _Page:
    """A page: its blocks from top to bottom, each with where it begins."""

    blocks: tuple[tuple[_Block, float], ...]

    @classmethod
    def holding(cls, *blocks: _Block) -> _Page:
        """Return a page of these blocks, which may need more room than a page has."""
        page = cls(((blocks[0], 0.0),))
        for block in blocks[1:]:
            page = cls((*page.blocks, (block, page.end - _ABOVE_BLOCK)))
        return page

    @property
    def end(self) -> float:
        """Where its last block ends."""
        block, top = self.blocks[-1]
        return block.end(top)

    @property
    def has_room(self) -> bool:
        """Whether its blocks end above the foot."""
        return self.end <= layout.FOOT - layout.ABOVE_FOOT

    def is_panel_alone(self, words: Words) -> bool:
        """Return whether the page has nothing but the completeness panel."""
        return self.blocks[0][0].bookmark == words.say("Data completeness")

    def with_block(self, block: _Block) -> _Page:
        """Return the page with a block below the others."""
        return _Page.holding(*(block for block, _ in self.blocks), block)


def draw(book: Book, briefing: Briefing) -> None:
    """Draw all phone pages of a briefing."""
    pages = _pages(book.words, briefing)
    for number, page in enumerate(pages, 1):
        sheet = Sheet(book, layout.WIDTH, layout.HEIGHT)
        for block, _ in page.blocks:
            if block.bookmark:
                book.bookmark(block.bookmark)
        with sheet.grouped("Sect"):
            for block, top in page.blocks:
                block.draw(sheet, top)
        layout.foot(sheet, briefing, number, len(pages))
        sheet.end()


def _pages(words: Words, briefing: Briefing) -> list[_Page]:
    if not briefing.has_interactions:
        return _pages_without_interactions(words, briefing)
    panels = Panel.of_briefing(words, briefing, layout.PANEL_TOP)
    first_pages = [
        _Page.holding(_Block(words.say("Overview"), lambda sheet, _: overview.draw(sheet, briefing))),
        *_why_page(words, briefing),
        _Page.holding(_Block(words.say("The day by half-hour"), lambda sheet, _: half_hours.draw(sheet, briefing))),
        *_today_page(words, briefing),
    ]
    chunks = queues.pages(words, briefing)
    pages = _with_all_blocks(words, [*first_pages, *_queue_pages(words, briefing, chunks)], briefing, panels)
    if not chunks or len(pages) != len(first_pages) + len(chunks) + 1 or not pages[-1].is_panel_alone(words):
        return pages
    shorter = queues.with_shorter_last_page(chunks)
    other_pages = _with_all_blocks(words, [*first_pages, *_queue_pages(words, briefing, shorter)], briefing, panels)
    return other_pages if len(other_pages) == len(pages) else pages


def _with_all_blocks(words: Words, pages: list[_Page], briefing: Briefing, panels: Sequence[Panel]) -> list[_Page]:
    """Return the pages with agents, earlier points, a correction and the panel below the queues or on further pages."""
    pages = _with_follow_up(words, _with_agents(words, pages, briefing, panels[0]), briefing)
    return [
        *_with_panel(words, _with_correction(words, pages, briefing), panels[0]),
        *_later_panel_pages(words, panels),
    ]


def _today_page(words: Words, briefing: Briefing) -> list[_Page]:
    outlook = briefing.today
    if outlook is None or not outlook.has_page:
        return []
    return [_Page.holding(_Block(words.today_head(outlook), lambda sheet, _: today.draw(sheet, outlook)))]


def _why_page(words: Words, briefing: Briefing) -> list[_Page]:
    explanation, day = briefing.explanation, words.short_day(briefing.reporting_day)
    if not isinstance(explanation, Why):
        return []
    return [_Page.holding(_Block(words.say("Why"), lambda sheet, _: why.draw(sheet, explanation, day)))]


def _with_agents(words: Words, pages: list[_Page], briefing: Briefing, panel: Panel) -> list[_Page]:
    """Add the agents below the last page's content if there is room, else on their own page."""
    if not briefing.agents:
        return pages

    def block(rows: int) -> _Block:
        return _Block(
            words.say("Agents"),
            lambda sheet, top: agents.draw(sheet, briefing, rows, top),
            lambda top: agents.end(words, briefing, rows, top),
        )

    rows = agents.rows_above(words, briefing, layout.FOOT - 1.5 * _GAP - panel.height)
    return _with_last_block(pages, block(agents.MOST_ROWS), block(rows))


def _with_follow_up(words: Words, pages: list[_Page], briefing: Briefing) -> list[_Page]:
    """Add what became of earlier points below the last page's content if there is room, else on their own page."""
    points = briefing.follow_up
    if points is None:
        return pages
    block = _Block(
        words.follow_up_heading(points),
        lambda sheet, top: follow_up.draw(sheet, briefing, points, top),
        lambda top: follow_up.end(points, top),
    )
    return _with_last_block(pages, block, block)


def _with_correction(words: Words, pages: list[_Page], briefing: Briefing) -> list[_Page]:
    """Add what a correction changed below the last page's content if there is room, else on its own page."""
    if not corrections.needs_list(briefing):
        return pages
    block = _Block(
        words.say("What changed"),
        lambda sheet, top: corrections.draw(sheet, briefing, top),
        lambda top: corrections.end(briefing, top),
    )
    return _with_last_block(pages, block, block)


def _with_last_block(pages: list[_Page], block: _Block, block_alone: _Block) -> list[_Page]:
    longer_page = pages[-1].with_block(block)
    return [*pages[:-1], longer_page] if longer_page.has_room else [*pages, _Page.holding(block_alone)]


def _queue_pages(words: Words, briefing: Briefing, chunks: Sequence[tuple[QueueLine, ...]]) -> list[_Page]:
    hidden = len(briefing.queues) - sum(map(len, chunks))

    def queue_page(index: int) -> _Page:
        first, rest = index == 0, hidden if index == len(chunks) - 1 else 0
        return _Page.holding(
            _Block(
                words.say("Queues") if first else "",
                lambda sheet, _: queues.draw(sheet, briefing, chunks[index], rest, first=first),
                lambda _: queues.end(words, briefing, chunks[index], rest),
            )
        )

    return [queue_page(index) for index in range(len(chunks))]


def _with_panel(words: Words, pages: list[_Page], panel: Panel) -> list[_Page]:
    """Add the panel below the last page's content. Where it has no room, it takes the last of several blocks along."""
    drop = _GAP + _ABOVE_BLOCK
    block = _Block("", lambda sheet, top: panel.draw(sheet, top + drop), lambda top: top + drop + panel.height)
    *pages_before, last = pages
    if last.with_block(block).has_room:
        return [*pages_before, last.with_block(block)]
    *staying, (last_block, _) = last.blocks
    if staying and _Page.holding(last_block, block).has_room:
        return [*pages_before, _Page(tuple(staying)), _Page.holding(last_block, block)]
    return [
        *pages,
        _Page.holding(_Block(words.say("Data completeness"), lambda sheet, _: _panel_alone(sheet, panel))),
    ]


def _panel_alone(sheet: Sheet, panel: Panel) -> None:
    layout.heading(sheet, sheet.words.say("Where the figures come from"))
    panel.draw(sheet, layout.PANEL_TOP)


def _later_panel_pages(words: Words, panels: Sequence[Panel]) -> list[_Page]:
    """Return a page for each part of the panel after the first."""

    def later_page(panel: Panel) -> _Page:
        return _Page.holding(_Block("", lambda sheet, _: _panel_continued(sheet, panel)))

    return list(map(later_page, panels[1:]))


def _panel_continued(sheet: Sheet, panel: Panel) -> None:
    layout.heading(sheet, sheet.words.say("Where the figures come from, continued"))
    panel.draw(sheet, layout.PANEL_TOP)


def _pages_without_interactions(words: Words, briefing: Briefing) -> list[_Page]:
    panels = Panel.of_briefing(words, briefing, _BELOW_NO_INTERACTIONS)
    first = _Block(words.say("No interactions"), lambda sheet, _: _no_interactions(sheet, briefing, panels[0]))
    return [_Page.holding(first), *_later_panel_pages(words, panels)]


def _no_interactions(sheet: Sheet, briefing: Briefing, panel: Panel) -> None:
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
    panel.draw(sheet, _BELOW_NO_INTERACTIONS)
