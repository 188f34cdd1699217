"""What stands behind the pages of a briefing, in the group's order: full tables, and the source's own PDF.

The tables are drawn with the pages, into the same file. The PDF of somebody else's is put between or behind them, with
an entry in the outline that leads to it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

import renderers
from renderers import Document
from renderers.font_files import SHIPPED_ALONE, Fonts
from worker.domain.briefing.content import Briefing
from worker.domain.groups import Behind, Pages, Table


class NotReadable(Exception):
    """A PDF of somebody else's that cannot be put behind ours; says why in a clause."""


def render(
    briefing: Briefing,
    pages: Pages,
    parts: Sequence[Behind],
    title: str,
    source_pdf: bytes = b"",
    fonts: Fonts = SHIPPED_ALONE,
) -> Document:
    """The PDF with these parts behind its pages; ``title`` is the outline's entry for the source's own.

    `NotReadable` if that one is wanted and cannot be read.
    """
    tables: tuple[Table, ...] = tuple(part for part in parts if part in get_args(Table))  # type: ignore[misc]
    document = renderers.render_pdf(briefing, pages, tables, fonts)
    if "source" not in parts:
        return document
    drawn_after = len(parts) - 1 - parts.index("source") if briefing.has_interactions else 0
    return behind(document, title, source_pdf, drawn_after)


def behind(document: Document, title: str, other: bytes, before_last: int = 0) -> Document:
    """The document with the pages of ``other`` behind its own, under ``title`` in the outline.

    ``before_last`` is how many of the outline's entries, with their pages, still follow. The same bytes for the same
    two files. What acts by itself when a file is opened stays behind: of ``other`` only the pages are taken.
    `NotReadable` for a file that is damaged, locked or empty, or without the library for it.
    """
    try:
        import pikepdf
    except ImportError:
        raise NotReadable("pikepdf is not installed: install standup-briefings[protect]") from None
    merged = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(document.content)) as ours, pikepdf.open(io.BytesIO(other)) as theirs:
            if not len(theirs.pages):
                raise NotReadable("it has no pages")
            _put_between(ours, theirs, title, before_last)
            ours.save(merged, deterministic_id=True)
    except pikepdf.PasswordError:
        raise NotReadable("it is locked") from None
    except pikepdf.PdfError:
        raise NotReadable("it is damaged") from None
    return replace(document, content=merged.getvalue())


def _put_between(ours: Any, theirs: Any, title: str, before_last: int) -> None:
    """Their pages, and the entry for them, before the last so many entries of our outline."""
    import pikepdf

    with ours.open_outline() as outline:
        place = len(outline.root) - before_last
        first = len(ours.pages)
        if before_last:
            first = pikepdf.Page(outline.root[place].destination[0]).index
        for at, page in enumerate(theirs.pages):
            ours.pages.insert(first + at, page)
            _calm(ours.pages[first + at])
        outline.root.insert(place, pikepdf.OutlineItem(title, first))


def _calm(page: Any) -> None:
    """Take away what a page does when it is shown, links and forms, which lead where nobody of ours has looked, and
    its place in a tag tree that is not taken along: in ours the same number is another page's.
    """
    for key in ("/AA", "/Annots", "/StructParents"):
        if key in page:
            del page[key]
