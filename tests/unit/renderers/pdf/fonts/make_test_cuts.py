"""Makes the fonts beside this file: some letters of real fonts, of each kind that a machine may have.

    python -m pip install noto-cjk-sans-otc fontpkg-noto-sans-tamil
    python tests/unit/renderers/pdf/fonts/make_test_cuts.py

They are Noto Sans (SIL Open Font License 1.1, see OFL.txt), renamed. The same input gives the same bytes.

han.ttc      PostScript outlines, a collection: 0 has the Chinese shapes, 1 the Japanese
korean.ttf   TrueType outlines
tamil.ttf    TrueType outlines, variable, thin to black; its vowels are reordered
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

HERE = Path(__file__).parent
JAPANESE, KOREAN, CHINESE = 0, 1, 2
HAN = "客户服务北京技術東吉𠮷野家葛\U000e0100直骨一二三サポートテャッ、。「」（）・ー々　 "
HANGUL = "고객지원상담 "
TAMIL = "தமிழ்ஆதரவுசேவை "


def main() -> None:
    """Write all three."""
    collection = TTCollection()
    collection.fonts = [cjk(CHINESE, HAN, "TestHanChinese"), cjk(JAPANESE, HAN, "TestHanJapanese")]
    collection.save(HERE / "han.ttc")
    with_quadratic_curves(cjk(KOREAN, HANGUL, "TestKorean"), "TestKorean").save(HERE / "korean.ttf")
    tamil = TTFont(path_beside("fontpkg_noto_sans_tamil", "files/NotoSansTamil[wdth,wght].ttf"), recalcTimestamp=False)
    subset(tamil, TAMIL, "TestTamil").save(HERE / "tamil.ttf")
    for file in ("han.ttc", "korean.ttf", "tamil.ttf"):
        sys.stdout.write(f"{file} {(HERE / file).stat().st_size:,} bytes\n")


def cjk(number: int, characters: str, name: str) -> TTFont:
    """Some characters of a face of the large collection."""
    path = path_beside("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc")
    return subset(TTFont(path, fontNumber=number, recalcTimestamp=False), characters, name)


def subset(font: TTFont, characters: str, name: str) -> TTFont:
    """The font with these characters alone, under a name of its own."""
    options = Options(hinting=False, layout_features=["*"], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True)
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "STAT", "gasp", "prep"]
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    for name_id, text in ((1, name), (2, "Regular"), (3, name), (4, name), (6, name)):
        font["name"].setName(text, name_id, 3, 1, 0x409)
    return font


def with_quadratic_curves(font: TTFont, name: str) -> TTFont:
    """The font with TrueType outlines."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    builder = FontBuilder(font["head"].unitsPerEm, isTTF=True)
    builder.updateHead(created=3_029_529_600, modified=3_029_529_600)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(font.getBestCmap())
    builder.setupGlyf({glyph: quadratic(glyphs[glyph]) for glyph in order})
    builder.setupHorizontalMetrics({glyph: (glyphs[glyph].width, builder.font["glyf"][glyph].xMin) for glyph in order})
    builder.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    builder.setupOS2(usWeightClass=400)
    builder.setupPost()
    return builder.font


def quadratic(pen: object) -> object:
    """A glyph's outline with quadratic curves."""
    pen = TTGlyphPen(None)
    pen.draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
    return pen.glyph()


def path_beside(package: str, file: str) -> Path:
    """A file of an installed package."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        sys.exit(f"{package} is not installed")
    return Path(spec.origin).parent / file


if __name__ == "__main__":
    main()
