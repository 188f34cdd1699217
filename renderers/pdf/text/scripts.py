"""A text as what is drawn: runs of one face each, from left to right, shaped where the script asks for it.

Inter draws Latin, Greek and Cyrillic as they stand. What it lacks is looked for in the faces of other scripts, then in
the machine's fonts (`fallback`), and laid out by HarfBuzz: Arabic letters join, Devanagari reorders, Thai and Hebrew
marks find their place; Chinese, Japanese and Korean stand as they are. The bidirectional algorithm gives the order of
the runs. An emoji becomes a neutral mark, what no face has a box; whoever copies the text, or has it read aloud, gets
the original, because the sheet writes it beside what is drawn.
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
from bidi.mirror import MIRRORED

from renderers.font_files import Fonts
from renderers.pdf.text import directions, fallback, typefaces

EMOJI_MARK = "●"
_PICTURE = "[\U0001f1e6-\U0001faff\U0001fc00-\U0001fffd\u231a-\u23ff\u2600-\u27bf\u2b05-\u2b55]"
_VARIED = f"{_PICTURE}[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
_EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|{_VARIED}(?:\u200d{_VARIED})*")
"""A flag, or pictures that are joined into one."""

_LEANING = ("Mn", "Mc", "Me", "Cf")


class Glyph(NamedTuple):
    """A character code of the run's face, and what is added to its advance and place, in thousandths of the size."""

    code: str
    advance: float = 0.0
    right: float = 0.0
    up: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one face from left to right; ``width`` in points at a size of one point."""

    face: str
    glyphs: tuple[Glyph, ...]
    width: float
    shaped: bool = False

    @property
    def text(self) -> str:
        """The codes alone."""
        return "".join(glyph.code for glyph in self.glyphs)


@dataclass(frozen=True, slots=True)
class Laid:
    """A text's runs from left to right; ``faithful`` if what is drawn is the text itself, letter by letter.

    ``lacking`` are the characters that no face has and that are boxes.
    """

    runs: tuple[Run, ...]
    faithful: bool
    lacking: frozenset[str] = frozenset()

    @property
    def width(self) -> float:
        """Points that the text takes at a size of one point."""
        return sum(run.width for run in self.runs)


_letter = functools.lru_cache(maxsize=2_000)(Glyph)
"""The glyph of a character as it stands: one object for all texts, which are thousands in a long table."""


def lay_out(text: str, face: str) -> Laid:
    """The text in a face and, where that lacks a letter, in those that have it; `fallback` says which may be used."""
    return _laid_out(text, face, fallback.allowed())


@functools.lru_cache(maxsize=2_000)
def _laid_out(text: str, face: str, fonts: Fonts) -> Laid:
    known = typefaces.face(face).face.charToGlyph
    if all(ord(character) in known for character in text):
        return Laid((_plain(face, text),) if text else (), faithful=True)
    marked = "".join(_marked(text, known))
    if all(ord(character) in known for character in marked):
        return Laid((_plain(face, marked),) if marked else (), faithful=False)
    pieces = _pieces(marked, face, fonts)
    runs = tuple(_run(piece) for piece in _in_visual_order(pieces))
    return Laid(runs, faithful=False, lacking=frozenset(_lacking(pieces)))


class _Piece(NamedTuple):
    """A stretch of the text with one face and one level of embedding; odd levels run from right to left."""

    text: str
    face: str
    level: int


def _marked(text: str, known: Container[int]) -> Iterator[str]:
    """The text with a mark in place of each emoji that no face of ours has."""
    at = 0
    for found in _EMOJI.finditer(text):
        if all(ord(character) in known or typefaces.is_invisible(character) for character in found.group()):
            continue
        yield text[at : found.start()]
        yield EMOJI_MARK
        at = found.end()
    yield text[at:]


def told(lacking: Collection[str]) -> str:
    """How many characters no face has, and of which scripts; not which, since they may be of a person's name."""
    kinds = sorted({unicodedata.name(character, "UNNAMED").split()[0] for character in lacking})
    return f"characters that no font at hand has, and that are boxes: {len(lacking)} ({', '.join(kinds)})"


def _lacking(pieces: list[_Piece]) -> Iterator[str]:
    for piece in pieces:
        yield from (c for c in piece.text if not (typefaces.is_invisible(c) or typefaces.has(piece.face, c)))


def _pieces(text: str, face: str, fonts: Fonts) -> list[_Piece]:
    """Stretches in the order of reading."""
    faces, levels = _faces(text, face, fonts), directions.levels(text)
    marked = zip(text, faces, levels, strict=True)
    return [
        _Piece("".join(character for character, _, _ in group), *key)
        for key, group in groupby(marked, key=lambda of: (of[1], of[2]))
    ]


def _faces(text: str, face: str, fonts: Fonts) -> list[str]:
    """The face of each character: a mark or a joiner stays with its letter, a space with what stands before it."""
    faces: list[str] = []
    for character in text:
        before = faces[-1] if faces else face
        stays = character == " " or unicodedata.category(character) in _LEANING
        stays = stays and (typefaces.has(before, character) or typefaces.is_invisible(character))
        faces.append(before if stays else _face_for(character, face, fonts))
    return faces


def _face_for(character: str, face: str, fonts: Fonts) -> str:
    asked = chain((face, *typefaces.SCRIPTS), fallback.names(fonts))
    return next((name for name in asked if typefaces.has(name, character)), face)


def _in_visual_order(pieces: list[_Piece]) -> list[_Piece]:
    """From left to right: what has at least a level is turned round, for each level from the highest down."""
    for level in range(max((piece.level for piece in pieces), default=0), 0, -1):
        groups = groupby(pieces, key=lambda piece: piece.level >= level)
        pieces = [
            piece
            for deep, group in [(deep, list(group)) for deep, group in groups]
            for piece in (reversed(group) if deep else group)
        ]
    return pieces


def _run(piece: _Piece) -> Run:
    if piece.face in typefaces.SCRIPTS or not (piece.face in typefaces.SHIPPED or _stands_as_it_is(piece.text)):
        return _shaped(piece)
    shown = typefaces.drawable(piece.text, piece.face)
    if piece.level % 2:
        shown = "".join(MIRRORED.get(character, character) for character in reversed(shown))
    return _plain(piece.face, shown)


def _stands_as_it_is(text: str) -> bool:
    """Whether it is of Han, kana, Hangul syllables and what goes with them, which neither join nor reorder."""
    return all(c == " " or unicodedata.east_asian_width(c) in "WFH" for c in text)


def _plain(face: str, text: str) -> Run:
    return Run(face, tuple(map(_letter, text)), typefaces.width(text, face, 1))


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
        code, own = typefaces.code_of_glyph(piece.face, info.codepoint, piece.text[info.cluster])
        advance = position.x_advance * scale
        glyphs.append(Glyph(code, advance - own, position.x_offset * scale, position.y_offset * scale))
        width += advance / 1000
    return Run(piece.face, tuple(glyphs), width, shaped=True)
