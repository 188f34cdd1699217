"""The shipped faces: how wide a text is, and which face has the letters for it."""

from __future__ import annotations

import functools
import unicodedata
from importlib.resources import as_file, files
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, MEDIUM, SEMIBOLD = "Inter-Regular", "Inter-Medium", "Inter-SemiBold"
DISPLAY = "InterDisplay-SemiBold"
REPLACEMENT = "\ufffd"


@functools.cache
def face(name: str) -> Any:
    """The face by name, loaded and registered at its first use in this process."""
    with as_file(files("renderers.pdf.fonts") / f"{name}.ttf") as path:
        font = TTFont(name, str(path), asciiReadable=0)
    pdfmetrics.registerFont(font)
    return font


@functools.lru_cache(maxsize=20_000)
def drawable(text: str, name: str) -> str:
    """The text as the face can draw it: invisible joiners and selectors dropped, what it lacks as U+FFFD."""
    known = face(name).face.charToGlyph
    return "".join(c if ord(c) in known else REPLACEMENT for c in text if not _invisible(c))


def width(text: str, name: str, size: float) -> float:
    """Points that a drawable text takes."""
    return _width_of_one_point(text, name) * size


@functools.lru_cache(maxsize=20_000)
def _width_of_one_point(text: str, name: str) -> float:
    glyphs = face(name).face
    return float(sum(glyphs.charWidths.get(ord(c), glyphs.defaultWidth) for c in text)) / 1000


def _invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"
