"""The file around the pages: fonts, bookmarks, tags, document information, and bytes that depend on nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from renderers.font_files import Fonts
from renderers.pdf.file.objects import Objects
from renderers.pdf.file.structure import Scope, Structure
from renderers.pdf.text import fallback, scripts, typefaces
from renderers.pdf.text.scripts import Run, lay_out
from renderers.words import Words

_MOST_KEPT = 4_000
"""Texts whose operators are kept for the next time: the figures of a long table recur, its names do not."""


class Book:
    """A PDF in the making, in the language of its words; ``made_at`` (aware) becomes its date."""

    def __init__(self, words: Words, *, title: str, author: str, subject: str, made_at: datetime) -> None:
        # Streams as they are: ASCII-85 makes the file a fifth larger. Nothing of ours wants it otherwise.
        rl_config.useA85 = 0
        typefaces.face(typefaces.REGULAR)
        self.words = words
        # invariant: no clock; initialFontName: else every page refers to Helvetica, unembedded
        self._canvas = Canvas(io.BytesIO(), invariant=1, initialFontName=typefaces.REGULAR, lang=words.language)
        self._operators: dict[tuple[str, str, float], str] = {}
        self._objects = Objects(self._canvas._doc)
        self._faces: set[str] = set()
        self._lacking: set[str] = set()
        self.structure = Structure(self._objects)
        self._describe(title, author, subject, made_at)
        self._canvas._doc.addPage = self._add_page

    def begin_page(self, width: float, height: float) -> Callable[[str], None]:
        """Start a page of that size in points; the operators of its content go into what is returned."""
        self._canvas.setPageSize((width, height))
        put: Callable[[str], None] = self._canvas._code.append
        return put

    def bookmark(self, title: str) -> None:
        """An entry of the outline that leads to the current page."""
        key = f"page-{self.structure.page + 1}-{title}"
        self._canvas.bookmarkPage(key)
        self._canvas.addOutlineEntry(title, key)

    @contextmanager
    def grouped(self, tag: str, alt: str = "", scope: Scope = "") -> Iterator[None]:
        """Elements tagged inside, be it on several pages, become the children of one."""
        self.structure.enter(tag, alt, scope)
        yield
        self.structure.leave()

    def end_page(self) -> None:
        """Close the current page."""
        self._canvas.showPage()

    def show(self, text: str, face: str, size: float) -> str:
        """Operators that set the face and show the text, with a space behind it so that extracted words stay apart."""
        key = (text, face, size)
        if key not in self._operators:
            if len(self._operators) >= _MOST_KEPT:
                self._operators.clear()
            laid = lay_out(text, face)
            self._lacking |= laid.lacking
            self._faces |= {run.face for run in laid.runs}
            *runs, last = laid.runs or (Run(face, (), 0.0),)
            shown = [self._run(run, size) for run in runs]
            if last.shaped or last.face != face:
                shown += [self._run(last, size), self._plain(" ", face, size)]
            else:
                shown.append(self._plain(last.text + " ", face, size))
            self._operators[key] = " ".join(shown)
        return self._operators[key]

    def close(self) -> bytes:
        """The finished file."""
        document = self._canvas._doc
        document.Catalog.StructTreeRoot = self.structure.close()
        document.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": pdfdoc.PDFtrue})
        document.format = self._objects.close
        finished: bytes = self._canvas.getpdfdata()
        return finished

    def remarks(self, fonts: Fonts) -> Iterator[str]:
        """What operations should hear: of the fonts, as far as they were asked, and of the characters none has."""
        if self._lacking or self._faces - typefaces.SHIPPED:
            yield from fallback.faults(fonts)
        if self._lacking:
            yield scripts.told(self._lacking)

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
        document, name = self._canvas._doc, self._canvas._doc.thisPageName()
        # Instance attributes over class defaults: the library knows no structure tree and would not write these two.
        page.__NoDefault__ = [*pdfdoc.PDFPage.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = self.structure.page, pdfdoc.PDFName("S")
        # The library would keep the operators as they are until the end, several times as large.
        page.Contents = f"{self._objects.add_stream(page.stream.encode('ascii'))} 0 R"
        page.stream = None
        type(document).addPage(document, page)
        self.structure.end_page(document.idToObjectNumberAndVersion[name][0])


def _pdf_date(at: datetime) -> str:
    """D:20261022060512-04'00'. Written here because the library loses the half-hour of zones such as +05:30."""
    offset = f"{at:%z}"
    return f"D:{at:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"
