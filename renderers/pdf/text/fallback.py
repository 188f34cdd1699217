"""Which fonts are asked for a letter that no shipped face has. A file is opened when a letter needs it, and kept.

A face of such a file is named like the file, e.g. ``/fonts/some.ttc#2``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from renderers.font_files import SHIPPED_ALONE, FontFile, Fonts
from renderers.pdf.text.outlines import OutlineFont, Unusable

_allowed = ContextVar("fonts beyond the shipped faces", default=SHIPPED_ALONE)


@contextmanager
def using(fonts: Fonts) -> Iterator[None]:
    """What is measured and drawn inside may take letters from these fonts; outside, the shipped faces are all."""
    before = _allowed.set(fonts)
    try:
        yield
    finally:
        _allowed.reset(before)


def allowed() -> Fonts:
    """The fonts that may be used here."""
    return _allowed.get()


def names(fonts: Fonts) -> Iterator[str]:
    """Names of the faces that can be used, in the order in which they are asked; each is opened when it is its turn."""
    for file in fonts.files():
        if isinstance(_opened(str(file)), OutlineFont):
            yield str(file)


def font(name: str) -> OutlineFont:
    """The face of this name; `Unusable` if its file is none."""
    found = _opened(name)
    if isinstance(found, Unusable):
        raise found
    return found


def faults(fonts: Fonts) -> list[str]:
    """A sentence for each named file that cannot be used; opens them all."""
    tried = [(written, _opened(str(FontFile.parse(written)))) for written in fonts.named]
    return [f"the font {written} cannot be used: {why}" for written, why in tried if isinstance(why, Unusable)]


@functools.cache
def _opened(name: str) -> OutlineFont | Unusable:
    try:
        return OutlineFont(FontFile.parse(name))
    except Unusable as why:
        return why
    except Exception as error:  # somebody else's file, damaged in a way that nobody thought of
        return Unusable(f"it is damaged ({type(error).__name__})")
