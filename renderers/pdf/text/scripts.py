"""Lay out a text as runs of one face each, from left to right, shaped where the script needs it.

Inter draws Latin, Greek and Cyrillic. Other letters come from the shipped fonts of other scripts, then from the
machine's fonts (`fallback`). HarfBuzz joins Arabic, reorders Devanagari and places Thai and Hebrew marks. Chinese,
Japanese and Korean need no shaping. The bidirectional algorithm gives the order of the runs. An emoji becomes a neutral
mark, and a character that no font has becomes a box. Copied and spoken text is the original,
because `Sheet` writes it too.

The libraries for directions and for fonts of the machine are imported by the first text that needs them.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from typing import NamedTuple

import uharfbuzz

from renderers.font_files import Fonts
from renderers.pdf.text import fallback, typefaces

EMOJI_MARK = "●"
_PICTURE = "[\U0001f1e6-\U0001faff\U0001fc00-\U0001fffd\u231a-\u23ff\u2600-\u27bf\u2b05-\u2b55]"
_VARIED = f"{_PICTURE}[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
_EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|{_VARIED}(?:\u200d{_VARIED})*")
"""A flag, or pictures that are joined into one emoji."""

_LEANING = ("Mn", "Mc", "Me", "Cf")


class Glyph(NamedTuple):
    """A character code of the run's face, and corrections of its advance and position in thousandths of the size."""

    code: str
    advance: float = 0.0
    right: float = 0.0
    rise: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """Character codes of one face from left to right. ``width`` is in points at a size of one point.

    ``glyphs`` places each code of a shaped run. Other runs have none.
    """

    face: str
    text: str
    width: float
    glyphs: tuple[Glyph, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A text's runs from left to right. ``faithful`` if the glyphs map to the text letter by letter.

    ``width`` is in points at a size of one point. ``boxed`` are the characters that no font has and that are drawn as
    boxes.
    """

    runs: tuple[Run, ...]
    width: float
    faithful: bool
    boxed: frozenset[str] = frozenset()


def lay_out(text: str, face: str) -> Layout:
    """Lay out the text in a face, and letters that it does not have in another. `fallback` says which may be used."""
    return _plain_layout(text, face) or _mixed_layout(text, face, fallback.allowed())


@functools.lru_cache(maxsize=2_000)
def _plain_layout(text: str, face: str) -> Layout | None:
    """Return the layout of a text whose letters are all in the face, as nearly always, or None."""
    width = typefaces.width(text, face)
    return None if width is None else Layout((Run(face, text, width),) if text else (), width, faithful=True)


@functools.lru_cache(maxsize=2_000)
def _mixed_layout(text: str, face: str, fonts: Fonts) -> Layout:
    text_with_marks = "".join(_with_emoji_marks(text, typefaces.face(face).face.charToGlyph))
    if plain := _plain_layout(text_with_marks, face):
        return Layout(plain.runs, plain.width, faithful=False)
    pieces = _pieces(text_with_marks, face, fonts)
    runs = tuple(_run(piece) for piece in _in_visual_order(pieces))
    return Layout(runs, sum(run.width for run in runs), faithful=False, boxed=frozenset(_missing_characters(pieces)))


class _Piece(NamedTuple):
    """A part of the text with one face and one embedding level. Odd levels run from right to left."""

    text: str
    face: str
    level: int


def _with_emoji_marks(text: str, glyphs: Container[int]) -> Iterator[str]:
    """Yield the text with a mark in place of each emoji that the face does not have."""
    end = 0
    for match in _EMOJI.finditer(text):
        if all(ord(character) in glyphs or typefaces.is_invisible(character) for character in match.group()):
            continue
        yield text[end : match.start()]
        yield EMOJI_MARK
        end = match.end()
    yield text[end:]


def describe_missing(characters: Collection[str]) -> str:
    """Say how many characters no font has, and of which scripts. The characters may be part of a person's name."""
    kinds = sorted({unicodedata.name(character, "UNNAMED").split()[0] for character in characters})
    return f"characters that no font at hand has, and that are boxes: {len(characters)} ({', '.join(kinds)})"


def _missing_characters(pieces: list[_Piece]) -> Iterator[str]:
    for piece in pieces:
        yield from (c for c in piece.text if not (typefaces.is_invisible(c) or typefaces.has_glyph(piece.face, c)))


def _pieces(text: str, face: str, fonts: Fonts) -> list[_Piece]:
    """Return the pieces in reading order."""
    from renderers.pdf.text import directions

    faces, levels = _faces(text, face, fonts), directions.levels(text)
    characters = zip(text, faces, levels, strict=True)
    return [
        _Piece("".join(character for character, _, _ in group), *key)
        for key, group in groupby(characters, key=lambda item: (item[1], item[2]))
    ]


def _faces(text: str, face: str, fonts: Fonts) -> list[str]:
    """Return the face of each character. A mark or joiner stays with its letter, a space with the character before."""
    faces: list[str] = []
    for character in text:
        previous = faces[-1] if faces else face
        stays = character == " " or unicodedata.category(character) in _LEANING
        stays = stays and (typefaces.has_glyph(previous, character) or typefaces.is_invisible(character))
        faces.append(previous if stays else _face_for(character, face, fonts))
    return faces


def _face_for(character: str, face: str, fonts: Fonts) -> str:
    candidates = chain((face, *typefaces.SCRIPTS), fallback.names(fonts))
    return next((name for name in candidates if typefaces.has_glyph(name, character)), face)


def _in_visual_order(pieces: list[_Piece]) -> list[_Piece]:
    """Order the pieces from left to right: reverse those of at least each level, from the highest down (UAX #9, L2)."""
    for level in range(max((piece.level for piece in pieces), default=0), 0, -1):
        groups = groupby(pieces, key=lambda piece: piece.level >= level)
        pieces = [
            piece
            for deep, group in [(deep, list(group)) for deep, group in groups]
            for piece in (reversed(group) if deep else group)
        ]
    return pieces


def _run(piece: _Piece) -> Run:
    if piece.face in typefaces.SCRIPTS or not (piece.face in typefaces.SHIPPED or _needs_no_shaping(piece.text)):
        return _shaped(piece)
    drawn_text = typefaces.drawable(piece.text, piece.face)
    if piece.level % 2:
        from bidi.mirror import MIRRORED

        drawn_text = "".join(MIRRORED.get(character, character) for character in reversed(drawn_text))
    return Run(piece.face, drawn_text, typefaces.width(drawn_text, piece.face) or 0.0)


def _needs_no_shaping(text: str) -> bool:
    """Return whether the text is Han, kana or Hangul syllables, which neither join nor reorder."""
    return all(c == " " or unicodedata.east_asian_width(c) in "WFH" for c in text)


def _shaped(piece: _Piece) -> Run:
    font = typefaces.shaper(piece.face)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(piece.text)
    buffer.guess_segment_properties()
    buffer.flags = uharfbuzz.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    buffer.direction = "rtl" if piece.level % 2 else "ltr"
    uharfbuzz.shape(font, buffer)
    scale = 1000 / font.face.upem
    glyphs, width = [], 0.0
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        code, natural_advance = typefaces.code_of_glyph(piece.face, info.codepoint, piece.text[info.cluster])
        advance = position.x_advance * scale
        glyphs.append(Glyph(code, advance - natural_advance, position.x_offset * scale, position.y_offset * scale))
        width += advance / 1000
    return Run(piece.face, "".join(glyph.code for glyph in glyphs), width, tuple(glyphs))
