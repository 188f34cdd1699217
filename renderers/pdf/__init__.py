"""The PDF of a briefing: phone pages, a page for the wall, or both in one file.

book        the file: fonts, bookmarks, tags, dates; bytes that depend on the briefing alone
sheet       one page to draw on, in points from the top left
objects     what the file is made of, packed together · structure the tag tree
directions  left to right or right to left · scripts a text as runs of faces, shaped where its script asks for it
fallback    fonts of the machine, asked for what no shipped face has · outlines, cutting how one gets into the file
typefaces, styles, palette, shapes, icons   what things look like
phone       the phone pages: overview, corrections, half_hours, queues, agents, panel
wall        the A4 or Letter page
tables      the full tables behind them · grid where their columns stand · table_rows header and rows
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from renderers.font_files import SHIPPED_ALONE, Fonts
from worker.domain.briefing.content import Briefing
from worker.domain.groups import Pages, Table

_one_at_a_time = threading.Lock()


def render(
    briefing: Briefing,
    pages: Pages = "phone",
    tables: tuple[Table, ...] = (),
    *,
    fonts: Fonts = SHIPPED_ALONE,
    tell: Callable[[str], None] = lambda _: None,
) -> bytes:
    """The finished PDF, byte for byte the same for the same briefing; ``both`` is the phone pages and then A4.

    ``tables`` follow them in their order; a day without interactions has none. ``fonts`` are opened when a name has a
    letter that no shipped face has. ``tell`` hears, in a clause each, which of them cannot be used and of how many
    characters there is but a box: neither keeps a briefing from being made.

    Threads may call it together and are served in turn: the PDF library keeps the state of a font's subsets with the
    font, for all documents of the process. Drawing holds the interpreter anyway, so waiting costs nothing.
    """
    with _one_at_a_time:
        try:
            return _drawn(briefing, pages, tables, fonts, tell)
        except Exception as error:
            if fonts == SHIPPED_ALONE:
                raise
            # Somebody else's file: whatever is wrong with it must not cost the morning.
            tell(f"the pages are drawn without the fonts of this machine ({type(error).__name__}: {error})")
            return _drawn(briefing, pages, tables, SHIPPED_ALONE, tell)


def _drawn(
    briefing: Briefing, pages: Pages, behind: tuple[Table, ...], fonts: Fonts, tell: Callable[[str], None]
) -> bytes:
    # The PDF library takes a tenth of a second and 20 MB to load: only who renders pays for it.
    from renderers.pdf import phone, tables, wall
    from renderers.pdf.file.book import Book
    from renderers.pdf.text import fallback
    from renderers.words import speak

    words, day = speak(briefing.language), briefing.reporting_day
    group = words.clean(briefing.group_title)
    book = Book(
        words,
        title=words.say("Daily standup, {group}, {day}", group=group, day=words.long_day(day)),
        author=group,
        subject=words.say("Reporting day {day}, revision {revision}", day=day.isoformat(), revision=briefing.revision),
        made_at=briefing.generated_at,
    )
    with fallback.using(fonts):
        if pages in ("phone", "both"):
            phone.draw(book, briefing)
        if pages != "phone":
            wall.draw(book, briefing, wall.LETTER if pages == "letter" else wall.A4)
        if briefing.has_interactions:
            tables.draw(book, briefing, behind, pages)
    content = book.close()
    for remark in book.remarks(fonts):
        tell(remark)
    return content
