"""What a page of a PDF draws, in the order of drawing: texts, filled areas and lines, as PDFium reads them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

Colour = tuple[int, int, int]
Point = tuple[float, float]
_LONGEST = 20_000
_PIECE = 3.0
"""A slanted line is taken apart into pieces of so many points, because its own box is mostly empty."""


class Box(NamedTuple):
    """Edges in points from the lower left of the page."""

    left_edge: float
    bottom: float
    right: float
    top: float

    def holds(self, second: Box) -> bool:
        """Return whether the other box is within this one."""
        return (
            self.left_edge <= second.left_edge
            and self.bottom <= second.bottom
            and self.right >= second.right
            and self.top >= second.top
        )

    def touches(self, second: Box) -> bool:
        """Return whether the two share an area."""
        return (
            self.left_edge < second.right
            and second.left_edge < self.right
            and self.bottom < second.top
            and second.bottom < self.top
        )

    def grown(self, points: float) -> Box:
        """Return the box with so many points more on each side."""
        return Box(self.left_edge - points, self.bottom - points, self.right + points, self.top + points)


@dataclass(frozen=True, slots=True)
class Ink:
    """One thing that is drawn. ``size`` is that of a text in points, ``content`` its letters."""

    order: int
    kind: Literal["text", "area", "line"]
    box: Box
    colour: Colour
    content: str = ""
    size: float = 0.0

    @property
    def luminance(self) -> float:
        """The relative luminance of the colour: WCAG 2.2, "relative luminance"."""
        return relative_luminance(self.colour)


@dataclass(frozen=True)
class DrawnPage:
    """A page with its size and all that is drawn on it."""

    number: int
    width: float
    height: float
    inks: tuple[Ink, ...]

    @cached_property
    def texts(self) -> tuple[Ink, ...]:
        """The texts in the order of drawing."""
        return tuple(ink for ink in self.inks if ink.kind == "text")

    @cached_property
    def shapes(self) -> tuple[Ink, ...]:
        """The areas and lines in the order of drawing."""
        return tuple(ink for ink in self.inks if ink.kind != "text")


def relative_luminance(colour: Colour) -> float:
    """Return 0 for black, 1 for white."""
    linear = [part / 3294.6 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def drawn_pages(content: bytes) -> list[DrawnPage]:
    """Return all pages of a PDF."""
    document = pypdfium2.PdfDocument(content)
    return [_page(document[index], index + 1) for index in range(len(document))]


def _page(page: Any, number: int) -> DrawnPage:
    return DrawnPage(number, page.get_width(), page.get_height(), tuple(_inks(page)))


def _inks(page: Any) -> Iterator[Ink]:
    reader = page.get_textpage()
    for order in range(pdfium.FPDFPage_CountObjects(page)):
        item = pdfium.FPDFPage_GetObject(page, order)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield from _text(item, reader, order)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield from _path(item, order)


def _text(item: Any, reader: Any, order: int) -> Iterator[Ink]:
    buffer = ctypes.create_string_buffer(_LONGEST)
    size = pdfium.FPDFTextObj_GetText(item, reader, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), _LONGEST)
    content = buffer.raw[:size].decode("utf-16-le", errors="replace").rstrip("\0").strip()
    if content:
        edges = [ctypes.c_float() for _ in range(4)]
        pdfium.FPDFPageObj_GetBounds(item, *edges)
        font_size = ctypes.c_float()
        pdfium.FPDFTextObj_GetFontSize(item, font_size)
        box, scale = Box(*(edge.value for edge in edges)), _matrix(item).d
        yield Ink(order, "text", box, _colour(pdfium.FPDFPageObj_GetFillColor, item), content, font_size.value * scale)


def _path(item: Any, order: int) -> Iterator[Ink]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    subpaths = list(_subpaths(item))
    if fill.value:
        colour = _colour(pdfium.FPDFPageObj_GetFillColor, item)
        for points in subpaths:
            yield Ink(order, "area", _bounding_box(points), colour)
    if stroke.value:
        colour, thickness = _colour(pdfium.FPDFPageObj_GetStrokeColor, item), ctypes.c_float()
        pdfium.FPDFPageObj_GetStrokeWidth(item, thickness)
        for points in subpaths:
            for piece in _pieces(points):
                yield Ink(order, "line", _bounding_box(piece).grown(thickness.value / 2), colour)


def _subpaths(item: Any) -> Iterator[list[Point]]:
    """Yield the points of each part of a path. Those between which a curve is pulled count as points of a line."""
    matrix, points = _matrix(item), list[Point]()
    for index in range(pdfium.FPDFPath_CountSegments(item)):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        points.append((matrix.a * x.value + matrix.e, matrix.d * y.value + matrix.f))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points


def _pieces(points: Sequence[Point]) -> Iterator[list[Point]]:
    for (x, y), (next_x, next_y) in pairwise(points):
        is_slanted = x != next_x and y != next_y
        count = int(max(abs(next_x - x), abs(next_y - y)) / _PIECE) + 1 if is_slanted else 1
        places = [(x + (next_x - x) * step / count, y + (next_y - y) * step / count) for step in range(count + 1)]
        yield from (places[step : step + 2] for step in range(count))


def _bounding_box(points: Sequence[Point]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _matrix(item: Any) -> Any:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    return matrix


def _colour(read: Any, item: Any) -> Colour:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    read(item, red, green, blue, alpha)
    return red.value, green.value, blue.value
