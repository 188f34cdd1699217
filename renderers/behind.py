"""The source's own PDF behind the pages of a briefing, with an entry in the outline that leads to it."""

from __future__ import annotations

import io
from dataclasses import replace

from renderers import Document


class NotReadable(Exception):
    """A PDF of somebody else's that cannot be put behind ours; says why in a clause."""


def behind(document: Document, title: str, other: bytes) -> Document:
    """The document with the pages of ``other`` behind its own, under ``title`` in the outline.

    The same bytes for the same two files. What acts by itself when a file is opened stays behind: of ``other`` only the
    pages are taken. `NotReadable` for a file that is damaged, locked or empty, or without the library for it.
    """
    try:
        import pikepdf
    except ImportError:
        raise NotReadable("pikepdf is not installed: install standup-briefings[protect]") from None
    merged = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(document.content)) as ours, pikepdf.open(io.BytesIO(other)) as theirs:
            first = len(ours.pages)
            ours.pages.extend(theirs.pages)
            if len(ours.pages) == first:
                raise NotReadable("it has no pages")
            for page in ours.pages[first:]:
                _calm(page)
            with ours.open_outline() as outline:
                outline.root.append(pikepdf.OutlineItem(title, first))
            ours.save(merged, deterministic_id=True)
    except pikepdf.PasswordError:
        raise NotReadable("it is locked") from None
    except pikepdf.PdfError:
        raise NotReadable("it is damaged") from None
    return replace(document, content=merged.getvalue())


def _calm(page: object) -> None:
    """Take away what a page does when it is shown, and links and forms: they lead where nobody of ours has looked."""
    for key in ("/AA", "/Annots"):
        if key in page:  # type: ignore[operator]
            del page[key]  # type: ignore[attr-defined]
