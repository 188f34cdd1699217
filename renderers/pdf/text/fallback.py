"""The font files that may draw a letter that no shipped font has. A file is opened when it is first needed.

A face of such a file is named like the file, e.g. ``/fonts/some.ttc#2``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from renderers.font_files import SHIPPED_ONLY, FontFile, Fonts

if TYPE_CHECKING:
    from renderers.pdf.text.outlines import OutlineFont

FIRST_GLYPH_CODE = 0xF0000
"""A character code from here on is a glyph number of such a face plus this number."""

_allowed = ContextVar("fonts beyond the shipped faces", default=SHIPPED_ONLY)


class Unusable(Exception):
    """A file that has no usable letters. The message says why in a clause."""


@contextmanager
def using(fonts: Fonts) -> Iterator[None]:
    """Let code inside measure and draw with these fonts too. Outside, only the shipped fonts are used."""
    token = _allowed.set(fonts)
    try:
        yield
    finally:
        _allowed.reset(token)


def allowed() -> Fonts:
    """Return the fonts that may be used now."""
    return _allowed.get()


def names(fonts: Fonts) -> Iterator[str]:
    """Yield the names of the usable faces in search order. Each file is opened when its turn comes."""
    for file in fonts.files():
        if not isinstance(_opened(str(file)), Unusable):
            yield str(file)


def font(name: str) -> OutlineFont:
    """Return the face of this name. Raise `Unusable` if its file has none."""
    font_or_error = _opened(name)
    if isinstance(font_or_error, Unusable):
        raise font_or_error
    return font_or_error


def faults(fonts: Fonts) -> list[str]:
    """Open all configured files, and return a sentence for each that cannot be used."""
    files = [(path, _opened(str(FontFile.parse(path)))) for path in fonts.paths]
    return [
        f"the font {path} cannot be used: {font_or_error}"
        for path, font_or_error in files
        if isinstance(font_or_error, Unusable)
    ]


@functools.cache
def _opened(name: str) -> OutlineFont | Unusable:
    # It imports fontTools, 2 MB, which most documents do not need.
    from renderers.pdf.text.outlines import OutlineFont

    try:
        return OutlineFont(FontFile.parse(name))
    except Unusable as error:
        return error
    except Exception as error:  # a damaged file can fail in any way
        return Unusable(f"it is damaged ({type(error).__name__})")
