"""The PDF of a briefing: phone pages, a page for the wall, or both in one file.

book        the file: fonts, bookmarks, tags, dates; bytes that depend on the briefing alone
sheet       one page to draw on, in points from the top left
objects     what the file is made of, packed together · structure the tag tree
directions  left to right or right to left · scripts a text as runs of faces, shaped where its script asks for it
typefaces, styles, palette, shapes, icons   what things look like
phone       the phone pages: overview, corrections, half_hours, queues, agents, panel
wall        the A4 or Letter page
tables      the full tables behind them · grid where their columns stand · table_rows header and rows
"""

from __future__ import annotations

import threading

from worker.domain.briefing import Briefing
from worker.domain.groups import Pages, Table

_one_at_a_time = threading.Lock()


def render(briefing: Briefing, pages: Pages = "phone", tables: tuple[Table, ...] = ()) -> bytes:
    """The finished PDF, byte for byte the same for the same briefing; ``both`` is the phone pages and then A4.

    ``tables`` follow them in their order; a day without interactions has none.

    Threads may call it together and are served in turn: the PDF library keeps the state of a font's subsets with the
    font, for all documents of the process. Drawing holds the interpreter anyway, so waiting costs nothing.
    """
    with _one_at_a_time:
        return _drawn(briefing, pages, tables)


def _drawn(briefing: Briefing, pages: Pages, behind: tuple[Table, ...]) -> bytes:
    # The PDF library takes a tenth of a second and 20 MB to load: only who renders pays for it.
    from renderers.pdf import phone, tables, wall
    from renderers.pdf.book import Book
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
    if pages in ("phone", "both"):
        phone.draw(book, briefing)
    if pages != "phone":
        wall.draw(book, briefing, wall.LETTER if pages == "letter" else wall.A4)
    if briefing.has_interactions:
        tables.draw(book, briefing, behind, pages)
    return book.close()
