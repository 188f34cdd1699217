"""The file around the pages: fonts, bookmarks, tags, document information, and bytes that depend on nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from renderers.pdf import typefaces
from renderers.pdf.scripts import Run, lay_out
from renderers.pdf.structure import Structure
from renderers.words import Words

_VERSION = (1, 5)
"""Tags with language and replacement text came with 1.4, the order of tabs with 1.5."""


class Book:
    """A PDF in the making, in the language of its words; ``made_at`` (aware) becomes its date."""

    def __init__(self, words: Words, *, title: str, author: str, subject: str, made_at: datetime) -> None:
        # Streams as they are: ASCII-85 makes the file a fifth larger. Nothing of ours wants it otherwise.
        rl_config.useA85 = 0
        typefaces.face(typefaces.REGULAR)
        self.words = words
        self._buffer = io.BytesIO()
        # invariant: no clock and no random file id; initialFontName: else every page refers to Helvetica, unembedded
        self._canvas = Canvas(
            self._buffer, invariant=1, initialFontName=typefaces.REGULAR, lang=words.language, pdfVersion=_VERSION
        )
        self._operators: dict[tuple[str, str, float], str] = {}
        self._page_names: list[str] = []
        self.structure = Structure()
        self._describe(title, author, subject, made_at)
        self._canvas._doc.addPage = self._add_page

    def begin_page(self, width: float, height: float) -> Callable[[str], None]:
        """Start a page of that size in points; the operators of its content go into what is returned."""
        self._canvas.setPageSize((width, height))
        self.structure.begin_page()
        put: Callable[[str], None] = self._canvas._code.append
        return put

    def bookmark(self, title: str) -> None:
        """An entry of the outline that leads to the current page."""
        key = f"page-{len(self._page_names) + 1}-{title}"
        self._canvas.bookmarkPage(key)
        self._canvas.addOutlineEntry(title, key)

    def end_page(self) -> None:
        """Close the current page."""
        self._canvas.showPage()

    def show(self, text: str, face: str, size: float) -> str:
        """Operators that set the face and show the text, with a space behind it so that extracted words stay apart."""
        key = (text, face, size)
        if key not in self._operators:
            *runs, last = lay_out(text, face).runs or (Run(face, (), 0.0),)
            shown = [self._run(run, size) for run in runs]
            if last.shaped or last.face != face:
                shown += [self._run(last, size), self._plain(" ", face, size)]
            else:
                shown.append(self._plain(last.text + " ", face, size))
            self._operators[key] = " ".join(shown)
        return self._operators[key]

    def close(self) -> bytes:
        """The finished file."""
        self.structure.write(self._canvas._doc, self._page_names)
        self._canvas.save()
        return self._buffer.getvalue()

    def _run(self, run: Run, size: float) -> str:
        return self._shaped(run, size) if run.shaped else self._plain(run.text, run.face, size)

    def _plain(self, text: str, face: str, size: float) -> str:
        return " ".join(f"{font} {size} Tf ({chunk}) Tj" for font, chunk in self._chunks(text, face))

    def _shaped(self, run: Run, size: float) -> str:
        """Each glyph by itself, at the place and with the advance that the shaper gave it."""
        parts = []
        for glyph in run.glyphs:
            ((font, chunk),) = self._chunks(glyph.code, run.face)
            moved = f"[{-glyph.right:.1f} ({chunk}) {glyph.right - glyph.advance:.1f}] TJ"
            raised = f"{glyph.up * size / 1000:.2f} Ts {moved} 0 Ts" if glyph.up else moved
            parts.append(f"{font} {size} Tf {raised}")
        return " ".join(parts)

    def _chunks(self, text: str, face: str) -> list[tuple[str, str]]:
        """The library's name of a subset of the face, and the bytes that stand for the text in it."""
        font, document = typefaces.face(face), self._canvas._doc
        return [
            (font.getSubsetInternalName(subset, document), self._canvas._escape(chunk))
            for subset, chunk in font.splitString(text, document)
        ]

    def _describe(self, title: str, author: str, subject: str, made_at: datetime) -> None:
        canvas = self._canvas
        canvas.setTitle(title)
        canvas.setAuthor(author)
        canvas.setSubject(subject)
        canvas.setCreator("standup-briefings")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        canvas._doc.Catalog.setPageLayout("OneColumn")
        stamp = _pdf_date(made_at)
        canvas.setDateFormatter(lambda *_: stamp)

    def _add_page(self, page: Any) -> None:
        document = self._canvas._doc
        # Instance attributes over class defaults: the library knows no structure tree and would not write these two.
        page.__NoDefault__ = [*pdfdoc.PDFPage.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = len(self._page_names), pdfdoc.PDFName("S")
        self._page_names.append(document.thisPageName())
        type(document).addPage(document, page)


def _pdf_date(at: datetime) -> str:
    """D:20261022060512-04'00'. Written here because the library loses the half-hour of zones such as +05:30."""
    offset = f"{at:%z}"
    return f"D:{at:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"
