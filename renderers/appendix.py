"""The pages after the briefing's own, in the order of the group file: full tables and the source's own PDF.

The tables are drawn into the same file as the briefing's pages. The pages of the source's PDF are inserted between or
after them, with an entry in the outline.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

import renderers
from renderers.font_files import SHIPPED_ONLY, Fonts
from worker.domain.briefing.content import Briefing
from worker.domain.documents import Document
from worker.domain.groups import AppendixPart, Pages, Table

Fault = Literal["damaged", "locked", "empty", "no_library"]
"""Why the source's PDF cannot be appended. ``no_library``: pikepdf is not installed, so nothing is known of the PDF."""


class NotReadable(Exception):
    """The source's PDF cannot be appended."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def render(
    briefing: Briefing,
    pages: Pages,
    parts: Sequence[AppendixPart],
    title: str,
    source_pdf: bytes = b"",
    fonts: Fonts = SHIPPED_ONLY,
) -> Document:
    """Render the PDF with these parts after its pages. ``title`` names the source's PDF in the outline.

    Raise `NotReadable` if ``parts`` asks for the source's PDF and it cannot be read.
    """
    tables: tuple[Table, ...] = tuple(part for part in parts if part in get_args(Table))  # type: ignore[misc]
    document = renderers.render_pdf(briefing, pages, tables, fonts)
    if "source" not in parts:
        return document
    drawn_after = len(parts) - 1 - parts.index("source") if briefing.has_interactions else 0
    return append_pages(document, title, source_pdf, drawn_after)


def append_pages(document: Document, title: str, source_pdf: bytes, before_last: int = 0) -> Document:
    """Insert the pages of ``source_pdf`` into the document, under ``title`` in the outline.

    ``before_last`` is how many of the outline's entries, with their pages, come after them. Only pages are copied, so
    scripts and actions that run when a file is opened are not. The same two files give the same bytes.
    Raise `NotReadable` for a file that is damaged, locked or empty, or where pikepdf is not installed.
    """
    try:
        import pikepdf
    except ImportError:
        raise NotReadable("no_library") from None
    merged = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(document.content)) as document_pdf, pikepdf.open(io.BytesIO(source_pdf)) as source:
            if not len(source.pages):
                raise NotReadable("empty")
            _insert(document_pdf, source, title, before_last)
            document_pdf.save(merged, deterministic_id=True)
    except pikepdf.PasswordError:
        raise NotReadable("locked") from None
    except pikepdf.PdfError:
        raise NotReadable("damaged") from None
    return replace(document, content=merged.getvalue())


def _insert(document_pdf: Any, source: Any, title: str, before_last: int) -> None:
    """Insert the source's pages and their entry before the last ``before_last`` entries of our outline."""
    import pikepdf

    with document_pdf.open_outline() as outline:
        place = len(outline.root) - before_last
        first = len(document_pdf.pages)
        if before_last:
            first = pikepdf.Page(outline.root[place].destination[0]).index
        for index, page in enumerate(source.pages):
            document_pdf.pages.insert(first + index, page)
            _strip(document_pdf.pages[first + index])
        outline.root.insert(place, pikepdf.OutlineItem(title, first))


def _strip(page: Any) -> None:
    """Delete a page's actions, links and forms, which this project has not checked, and its tag tree number.

    The source's tag tree is not copied. In ours the same number belongs to another page.
    """
    for key in ("/AA", "/Annots", "/StructParents"):
        if key in page:
            del page[key]
