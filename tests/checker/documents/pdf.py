"""The texts of a PDF with their places, by the marked element that they belong to, as PDFium reads them."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from tests.checker.documents.passage import spaced

_LONGEST = 20_000
ARTIFACT = "Artifact"


@dataclass(frozen=True, slots=True)
class Text:
    """A text and the box of its ink in points from the lower left of the page."""

    content: str
    left_edge: float
    bottom: float
    right: float
    top: float
    size: float = 0
    """The size of its type."""


@dataclass(frozen=True, slots=True)
class Element:
    """A marked stretch of a page: its tag, its description for those who do not see it, and its texts."""

    page: int
    tag: str
    alt: str = ""
    texts: tuple[Text, ...] = ()

    @property
    def text(self) -> str:
        """All texts in their order."""
        return spaced(" ".join(text.content for text in self.texts))

    @property
    def lines(self) -> tuple[str, ...]:
        """The texts line by line, those of one line from left to right."""
        return tuple(spaced(" ".join(text.content for text in line)) for line in self.rows)

    @property
    def rows(self) -> tuple[tuple[Text, ...], ...]:
        """The texts of each line, top line first."""
        rows: list[list[Text]] = []
        for text in sorted(self.texts, key=lambda text: (-text.bottom, text.left_edge)):
            if rows and rows[-1][0].bottom - text.bottom < 5:
                rows[-1].append(text)
            else:
                rows.append([text])
        return tuple(tuple(sorted(row, key=lambda text: text.left_edge)) for row in rows)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its elements in reading order, and its width in points."""

    number: int
    width: float
    elements: tuple[Element, ...]


def pages(content: bytes) -> list[Page]:
    """All pages of a PDF."""
    document = pypdfium2.PdfDocument(content)
    return [_page(document[number], number + 1) for number in range(len(document))]


def _page(page: Any, number: int) -> Page:
    texts = list(_texts(page))
    described = _descriptions(page)
    marks = sorted({mark for mark, *_ in texts} | set(described))
    elements = []
    for mark in marks:
        inside = [(tag, text) for number, tag, text in texts if number == mark]
        tag = inside[0][0] if inside else "Figure"
        elements.append(Element(number, tag, described.get(mark, ""), tuple(text for _, text in inside)))
    return Page(number, page.get_width(), tuple(elements))


def _texts(page: Any) -> Iterator[tuple[int, str, Text]]:
    """Mark, tag and text of each text object; what is mere decoration has mark -1. Pieces of one line are joined."""
    reader = page.get_textpage()
    objects = (pdfium.FPDFPage_GetObject(page, index) for index in range(pdfium.FPDFPage_CountObjects(page)))
    for item in objects:
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_TEXT:
            mark, tag, spoken = _marks(item)
            shown_text = spoken or _utf16(lambda buffer, size: pdfium.FPDFTextObj_GetText(item, reader, buffer, size))  # noqa: B023
            if shown_text.strip():
                yield mark, tag, Text(shown_text, *_bounds(item), _size(item))


def _marks(item: Any) -> tuple[int, str, str]:
    """The number and tag of the element, and the text to be read instead of the glyphs."""
    number, tag, spoken = -1, ARTIFACT, ""
    for index in range(pdfium.FPDFPageObj_CountMarks(item)):
        mark, value = pdfium.FPDFPageObj_GetMark(item, index), ctypes.c_int()
        if pdfium.FPDFPageObjMark_GetParamIntValue(mark, b"MCID", value):
            number, tag = value.value, _mark_name(mark)
        spoken = spoken or _actual_text(mark)
    return number, tag, spoken


def _mark_name(mark: Any) -> str:
    size, buffer = ctypes.c_ulong(), ctypes.create_string_buffer(128)
    pdfium.FPDFPageObjMark_GetName(mark, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), 128, size)
    return buffer.raw[: size.value].decode("utf-16-le").rstrip("\0")


def _actual_text(mark: Any) -> str:
    size, buffer = ctypes.c_ulong(), (ctypes.c_ubyte * _LONGEST)()
    if not pdfium.FPDFPageObjMark_GetParamBlobValue(mark, b"ActualText", buffer, _LONGEST, size):
        return ""
    return bytes(buffer[: size.value]).decode("utf-16")


def _bounds(item: Any) -> tuple[float, float, float, float]:
    edges = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(item, *edges)
    left_edge, bottom, right, top = (edge.value for edge in edges)
    return left_edge, bottom, right, top


def _size(item: Any) -> float:
    size = ctypes.c_float()
    pdfium.FPDFTextObj_GetFontSize(item, size)
    return size.value


def _descriptions(page: Any) -> dict[int, str]:
    """What figures show, in words, by the number of their mark."""
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    roots = [
        pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)
        for index in range(pdfium.FPDF_StructTree_CountChildren(tree))
    ]
    descriptions = {mark: alt for root in roots for mark, alt in _described(root)}
    pdfium.FPDF_StructTree_Close(tree)
    return descriptions


def _described(element: Any) -> Iterator[tuple[int, str]]:
    alt = _utf16(lambda buffer, size: pdfium.FPDF_StructElement_GetAltText(element, buffer, size))
    if alt:
        yield pdfium.FPDF_StructElement_GetMarkedContentIdAtIndex(element, 0), alt
    for index in range(pdfium.FPDF_StructElement_CountChildren(element)):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
        if child:
            yield from _described(child)


def _utf16(read: Callable[[Any, int], int]) -> str:
    size = read(None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    read(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[:size].decode("utf-16-le", errors="replace").rstrip("\0")
