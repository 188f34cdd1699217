"""The PDF of a briefing: phone pages, a page for the wall, or both in one file.

phone/    the phone pages
wall/     the A4 or Letter page
tables/   the full tables after them
charts/   the half-hour charts and the ten-day lines
drawing/  a page to draw on, type sizes, colours and icons
text/     measure, wrap and shape text in every script
file/     the file: objects, tag tree, bookmarks, dates
fonts/    the shipped fonts, and the programs that made them
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from renderers.font_files import SHIPPED_ONLY, Fonts
from worker.domain.briefing.content import Briefing
from worker.domain.groups import Pages, Table
from worker.errors import StepTooLong

_one_at_a_time = threading.Lock()


def render(
    briefing: Briefing,
    pages: Pages = "phone",
    tables: tuple[Table, ...] = (),
    *,
    fonts: Fonts = SHIPPED_ONLY,
    tell: Callable[[str], None] = lambda _: None,
) -> bytes:
    """Render the PDF. The same briefing gives the same bytes. ``both`` is the phone pages, then A4.

    ``tables`` come after the pages, in their order. A day without interactions has none.
    ``fonts`` are opened when a name has a letter that no shipped font has. ``tell`` receives a clause for each font
    that cannot be used, and one for characters that are drawn as a box. Neither stops a briefing.

    Threads are served one after another, because reportlab keeps the state of a font's subsets in the font, shared by
    all documents of the process.
    """
    with _one_at_a_time:
        try:
            return _build(briefing, pages, tables, fonts, tell)
        except StepTooLong:
            raise
        except Exception as error:
            if fonts == SHIPPED_ONLY:
                raise
            # A font file of this machine may be damaged in any way. It must not stop a briefing.
            tell(f"the pages are drawn without the fonts of this machine ({type(error).__name__}: {error})")
            return _build(briefing, pages, tables, SHIPPED_ONLY, tell)


def _build(
    briefing: Briefing, pages: Pages, appendix: tuple[Table, ...], fonts: Fonts, tell: Callable[[str], None]
) -> bytes:
    # reportlab takes a tenth of a second and 20 MB to import, so it is imported by the first rendering only.
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
            tables.draw(book, briefing, appendix, pages)
    content = book.close()
    for remark in book.remarks(fonts):
        tell(remark)
    return content
