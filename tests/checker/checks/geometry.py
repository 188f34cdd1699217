"""Where things are on a page of a PDF: nothing covers, touches or leaves its place, and no print is too small.

The background of a text is the last area drawn before it that holds it: a card, a tile, or else the paper. Nothing that
is drawn after the background may come near the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.checker.documents.ink import Box, DrawnPage, Ink
from tests.checker.findings import Finding

SMALLEST_ON_PHONE, SMALLEST_ON_PAPER = 9.0, 9.0
"""Points. A phone page is as wide as a phone's screen in CSS pixels; docs/groups.md says the same."""

_PHONE_WIDTH = 390
_MARGIN = 15
"""Points between the edge of a page and its texts. The pages' own margins are 16 and 28."""
_CLEARANCE = 1.2
"""Points that stay free around a text."""
_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: the contrast of text of this size."""
_PALE, _DARK = 0.75, 0.05
"""The luminance of a background: a pale one, or the card of the verdict. Bars are between the two."""
_WASH = (253, 243, 242)
"""The worst stretch of a day is tinted. A label may begin outside and end inside."""


def misplaced(pages: Sequence[DrawnPage]) -> Iterator[Finding]:
    """Yield everything that is not where it may be, page by page."""
    for page in pages:
        place = f"PDF page {page.number}"
        shapes = _Shapes(page.shapes)
        for text in page.texts:
            yield from _too_small(page, text, place)
            yield from _outside(page, text, place)
            yield from _covered(shapes, text, place)


def _too_small(page: DrawnPage, text: Ink, place: str) -> Iterator[Finding]:
    smallest = SMALLEST_ON_PHONE if page.width <= _PHONE_WIDTH else SMALLEST_ON_PAPER
    if text.size < smallest - 0.01:
        yield Finding("print is too small", place, text.content, f"{smallest} pt instead of {text.size:.1f}")


def _outside(page: DrawnPage, text: Ink, place: str) -> Iterator[Finding]:
    if not Box(_MARGIN, _MARGIN / 2, page.width - _MARGIN, page.height - _MARGIN).holds(text.box):
        yield Finding("text leaves its page", place, text.content, "within the margins")


def _covered(shapes: _Shapes, text: Ink, place: str) -> Iterator[Finding]:
    near = shapes.near(text.box.grown(_CLEARANCE))
    holding = [shape for shape in near if shape.kind == "area" and shape.order < text.order]
    background = max((shape for shape in holding if shape.box.holds(text.box)), key=_order, default=None)
    luminance = background.luminance if background else 1.0
    if not (luminance > _PALE or luminance < _DARK) or _contrast(luminance, text.luminance) < _CONTRAST:
        yield Finding("text is on a bar", place, text.content, "on a card or on paper")
    for shape in near:
        is_behind = background is not None and shape.order < background.order
        is_background = shape is background and shape.box.holds(text.box.grown(_CLEARANCE))
        if not (is_behind or is_background or (shape.colour == _WASH and shape.order < text.order)):
            yield Finding("text touches a shape", place, text.content, f"apart from {shape.kind} {_described(shape)}")
            return


def _order(shape: Ink) -> int:
    return shape.order


def _contrast(first: float, second: float) -> float:
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def _described(shape: Ink) -> str:
    return f"{shape.colour} at {', '.join(f'{edge:.1f}' for edge in shape.box)}"


class _Shapes:
    """The shapes of a page by the bands of its height that they reach into."""

    def __init__(self, shapes: Sequence[Ink]) -> None:
        self._bands: dict[int, list[Ink]] = {}
        for shape in shapes:
            for band in _bands(shape.box):
                self._bands.setdefault(band, []).append(shape)

    def near(self, box: Box) -> list[Ink]:
        """Return the shapes that share an area with the box."""
        candidates = {id(shape): shape for band in _bands(box) for shape in self._bands.get(band, ())}
        return [shape for shape in candidates.values() if shape.box.touches(box)]


def _bands(box: Box) -> range:
    return range(int(box.bottom // 12), int(box.top // 12) + 1)
