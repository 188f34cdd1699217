"""A page to draw on: text, boxes and lines in points from the top left, written as PDF operators.

reportlab's own drawing calls take three times as long on many pages. Here text operators are cached per (face, size,
text), and all boxes of one colour are one path. Everything outside `Sheet.tagged` is marked as decoration.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Literal

from renderers.pdf.file.book import Book
from renderers.pdf.file.structure import Scope
from renderers.pdf.text.scripts import lay_out
from renderers.pdf.text.typesetting import Style, fit

_ARC = 0.5523
"""The length of a Bézier handle for a quarter circle, as a part of the radius."""


def path(points: Sequence[tuple[float, float]]) -> str:
    """Return operators for straight lines through the points."""
    first, *rest = points
    return " ".join([f"{first[0]:.2f} {first[1]:.2f} m", *(f"{x:.2f} {y:.2f} l" for x, y in rest)])


def circle(x: float, y: float, radius: float) -> str:
    """Return operators for a circle around (x, y)."""
    return rounded(x - radius, y - radius, 2 * radius, 2 * radius, radius)


def rounded(x: float, y: float, width: float, height: float, radius: float) -> str:
    """Return operators for a rectangle with round corners whose lower left is (x, y)."""
    r = min(radius, width / 2, height / 2)
    k = r * (1 - _ARC)
    right, top = x + width, y + height
    # Format each number once. A day's charts have two hundred of these shapes.
    x0, x1, x2, x3, x4, x5 = (f"{number:.2f}" for number in (x, x + k, x + r, right - r, right - k, right))
    y0, y1, y2, y3, y4, y5 = (f"{number:.2f}" for number in (y, y + k, y + r, top - r, top - k, top))
    return (
        f"{x2} {y0} m {x3} {y0} l {x4} {y0} {x5} {y1} {x5} {y2} c {x5} {y3} l {x5} {y4} {x4} {y5} {x3} {y5} c "
        f"{x2} {y5} l {x1} {y5} {x0} {y4} {x0} {y3} c {x0} {y2} l {x0} {y1} {x1} {y0} {x2} {y0} c h"
    )


Point = tuple[float, float]
Align = Literal["left", "right", "centre"]
_SHARE_BEFORE: Mapping[Align, float] = {"left": 0, "centre": 0.5, "right": 1}
"""The part of a text that is left of its place."""


class Sheet:
    """One page of a book, and the words for it. ``y`` grows downwards. The ``y`` of a text is its baseline."""

    def __init__(self, book: Book, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._book, self.words = book, book.words
        self._put = book.begin_page(width, height)
        self._inside = 0
        self._decorating = False

    @contextmanager
    def tagged(self, tag: str, alt: str = "", scope: Scope = "") -> Iterator[None]:
        """Tag what is drawn inside as one element, e.g. ``P``, ``H1``, or ``Figure`` with a description.

        ``scope`` says whether a table header is that of a row or of a column.
        """
        structure = self._book.structure
        structure.enter(tag, alt, scope)
        self._end_decoration()
        self._put(f"/{tag} <</MCID {structure.mark()}>> BDC")
        self._inside += 1
        yield
        self._inside -= 1
        self._put("EMC")
        structure.leave()

    def grouped(self, tag: str, alt: str = "", scope: Scope = "") -> AbstractContextManager[None]:
        """Make elements tagged inside the children of one element."""
        return self._book.grouped(tag, alt, scope)

    def end(self) -> None:
        """Finish the page."""
        self._end_decoration()
        self._book.end_page()

    def text(
        self,
        x: float,
        y: float,
        text: str,
        style: Style,
        colour: str,
        *,
        align: Align = "left",
        limit: float | None = None,
        spacing: float = 0,
        spoken: str = "",
    ) -> float:
        """Draw one line, cut with an ellipsis at ``limit`` points, and return its width.

        Screen readers and search get ``spoken`` instead, or the text itself where its glyphs do not map to it.
        """
        cut = fit(text, style, limit)
        layout = lay_out(cut, style.face)
        # The space keeps viewers from joining it to the next text.
        read_text = f"{spoken} " if spoken else "" if layout.faithful else cut
        used_width = layout.width * style.size + spacing * len(cut)
        left_x = x - used_width * _SHARE_BEFORE[align]
        tracked = f"{spacing} Tc " if spacing else ""
        operators = (
            f"{colour} rg BT {tracked}1 0 0 1 {left_x:.2f} {self.height - y:.2f} Tm "
            f"{self._book.show(cut, style.face, style.size)}{' 0 Tc' if spacing else ''} ET"
        )
        self._draw(_read_as(read_text, operators) if read_text else operators)
        return used_width

    def lines(
        self, x: float, y: float, lines: Iterable[str], style: Style, colour: str, leading: float, limit: float
    ) -> float:
        """Draw lines below each other, the first with its baseline at ``y``. Return the baseline after the last."""
        for line in lines:
            self.text(x, y, line, style, colour, limit=limit)
            y += leading
        return y

    def boxes(self, boxes: Iterable[tuple[float, float, float, float]], colour: str) -> None:
        """Fill rectangles (x, y, width, height) with one colour."""
        path = " ".join(f"{x:.2f} {self.height - y - h:.2f} {w:.2f} {h:.2f} re" for x, y, w, h in boxes)
        if path:
            self._draw(f"{colour} rg {path} f")

    def rounded(
        self, boxes: Iterable[tuple[float, float, float, float]], radius: float, fill: str, border: str = ""
    ) -> None:
        """Fill rectangles with round corners, with a thin border if one is given."""
        path = " ".join(rounded(x, self.height - y - h, w, h, radius) for x, y, w, h in boxes)
        if path:
            self._draw(f"{fill} rg {border} RG 1 w {path} B" if border else f"{fill} rg {path} f")

    @contextmanager
    def translated(self, x: float, y: float) -> Iterator[None]:
        """Draw what is inside moved by (x, y), so that the same shape has the same operators everywhere."""
        self._draw(f"q 1 0 0 1 {x:.2f} {-y:.2f} cm")
        yield
        self._draw("Q")

    def polygon(self, corners: Sequence[Point], colour: str) -> None:
        """Fill a shape with straight sides."""
        self._draw(f"{colour} rg {path(self._flip(corners))} h f")

    def line(self, points: Sequence[Point], colour: str, thickness: float, dash: str = "") -> None:
        """Draw a line through the points. ``dash`` is a PDF dash pattern, e.g. ``3 2``."""
        dashed = f"[{dash}] 0 d " if dash else ""
        self._draw(f"{colour} RG {thickness} w 1 J 1 j {dashed}{path(self._flip(points))} S{' [] 0 d' if dash else ''}")

    def rule(self, x: float, y: float, length: float, colour: str, thickness: float = 0.75) -> None:
        """Draw a horizontal line."""
        self._draw(
            f"{colour} RG {thickness} w 0 J {x:.2f} {self.height - y:.2f} m {x + length:.2f} {self.height - y:.2f} l S"
        )

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """Fill a circle around (x, y)."""
        self._draw(f"{colour} rg {circle(x, self.height - y, radius)} f")

    def ring(self, x: float, y: float, radius: float, colour: str, thickness: float) -> None:
        """Draw a circle around (x, y)."""
        self._draw(f"{colour} RG {thickness} w {circle(x, self.height - y, radius)} S")

    def _flip(self, points: Sequence[Point]) -> list[Point]:
        return [(x, self.height - y) for x, y in points]

    def _draw(self, operators: str) -> None:
        if not self._inside and not self._decorating:
            self._put("/Artifact BMC")
            self._decorating = True
        self._put(operators)

    def _end_decoration(self) -> None:
        if self._decorating:
            self._put("EMC")
            self._decorating = False


def _read_as(text: str, operators: str) -> str:
    """Add the text that screen readers and search get instead of the operators' glyphs."""
    return f"/Span <</ActualText <FEFF{text.encode('utf-16-be', 'surrogatepass').hex()}>>> BDC {operators} EMC"
