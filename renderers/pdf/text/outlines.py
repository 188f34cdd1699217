"""Read a face from any OpenType file with HarfBuzz, and embed the glyphs that a document shows.

reportlab reads only TrueType outlines, only the default of a variable font, and the whole file at once (23 MB for a
Chinese font). Most systems have fonts with PostScript outlines. HarfBuzz reads them all, at any weight, and maps the
file into memory. The glyphs that a document needs are written as a small TrueType font.
"""

from __future__ import annotations

import io
import os
import re
import struct
from collections.abc import Sequence
from typing import Any, BinaryIO
from weakref import WeakKeyDictionary

import uharfbuzz
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from reportlab.pdfbase.ttfonts import TTEncoding, TTFont, TTFontFace

from renderers.font_files import FontFile
from renderers.pdf.text.fallback import FIRST_GLYPH_CODE, Unusable

_THEN = 3_029_529_600
"""The year 2000 in a font's seconds. The current time would change the bytes of the same letters."""


def cut(font: uharfbuzz.Font, glyphs: Sequence[int], tolerance: float) -> bytes:
    """Return a font whose character code ``n`` draws the ``n``-th glyph. The same glyphs give the same bytes.

    ``tolerance``, in parts of the size, is how far a quadratic curve may be from the cubic one that it replaces.
    """
    unique = dict.fromkeys((0, *glyphs))
    names = {glyph: f"g{index}" if index else ".notdef" for index, glyph in enumerate(unique)}
    builder = FontBuilder(font.face.upem, isTTF=True)
    builder.updateHead(created=_THEN, modified=_THEN)
    builder.setupGlyphOrder(list(names.values()))
    builder.setupGlyf({name: _outline(font, glyph, tolerance * font.face.upem) for glyph, name in names.items()})
    outlines = builder.font["glyf"]
    advances = {name: font.get_glyph_h_advance(glyph) for glyph, name in names.items()}
    builder.setupHorizontalMetrics({name: (advances[name], getattr(outlines[name], "xMin", 0)) for name in advances})
    extents = font.get_font_extents("ltr")
    builder.setupHorizontalHeader(ascent=extents.ascender, descent=extents.descender)
    builder.setupPost(keepGlyphNames=False)
    builder.font["cmap"] = _codes([names[glyph] for glyph in glyphs])
    file = io.BytesIO()
    builder.save(file)
    return file.getvalue()


def _outline(font: uharfbuzz.Font, glyph: int, tolerance: float) -> Any:
    pen = TTGlyphPen(None)
    turned = "glyf" not in font.face.table_tags  # PostScript's outlines run the other way round
    font.draw_glyph_with_pen(glyph, Cu2QuPen(pen, tolerance, reverse_direction=turned))
    return pen.glyph()


def _codes(names: Sequence[str]) -> Any:
    """Return the table that viewers use for an embedded, symbolic font: Macintosh Roman (ISO 32000-1, 9.6.6.4)."""
    codes = CmapSubtable.newSubtable(6)
    codes.platformID, codes.platEncID, codes.language = 1, 0, 0
    codes.cmap = dict(enumerate(names))
    table = newTable("cmap")
    table.tableVersion, table.tables = 0, [codes]
    return table


WEIGHT = 500
"""The weight to use of a variable font, as in the shipped cuts of other scripts."""
_BOLDER = 0.01
"""How much bolder to draw a regular font, in parts of the size, to match semi-bold names beside it."""

_CUBIC_ERROR = 0.001
"""How far a quadratic curve may be from the cubic one that it replaces, in parts of the size."""
_SYMBOLIC, _STEM = 4, 87
_BEYOND_PLANE_0 = re.compile(r"<([0-9A-F]{5,6})>")


class OutlineFace(TTFontFace):  # type: ignore[misc]
    """What reportlab asks of a face, answered by HarfBuzz. Raises `Unusable` for a file that is not a font."""

    def __init__(self, file: FontFile) -> None:
        self.shaper = _opened(file)
        self._scale: float = 1000 / self.shaper.face.upem
        self.filename, self.name = str(file), _name(self.shaper.face).encode()
        self.subfontNameX, self.charToGlyph = b"", self
        self._describe()

    def __contains__(self, code: int) -> bool:
        return self.glyph_of(code) is not None

    def glyph_of(self, code: int) -> int | None:
        """Return the glyph for a character code."""
        if code >= FIRST_GLYPH_CODE:
            return code - FIRST_GLYPH_CODE
        glyph: int | None = self.shaper.get_nominal_glyph(code)
        return glyph

    def getCharWidth(self, code: int) -> float:
        """Return the advance in thousandths of the size."""
        return int(self.shaper.get_glyph_h_advance(self.glyph_of(code) or 0)) * self._scale

    def makeSubset(self, subset: list[int]) -> bytes:
        """Return a TrueType font whose code ``n`` draws the subset's ``n``-th character."""
        return cut(self.shaper, [self.glyph_of(code) or 0 for code in subset], _CUBIC_ERROR)

    def _describe(self) -> None:
        extents = self.shaper.get_font_extents("ltr")
        self.ascent, self.descent = extents.ascender * self._scale, extents.descender * self._scale
        tag = uharfbuzz.OTMetricsTag.CAP_HEIGHT
        self.capHeight = self.shaper.get_metric_position_with_fallback(tag) * self._scale
        corners = struct.unpack(">4h", self.shaper.face.reference_table("head").data[36:44])
        self.bbox = [corner * self._scale for corner in corners]
        self.flags, self.italicAngle, self.stemV = _SYMBOLIC, 0, _STEM
        self.defaultWidth = self.getCharWidth(FIRST_GLYPH_CODE)


class OutlineFont(TTFont):  # type: ignore[misc]
    """An outline face with reportlab's record of what each document shows of it."""

    def __init__(self, file: FontFile) -> None:
        self.face = OutlineFace(file)
        self.fontName = self.face.name.decode()
        self.encoding, self.state = TTEncoding(), WeakKeyDictionary[Any, Any]()
        self._asciiReadable, self.shapable = 0, False

    def addObjects(self, doc: Any) -> None:
        """Add the objects as reportlab does, but write characters beyond plane 0 as UTF-16, as PDF requires."""
        known_names = set(doc.idToObject)
        super().addObjects(doc)
        for name in doc.idToObject.keys() - known_names:
            if name.startswith("toUnicodeCMap:"):
                stream = doc.idToObject[name]
                stream.content = _BEYOND_PLANE_0.sub(_surrogates, stream.content)


def _surrogates(match: re.Match[str]) -> str:
    return f"<{chr(int(match[1], 16)).encode('utf-16-be').hex().upper()}>"


def _opened(file: FontFile) -> uharfbuzz.Font:
    try:
        face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(file.path), file.number)
    except uharfbuzz.HarfBuzzError:
        raise Unusable("it cannot be read") from None
    if not face.glyph_count or "head" not in face.table_tags or not _is_whole(file):
        raise Unusable("it is no font, has no such face, or is damaged")
    if not {"glyf", "CFF ", "CFF2"} & set(face.table_tags) or not face.unicodes:
        raise Unusable("it has no outlines of letters")
    font = uharfbuzz.Font(face)
    font.set_variations({"wght": WEIGHT})
    if font.get_style_value(uharfbuzz.StyleTag.WEIGHT) < WEIGHT:
        font.synthetic_bold = (_BOLDER, _BOLDER, True)
    return font


def _is_whole(file: FontFile) -> bool:
    """Return whether every table is complete. Letters beyond the end of a cut file would be blank, not boxes."""
    with open(file.path, "rb") as source:
        start = int.from_bytes(_read(source, 12 + 4 * file.number, 4)) if _read(source, 0, 4) == b"ttcf" else 0
        count = int.from_bytes(_read(source, start + 4, 2))
        tables = struct.iter_unpack(">4s3L", _read(source, start + 12, 16 * count))
        size = source.seek(0, os.SEEK_END)
    return all(offset + length <= size for _tag, _checksum, offset, length in tables)


def _read(source: BinaryIO, offset: int, length: int) -> bytes:
    source.seek(offset)
    return source.read(length)


def _name(face: uharfbuzz.Face) -> str:
    """Return PostScript name and checksum, because a document may have two versions of one font."""
    name = face.get_name(uharfbuzz.OTNameIdPredefined.POSTSCRIPT_NAME) or "Font"
    checksum = face.reference_table("head").data[8:12].hex()
    return f"{re.sub('[^A-Za-z0-9]', '', name)}-{checksum}"
