"""Font files that are none: each costs its letters and a word to operations, never a briefing."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

from renderers import pdf
from renderers.font_files import Fonts
from renderers.pdf.text import fallback
from tests.unit.renderers.pdf.fonts import HERE, KOREAN


def broken(kind: str, folder: Path) -> Path:
    """A file that is no usable font, one way or another."""
    path, whole = folder / f"{kind}.ttf", Path(KOREAN[:-2]).read_bytes()
    record = whole.index(b"head")
    contents = {
        "torn": whole[: len(whole) * 2 // 3],
        "text": b"not a font\n" * 99,
        "empty": b"",
        "directory": whole[:40],
        "short table": whole[: record + 12] + b"\0\0\0\x0a" + whole[record + 16 :],
    }
    if kind in contents:
        path.write_bytes(contents[kind])
    if kind == "folder":
        path.mkdir()
    return path


@pytest.mark.parametrize("kind", ["torn", "text", "empty", "directory", "short table", "folder", "missing"])
def test_a_broken_font_is_named_and_another_is_asked_instead(make_briefing, tmp_path: Path, kind: str) -> None:
    remarks: list[str] = []
    path = str(broken(kind, tmp_path))
    document = pdf.render(make_briefing(group_title="고객"), fonts=Fonts((path, KOREAN)), tell=remarks.append)
    (remark,) = remarks
    assert remark.startswith(f"the font {path} cannot be used: it ")
    assert document == pdf.render(make_briefing(group_title="고객"), fonts=Fonts((KOREAN,)))


def test_a_collection_has_no_face_beyond_its_last() -> None:
    assert fallback.faults(Fonts((f"{HERE}/han.ttc#1", f"{HERE}/han.ttc#2"))) == [
        f"the font {HERE}/han.ttc#2 cannot be used: it is no font, has no such face, or is damaged"
    ]


def enormous(path: Path) -> Path:
    """A font that opens, and whose letters cannot be written: each is the one before it in nearly twice the size."""
    font = TTFont(KOREAN[:-2], recalcBBoxes=False)
    inner, *outer = [name for name in font.getGlyphOrder() if font["glyf"][name].numberOfContours > 0]
    for name in outer:
        part, glyph = GlyphComponent(), Glyph()
        part.glyphName, part.x, part.y, part.flags, part.transform = inner, 0, 0, 0x0200, ((1.9, 0), (0, 1.9))
        glyph.numberOfContours, glyph.components = -1, [part]
        glyph.xMin = glyph.yMin = glyph.xMax = glyph.yMax = 0
        font["glyf"][name], inner = glyph, name
    font.save(path)
    return path


def test_a_font_that_fails_while_it_is_drawn_costs_its_letters_and_not_the_briefing(
    make_briefing, tmp_path: Path
) -> None:
    remarks: list[str] = []
    titled = make_briefing(group_title="고객 지원 상담")
    document = pdf.render(titled, fonts=Fonts((str(enormous(tmp_path / "enormous.ttf")),)), tell=remarks.append)
    assert document == pdf.render(titled)
    assert "drawn without the fonts of this machine" in remarks[0]
    assert "HANGUL" in remarks[-1]
