"""Make the static cuts beside this file from the variable Inter of the PyPI package ``fontpkg-inter``.

    python -m pip install fontpkg-inter fonttools
    python renderers/pdf/fonts/make_cuts.py

reportlab reads neither the axes of a variable font nor its OpenType features. So the cuts contain what the pages need:
weight, optical size, and digits of one width, so that columns of figures line up. The same input gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

# Untyped, and not among the package's dependencies, because only this program needs them.
import fontpkg_inter  # type: ignore
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
SOURCE = Path(fontpkg_inter.__file__).parent / "files" / "Inter[opsz,wght].ttf"
CUTS: dict[str, dict[str, float]] = {
    "Inter-Regular": {"wght": 400, "opsz": 14},
    "Inter-Medium": {"wght": 500, "opsz": 14},
    "Inter-SemiBold": {"wght": 600, "opsz": 14},
    "InterDisplay-SemiBold": {"wght": 600, "opsz": 32},
}
CHARACTERS = (
    (0x0020, 0x024F),  # Latin
    (0x0250, 0x02FF),  # phonetic and modifier letters
    (0x0300, 0x036F),  # combining marks
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x052F),  # Cyrillic
    (0x1E00, 0x1EFF),  # Latin of Vietnamese and others
    (0x1F00, 0x1FFF),  # Greek with marks
    (0x2000, 0x206F),  # punctuation
    (0x2070, 0x209F),  # raised and lowered figures
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x218F),  # letter-like signs and fractions
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematics
    (0x2460, 0x24FF),  # circled letters and digits
    (0x25A0, 0x27BF),  # shapes and signs
)
REPLACEMENT, BOX = 0xFFFD, 0x25A1
PROPORTIONAL = frozenset("-")
"""Characters that keep their own width. A hyphen as wide as a digit looks wrong in names."""


def cut(name: str, location: dict[str, float]) -> TTFont:
    """Return a static face with tabular figures, without layout tables and hints, under its own name."""
    font = instantiateVariableFont(TTFont(SOURCE, recalcTimestamp=False), location)
    _bake_tabular_figures(font)
    _draw_replacement_as_box(font)
    _subset(font)
    _rename(font, name)
    return font


def _bake_tabular_figures(font: TTFont) -> None:
    gsub = font["GSUB"].table
    lookups = {
        index
        for record in gsub.FeatureList.FeatureRecord
        if record.FeatureTag == "tnum"
        for index in record.Feature.LookupListIndex
    }
    tabular: dict[str, str] = {}
    for index in sorted(lookups):
        for table in gsub.LookupList.Lookup[index].SubTable:
            tabular |= getattr(table, "ExtSubTable", table).mapping
    for table in font["cmap"].tables:
        table.cmap = {
            code: glyph if chr(code) in PROPORTIONAL else tabular.get(glyph, glyph)
            for code, glyph in table.cmap.items()
        }


def _draw_replacement_as_box(font: TTFont) -> None:
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[REPLACEMENT] = table.cmap[BOX]


def _subset(font: TTFont) -> None:
    options = Options(hinting=False, layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "STAT", "MVAR", "gasp", "prep"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[REPLACEMENT, *(c for first, last in CHARACTERS for c in range(first, last + 1))])
    subsetter.subset(font)


def _rename(font: TTFont, name: str) -> None:
    family, style = name.split("-")
    for name_id, text in ((1, f"{family} {style}"), (2, "Regular"), (3, name), (4, f"{family} {style}"), (6, name)):
        font["name"].setName(text, name_id, 3, 1, 0x409)


if __name__ == "__main__":
    for face, place in CUTS.items():
        cut(face, place).save(HERE / f"{face}.ttf")
        sys.stdout.write(f"{face}.ttf {(HERE / f'{face}.ttf').stat().st_size:,} bytes\n")
