r"""Make the cuts of Noto Sans beside this file, for names in scripts that Inter does not have.

    python -m pip install fontpkg-noto-sans-arabic fontpkg-noto-sans-devanagari fontpkg-noto-sans-thai \
        pylopdf-fonts-he fonttools
    python renderers/pdf/fonts/make_script_cuts.py

One weight each, with the layout tables that a shaper needs. The same input gives the same bytes.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

# Untyped, and not among the package's dependencies, because only this program needs them.
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
PLACE = {"wght": 500, "wdth": 100}
CUTS: dict[str, tuple[str, str, tuple[tuple[int, int], ...]]] = {
    "NotoSansArabic-Medium": (
        "fontpkg_noto_sans_arabic",
        "files/NotoSansArabic[wdth,wght].ttf",
        ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF)),
    ),
    "NotoSansHebrew-Medium": ("pylopdf_fonts_he", "NotoSansHebrew-Variable.ttf", ((0x0590, 0x05FF),)),
    "NotoSansDevanagari-Medium": (
        "fontpkg_noto_sans_devanagari",
        "files/NotoSansDevanagari[wdth,wght].ttf",
        ((0x0900, 0x097F), (0xA8E0, 0xA8FF)),
    ),
    "NotoSansThai-Medium": ("fontpkg_noto_sans_thai", "files/NotoSansThai[wdth,wght].ttf", ((0x0E00, 0x0E7F),)),
}
"""Name of the cut: package, file in it, and the characters besides spaces and joiners."""
JOINERS = (0x0020, 0x00A0, 0x200C, 0x200D, 0x25CC)


def cut(name: str) -> TTFont:
    """Return a static face of a script, under its own name."""
    package, file, ranges = CUTS[name]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        sys.exit(f"{package} is not installed")
    font = TTFont(Path(spec.origin).parent / file, recalcTimestamp=False)
    axes = {axis.axisTag for axis in font["fvar"].axes}
    font = instantiateVariableFont(font, {axis: value for axis, value in PLACE.items() if axis in axes})
    options = Options(hinting=False, layout_features=["*"], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True)
    options.drop_tables += ["STAT", "MVAR", "gasp", "prep"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[*JOINERS, *(c for first, last in ranges for c in range(first, last + 1))])
    subsetter.subset(font)
    for name_id, text in ((1, name), (2, "Regular"), (3, name), (4, name), (6, name)):
        font["name"].setName(text, name_id, 3, 1, 0x409)
    return font


if __name__ == "__main__":
    for face in CUTS:
        cut(face).save(HERE / f"{face}.ttf")
        sys.stdout.write(f"{face}.ttf {(HERE / f'{face}.ttf').stat().st_size:,} bytes\n")
