"""A small TrueType font of some glyphs of a large font, for a document that shows them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import uharfbuzz
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

_THEN = 3_029_529_600
"""The year 2000 in a font's seconds: the clock's time would make other bytes of the same letters."""


def cut(font: uharfbuzz.Font, glyphs: Sequence[int], tolerance: float) -> bytes:
    """A font whose character code ``n`` draws the ``n``-th of the glyphs; the same bytes for the same glyphs.

    ``tolerance``, in parts of the size, is how far a quadratic curve may be from the cubic one that it replaces.
    """
    kept = dict.fromkeys((0, *glyphs))
    names = {glyph: f"g{at}" if at else ".notdef" for at, glyph in enumerate(kept)}
    builder = FontBuilder(font.face.upem, isTTF=True)
    builder.updateHead(created=_THEN, modified=_THEN)
    builder.setupGlyphOrder(list(names.values()))
    builder.setupGlyf({name: _outline(font, glyph, tolerance * font.face.upem) for glyph, name in names.items()})
    drawn = builder.font["glyf"]
    advances = {name: font.get_glyph_h_advance(glyph) for glyph, name in names.items()}
    builder.setupHorizontalMetrics({name: (advances[name], getattr(drawn[name], "xMin", 0)) for name in advances})
    extents = font.get_font_extents("ltr")
    builder.setupHorizontalHeader(ascent=extents.ascender, descent=extents.descender)
    builder.setupPost(keepGlyphNames=False)
    builder.font["cmap"] = _codes([names[glyph] for glyph in glyphs])
    written = io.BytesIO()
    builder.save(written)
    return written.getvalue()


def _outline(font: uharfbuzz.Font, glyph: int, tolerance: float) -> Any:
    pen = TTGlyphPen(None)
    turned = "glyf" not in font.face.table_tags  # PostScript's outlines run the other way round
    font.draw_glyph_with_pen(glyph, Cu2QuPen(pen, tolerance, reverse_direction=turned))
    return pen.glyph()


def _codes(names: Sequence[str]) -> Any:
    """The one table that readers of an embedded, symbolic font look at: Macintosh Roman, codes as they come."""
    codes = CmapSubtable.newSubtable(6)
    codes.platformID, codes.platEncID, codes.language = 1, 0, 0
    codes.cmap = dict(enumerate(names))
    table = newTable("cmap")
    table.tableVersion, table.tables = 0, [codes]
    return table
