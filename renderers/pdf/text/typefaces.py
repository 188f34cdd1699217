"""The fonts by name: how wide a text is, and which font has its letters.

Shipped fonts have names of their own. Others are font files and come from `fallback`.
"""

from __future__ import annotations

import functools
import unicodedata
from importlib.resources import as_file, files
from typing import Any

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from renderers.pdf.text import fallback
from renderers.pdf.text.fallback import FIRST_GLYPH_CODE

REGULAR, MEDIUM, SEMIBOLD = "Inter-Regular", "Inter-Medium", "Inter-SemiBold"
DISPLAY = "InterDisplay-SemiBold"
SCRIPTS = ("NotoSansArabic-Medium", "NotoSansHebrew-Medium", "NotoSansDevanagari-Medium", "NotoSansThai-Medium")
"""Shipped fonts of other scripts, in search order. They need shaping."""
SHIPPED = frozenset((REGULAR, MEDIUM, SEMIBOLD, DISPLAY, *SCRIPTS))

REPLACEMENT = "\ufffd"
_FIRST_PRIVATE, _LAST_PRIVATE = 0xE000, 0xF8FF
"""Character codes for glyphs without a character, such as a joined letter. They are the same in every process."""


@functools.cache
def face(name: str) -> Any:
    """Return the font by name. It is loaded and registered once per process."""
    if name not in SHIPPED:
        return fallback.font(name)
    with as_file(files("renderers.pdf.fonts") / f"{name}.ttf") as path:
        font = TTFont(name, str(path), asciiReadable=0, shapable=False)
    pdfmetrics.registerFont(font)
    return font


@functools.cache
def shaper(name: str) -> uharfbuzz.Font:
    """Return the font for HarfBuzz."""
    if name not in SHIPPED:
        return face(name).face.shaper
    return uharfbuzz.Font(uharfbuzz.Face((files("renderers.pdf.fonts") / f"{name}.ttf").read_bytes()))


def has_glyph(name: str, character: str) -> bool:
    """Return whether the font has a glyph for the character."""
    if name in SHIPPED:
        return ord(character) in _characters(name)
    return ord(character) < FIRST_GLYPH_CODE and ord(character) in face(name).face


@functools.cache
def _characters(name: str) -> frozenset[int]:
    return frozenset(face(name).face.charToGlyph)


@functools.cache
def code_of_glyph(name: str, glyph: int, character: str) -> tuple[str, float]:
    """Return a character code with which reportlab draws the glyph, and the glyph's advance.

    The code is ``character`` itself if the font draws it with this glyph, so that copied text is right.
    """
    font, library_face = shaper(name), face(name).face
    advance = font.get_glyph_h_advance(glyph) * 1000 / font.face.upem
    if has_glyph(name, character) and font.get_nominal_glyph(ord(character)) == glyph:
        return character, advance
    if name not in SHIPPED:
        return chr(FIRST_GLYPH_CODE + glyph), advance
    code = _FIRST_PRIVATE + glyph
    assert code <= _LAST_PRIVATE, f"{name} has more glyphs than there are private codes"  # noqa: S101 - a shipped font
    _characters(name)  # cache them before the private codes are added
    library_face.charToGlyph[code], library_face.charWidths[code] = glyph, advance
    return chr(code), advance


@functools.lru_cache(maxsize=2_000)
def drawable(text: str, name: str) -> str:
    """Return the text as the font can draw it: without joiners and selectors, missing letters as U+FFFD."""
    return "".join(c if has_glyph(name, c) else REPLACEMENT for c in text if not is_invisible(c))


def width(text: str, name: str) -> float | None:
    """Return the width of the text in points at a size of one point, None if the font has not all of its letters."""
    try:
        return float(sum(map(_widths(name).__getitem__, text))) / 1000
    except KeyError:
        return None


@functools.cache
def _widths(name: str) -> _Widths:
    return _Widths(face(name).face)


class _Widths(dict[str, float]):
    """The width of each character in thousandths of the size. A character that the font lacks is a KeyError."""

    def __init__(self, library_face: Any) -> None:
        super().__init__()
        self._face = library_face

    def __missing__(self, character: str) -> float:
        code = ord(character)
        if code not in self._face.charToGlyph:
            raise KeyError(character)
        self[character] = width = self._face.getCharWidth(code)
        return float(width)


def is_invisible(character: str) -> bool:
    """Return whether a character is invisible: a joiner, a selector."""
    selects = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return selects or unicodedata.category(character) == "Cf"
