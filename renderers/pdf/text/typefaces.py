"""The faces: how wide a text is, and which face has the letters for it.

Ours are shipped and have a name of their own; others are font files' and come from `fallback`.
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
from renderers.pdf.text.outlines import FIRST_GLYPH_CODE

REGULAR, MEDIUM, SEMIBOLD = "Inter-Regular", "Inter-Medium", "Inter-SemiBold"
DISPLAY = "InterDisplay-SemiBold"
SCRIPTS = ("NotoSansArabic-Medium", "NotoSansHebrew-Medium", "NotoSansDevanagari-Medium", "NotoSansThai-Medium")
"""Faces of other scripts, in the order in which they are asked for a letter; they are shaped."""
SHIPPED = frozenset((REGULAR, MEDIUM, SEMIBOLD, DISPLAY, *SCRIPTS))

REPLACEMENT = "\ufffd"
_FIRST_PRIVATE, _LAST_PRIVATE = 0xE000, 0xF8FF
"""Codes for glyphs that no character stands for, such as a joined letter: the same in every process."""


@functools.cache
def face(name: str) -> Any:
    """The face by name, loaded and registered at its first use in this process."""
    if name not in SHIPPED:
        return fallback.font(name)
    with as_file(files("renderers.pdf.fonts") / f"{name}.ttf") as path:
        font = TTFont(name, str(path), asciiReadable=0, shapable=False)
    pdfmetrics.registerFont(font)
    return font


@functools.cache
def shaper(name: str) -> uharfbuzz.Font:
    """The face as HarfBuzz knows it."""
    if name not in SHIPPED:
        return face(name).face.shaper
    return uharfbuzz.Font(uharfbuzz.Face((files("renderers.pdf.fonts") / f"{name}.ttf").read_bytes()))


def has(name: str, character: str) -> bool:
    """Whether the face has a glyph for the character."""
    if name in SHIPPED:
        return ord(character) in _characters(name)
    return ord(character) < FIRST_GLYPH_CODE and ord(character) in face(name).face


@functools.cache
def _characters(name: str) -> frozenset[int]:
    return frozenset(face(name).face.charToGlyph)


@functools.cache
def code_of_glyph(name: str, glyph: int, of: str) -> tuple[str, float]:
    """A character code under which the PDF library draws the glyph of a shaped face, and its own advance.

    It is ``of``, the character that the glyph stands for, if that is drawn so alone: then it is copied as itself.
    """
    font, drawn = shaper(name), face(name).face
    advance = font.get_glyph_h_advance(glyph) * 1000 / font.face.upem
    if has(name, of) and font.get_nominal_glyph(ord(of)) == glyph:
        return of, advance
    if name not in SHIPPED:
        return chr(FIRST_GLYPH_CODE + glyph), advance
    code = _FIRST_PRIVATE + glyph
    assert code <= _LAST_PRIVATE, f"{name} has more glyphs than there are private codes"  # noqa: S101 - a cut of ours
    _characters(name)  # before the face learns the private codes
    drawn.charToGlyph[code], drawn.charWidths[code] = glyph, advance
    return chr(code), advance


@functools.lru_cache(maxsize=2_000)
def drawable(text: str, name: str) -> str:
    """The text as the face can draw it: invisible joiners and selectors dropped, what it lacks as U+FFFD."""
    return "".join(c if has(name, c) else REPLACEMENT for c in text if not is_invisible(c))


def width(text: str, name: str, size: float) -> float:
    """Points that a drawable text takes."""
    return _width_of_one_point(text, name) * size


@functools.lru_cache(maxsize=2_000)
def _width_of_one_point(text: str, name: str) -> float:
    glyphs = face(name).face
    return float(sum(glyphs.getCharWidth(ord(c)) for c in text)) / 1000


def is_invisible(character: str) -> bool:
    """Whether a character is there for others alone: a joiner, a selector."""
    selects = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return selects or unicodedata.category(character) == "Cf"
