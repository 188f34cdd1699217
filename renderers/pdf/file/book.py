"""A PDF being made: pages, fonts, bookmarks, tags and document information."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from reportlab import rl_config
from reportlab.lib.rl_accel import escapePDF
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from renderers.font_files import Fonts
from renderers.pdf.file.objects import Objects
from renderers.pdf.file.structure import Scope, Structure
from renderers.pdf.text import fallback, scripts, typefaces
from renderers.pdf.text.scripts import Run, lay_out
from renderers.words import Words

_MOST_KEPT = 4_000
"""How many texts to cache operators for. The figures of a long table recur, its names do not."""

_ESCAPED = {code: escapePDF(bytes((code,))) for code in range(256)}
"""reportlab's escapes of a string's bytes. Looking them up byte by byte in Python takes it ten times as long."""


class _Subset(NamedTuple):
    """The name of a face's subset in the document, and the escaped code of each of its characters so far."""

    name: str
    codes: dict[str, str]


class Book:
    """A PDF being made, in the language of its words. ``made_at`` (aware) becomes its date."""

    def __init__(self, words: Words, *, title: str, author: str, subject: str, made_at: datetime) -> None:
        # ASCII-85 makes the file a fifth larger. No other code here uses reportlab's setting.
        rl_config.useA85 = 0
        typefaces.face(typefaces.REGULAR)
        self.words = words
        # invariant: do not write the current time. initialFontName: else pages name Helvetica, which is not embedded.
        self._canvas = Canvas(io.BytesIO(), invariant=1, initialFontName=typefaces.REGULAR, lang=words.language)
        self._operators: dict[tuple[str, str, float], str] = {}
        self._first_subsets: dict[str, _Subset] = {}
        self._objects = Objects(self._canvas._doc)
        self._faces: set[str] = set()
        self._missing_characters: set[str] = set()
        self.structure = Structure(self._objects)
        self._describe(title, author, subject, made_at)
        self._canvas._doc.addPage = self._add_page

    def begin_page(self, width: float, height: float) -> Callable[[str], None]:
        """Start a page of that size in points. Return the function that adds operators to its content."""
        self._canvas.setPageSize((width, height))
        put: Callable[[str], None] = self._canvas._code.append
        return put

    def bookmark(self, title: str) -> None:
        """Add an outline entry for the current page."""
        key = f"page-{self.structure.page + 1}-{title}"
        self._canvas.bookmarkPage(key)
        self._canvas.addOutlineEntry(title, key)

    @contextmanager
    def grouped(self, tag: str, alt: str = "", scope: Scope = "") -> Iterator[None]:
        """Make elements tagged inside, on one or more pages, the children of one element."""
        self.structure.enter(tag, alt, scope)
        yield
        self.structure.leave()

    def end_page(self) -> None:
        """Close the current page."""
        self._canvas.showPage()

    def show(self, text: str, face: str, size: float) -> str:
        """Return operators that show the text, with a space after it so that extracted words stay apart."""
        key = (text, face, size)
        if key not in self._operators:
            if len(self._operators) >= _MOST_KEPT:
                self._operators.clear()
            layout = lay_out(text, face)
            self._missing_characters |= layout.boxed
            self._faces |= {run.face for run in layout.runs}
            *runs, last = layout.runs or (Run(face, "", 0.0),)
            operators = [self._run(run, size) for run in runs]
            if last.glyphs or last.face != face:
                operators += [self._run(last, size), self._plain(" ", face, size)]
            else:
                operators.append(self._plain(last.text + " ", face, size))
            self._operators[key] = " ".join(operators)
        return self._operators[key]

    def close(self) -> bytes:
        """Return the finished file."""
        document = self._canvas._doc
        document.Catalog.StructTreeRoot = self.structure.close()
        document.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": pdfdoc.PDFtrue})
        document.format = self._objects.close
        finished: bytes = self._canvas.getpdfdata()
        return finished

    def remarks(self, fonts: Fonts) -> Iterator[str]:
        """Yield remarks for operators: fonts that cannot be used, and characters that no font has."""
        if self._missing_characters or self._faces - typefaces.SHIPPED:
            yield from fallback.faults(fonts)
        if self._missing_characters:
            yield scripts.describe_missing(self._missing_characters)

    def _run(self, run: Run, size: float) -> str:
        return self._shaped(run, size) if run.glyphs else self._plain(run.text, run.face, size)

    def _plain(self, text: str, face: str, size: float) -> str:
        return " ".join(f"{font} {size} Tf ({chunk}) Tj" for font, chunk in self._chunks(text, face))

    def _shaped(self, run: Run, size: float) -> str:
        """Show each glyph by itself, with the position and advance from the shaper."""
        parts = []
        for glyph in run.glyphs:
            ((font, chunk),) = self._chunks(glyph.code, run.face)
            placed = f"[{-glyph.right:.1f} ({chunk}) {glyph.right - glyph.advance:.1f}] TJ"
            raised = f"{glyph.rise * size / 1000:.2f} Ts {placed} 0 Ts" if glyph.rise else placed
            parts.append(f"{font} {size} Tf {raised}")
        return " ".join(parts)

    def _chunks(self, text: str, face: str) -> list[tuple[str, str]]:
        """Return the subsets of the face that the text needs: reportlab's name of each, and the encoded text."""
        try:
            first = self._first_subsets[face]
            return [(first.name, "".join(map(first.codes.__getitem__, text)))]
        except KeyError:
            return self._split(text, face)

    def _split(self, text: str, face: str) -> list[tuple[str, str]]:
        """Return `_chunks` as reportlab does, which adds characters to its subsets, and remember those of the first."""
        font, document = typefaces.face(face), self._canvas._doc
        chunks = font.splitString(text, document)
        first = self._first_subsets.setdefault(face, _Subset(font.getSubsetInternalName(0, document), {}))
        if all(subset == 0 for subset, _ in chunks):
            first.codes.update(zip(text, (_ESCAPED[code] for _, chunk in chunks for code in chunk), strict=True))
        return [
            (font.getSubsetInternalName(subset, document), chunk.decode("latin-1").translate(_ESCAPED))
            for subset, chunk in chunks
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
        # reportlab has no structure tree and writes these two only if they are listed.
        page.__NoDefault__ = [*pdfdoc.PDFPage.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = self.structure.page, pdfdoc.PDFName("S")
        # reportlab would keep the operators uncompressed until the end.
        page.Contents = f"{self._objects.add_stream(page.stream.encode('ascii'))} 0 R"
        page.stream = None
        type(document).addPage(document, page)
        self.structure.end_page(document.idToObjectNumberAndVersion[name][0])


def _pdf_date(instant: datetime) -> str:
    """Return e.g. D:20261022060512-04'00'. reportlab loses the half-hour of offsets such as +05:30."""
    offset = f"{instant:%z}"
    return f"D:{instant:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"
