"""Letters that no shipped face has: taken from font files, with PostScript, TrueType and variable outlines."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

from renderers import pdf
from renderers.font_files import Fonts
from renderers.pdf import fallback
from renderers.pdf.scripts import EMOJI_MARK, lay_out
from renderers.pdf.typefaces import MEDIUM, REPLACEMENT, SCRIPTS
from renderers.pdf.typesetting import Style, fit, width, wrap

HERE = Path(__file__).parent / "fonts"
HAN, JAPANESE, KOREAN, TAMIL = f"{HERE}/han.ttc#0", f"{HERE}/han.ttc#1", f"{HERE}/korean.ttf", f"{HERE}/tamil.ttf"
ALL = Fonts((HAN, KOREAN, TAMIL))
BODY = Style(MEDIUM, 13)


@pytest.fixture
def all_fonts() -> Iterator[None]:
    with fallback.using(ALL):
        yield


def faces(text: str) -> list[str]:
    return [run.face for run in lay_out(text, MEDIUM).runs]


def drawn(text: str) -> str:
    return "".join(run.text for run in lay_out(text, MEDIUM).runs)


@pytest.mark.parametrize(
    ("name", "face"),
    [("客户服务", HAN), ("技術サポート", HAN), ("고객 지원", f"{KOREAN}#0"), ("தமிழ் ஆதரவு", f"{TAMIL}#0")],
)
@pytest.mark.usefixtures("all_fonts")
def test_a_name_is_drawn_with_the_first_font_that_has_its_letters(name: str, face: str) -> None:
    laid = lay_out(name, MEDIUM)
    assert {run.face for run in laid.runs} == {face}
    assert not laid.lacking
    assert REPLACEMENT not in drawn(name)


@pytest.mark.usefixtures("all_fonts")
def test_han_kana_and_hangul_are_drawn_as_themselves_and_each_takes_its_square() -> None:
    assert drawn("客户 サポート 고객") == "客户 サポート 고객"
    assert width("客户", BODY) == pytest.approx(26)


@pytest.mark.usefixtures("all_fonts")
def test_another_scripts_vowel_is_put_where_it_belongs() -> None:
    """In Tamil ``ே`` is typed after its consonant and drawn before it."""
    alone, pair = drawn("ச"), drawn("சே")
    assert pair[-1] == alone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("VIP 客户 (EN)", [MEDIUM, HAN, MEDIUM]),
        ("客户고객", [HAN, f"{KOREAN}#0"]),
        ("خدمة 客户 العملاء", [SCRIPTS[0], HAN, SCRIPTS[0]]),
        ("技術🚀Team", [HAN, MEDIUM]),
    ],
)
@pytest.mark.usefixtures("all_fonts")
def test_a_mixed_name_changes_faces_where_its_scripts_change(text: str, expected: list[str]) -> None:
    assert [face for face, _ in groupby(faces(text))] == expected


@pytest.mark.usefixtures("all_fonts")
def test_a_variant_selector_chooses_the_shape_and_is_never_a_box() -> None:
    with fallback.using(Fonts((JAPANESE,))):
        plain, chosen = drawn("葛"), drawn("葛\U000e0100")
    assert len(chosen) == 1
    assert chosen != plain
    assert drawn("葛\U000e0100") == "葛", "the Chinese face has no other shape of it"
    with fallback.using(Fonts((KOREAN,))):
        assert drawn("葛\U000e0100") == REPLACEMENT


def test_the_order_of_the_fonts_chooses_between_chinese_and_japanese_shapes(make_briefing) -> None:
    titled = make_briefing(group_title="直")
    chinese, japanese = (pdf.render(titled, fonts=Fonts((HAN, JAPANESE)[::way])) for way in (1, -1))
    assert chinese == pdf.render(titled, fonts=Fonts((HAN,)))
    assert japanese == pdf.render(titled, fonts=Fonts((JAPANESE,)))
    assert chinese != japanese


@pytest.mark.parametrize("text", ["Support", "خدمة", "Team 👩\u200d👩\u200d👧", "a\u200db\ufe0f", "Zażółć ≥ ●"])
def test_no_font_is_opened_for_what_the_shipped_faces_can_draw(make_briefing, text: str) -> None:
    said: list[str] = []
    pdf.render(make_briefing(group_title=text), fonts=Fonts(("/no/such.ttf",)), tell=said.append)
    assert said == []


def test_without_fonts_all_is_as_on_a_machine_that_has_none(make_briefing) -> None:
    said: list[str] = []
    bare = pdf.render(make_briefing(group_title="客户고"), tell=said.append)
    assert said == ["characters that no font at hand has, and that are boxes: 3 (CJK, HANGUL)"]
    assert pdf.render(make_briefing(group_title="客户고"), fonts=ALL) != bare
    assert pdf.render(make_briefing(group_title="客户고")) == bare


@pytest.mark.parametrize("name", ["客户服务北京", "技術サポート", "고객 지원", "𠮷野家"])
def test_copied_text_is_the_name_even_for_a_reader_that_knows_nothing_but_the_fonts(make_briefing, name: str) -> None:
    """The original that is written beside what is drawn is taken away first."""
    file = pikepdf.open(io.BytesIO(pdf.render(make_briefing(group_title=name), "a4", ALL)))
    for page in file.pages:
        content = page.Contents.read_bytes()
        page.Contents = file.make_stream(re.sub(rb"/Span <</ActualText <[0-9a-fA-F]+>>> BDC", b"/Span BMC", content))
    written = io.BytesIO()
    file.save(written)
    text = pypdfium2.PdfDocument(written.getvalue())[0].get_textpage().get_text_range()
    assert name in text


def broken(kind: str, folder: Path) -> Path:
    """A file that is no usable font, one way or another."""
    path, whole = folder / f"{kind}.ttf", Path(KOREAN).read_bytes()
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
    said: list[str] = []
    path = str(broken(kind, tmp_path))
    made = pdf.render(make_briefing(group_title="고객"), fonts=Fonts((path, KOREAN)), tell=said.append)
    (remark,) = said
    assert remark.startswith(f"the font {path} cannot be used: it ")
    assert made == pdf.render(make_briefing(group_title="고객"), fonts=Fonts((KOREAN,)))


def test_a_collection_has_no_face_beyond_its_last() -> None:
    assert fallback.faults(Fonts((f"{HERE}/han.ttc#1", f"{HERE}/han.ttc#2"))) == [
        f"the font {HERE}/han.ttc#2 cannot be used: it is no font, has no such face, or is damaged"
    ]


def enormous(path: Path) -> Path:
    """A font that opens, and whose letters cannot be written: each is the one before it in nearly twice the size."""
    font = TTFont(KOREAN, recalcBBoxes=False)
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
    said: list[str] = []
    titled = make_briefing(group_title="고객 지원 상담")
    made = pdf.render(titled, fonts=Fonts((str(enormous(tmp_path / "enormous.ttf")),)), tell=said.append)
    assert made == pdf.render(titled)
    assert "drawn without the fonts of this machine" in said[0]
    assert "HANGUL" in said[-1]


def test_a_variable_font_is_drawn_at_a_medium_weight_and_not_at_its_thin_default(make_briefing) -> None:
    """What is embedded is compared with the font at that place: the default's letters are narrower."""
    with fallback.using(Fonts((TAMIL,))):
        drawn_wide = width("த", Style(MEDIUM, 1000))
    font = TTFont(TAMIL)
    regular = font["hmtx"][font.getBestCmap()[ord("த")]][0]
    assert drawn_wide > regular


DIGEST = """
import dataclasses, hashlib, sys
sys.path.insert(0, sys.argv[1])
import conftest
from renderers import pdf
from renderers.font_files import Fonts
fonts = Fonts(tuple(sys.argv[3].split("|")))
for title in sys.argv[2].split("|"):
    made = pdf.render(dataclasses.replace(conftest.SAMPLE, group_title=title), "both", fonts)
print(hashlib.sha256(made).hexdigest())
"""


def test_the_bytes_are_the_same_in_every_process_whatever_was_drawn_before() -> None:
    def digest(before: str, seed: str) -> str:
        titles = f"{before}客户サポート고객தமிழ்"
        command = [sys.executable, "-c", DIGEST, str(HERE.parent.parent), titles, "|".join(ALL.named)]
        env = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout

    assert digest("", "1") == digest("지원|北京服务|ஆதரவு|", "2") == digest("지원客|", "3")


def embedded(made: bytes, name: str) -> TTFont:
    file = pikepdf.open(io.BytesIO(made))
    fonts = {str(font.BaseFont): font for page in file.pages for font in page.Resources.Font.values()}
    (found,) = [font for of, font in fonts.items() if name in of]
    return TTFont(io.BytesIO(found.FontDescriptor.FontFile2.read_bytes()))


def test_what_is_embedded_is_dated_by_no_clock_and_holds_only_the_letters_shown(make_briefing) -> None:
    font = embedded(pdf.render(make_briefing(group_title="客户客"), fonts=ALL), "TestHan")
    assert font["head"].created == font["head"].modified == 3_029_529_600
    assert len(font.getGlyphOrder()) == len(".客户 ")


def test_the_strokes_of_a_regular_font_are_drawn_bolder_beside_the_semi_bold_names(make_briefing) -> None:
    font, source = (
        embedded(pdf.render(make_briefing(group_title="一"), fonts=ALL), "TestHan"),
        TTFont(HAN[:-2], fontNumber=0),
    )
    stroke = font["glyf"][font["cmap"].tables[0].cmap[1]]
    glyphs, bounds = source.getGlyphSet(), BoundsPen(None)
    glyphs[source.getBestCmap()[ord("一")]].draw(bounds)
    assert stroke.yMax - stroke.yMin == pytest.approx(bounds.bounds[3] - bounds.bounds[1] + 10, abs=1)


def test_no_path_of_this_machine_is_in_the_file(make_briefing) -> None:
    file = pikepdf.open(io.BytesIO(pdf.render(make_briefing(group_title="客户고객"), fonts=ALL)))
    plain = io.BytesIO()
    file.save(plain, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all)
    assert str(HERE).encode() not in plain.getvalue()
    assert b"TestHanChinese" in plain.getvalue()


CHINESE = "客户服务北京技術一二三，客户服务（北京）技術、テャッ一二三「客户」服务テャッサポート。"


@pytest.mark.usefixtures("all_fonts")
def test_a_chinese_text_is_cut_between_letters() -> None:
    cut = fit("客户服务北京" * 9, BODY, 100)
    assert cut == "客户服务北京…"
    assert width(cut, BODY) <= 100


@pytest.mark.parametrize("limit", range(60, 260, 7))
@pytest.mark.usefixtures("all_fonts")
def test_a_chinese_text_is_wrapped_without_spaces_and_no_line_begins_with_a_closing_mark(limit: int) -> None:
    lines = wrap(CHINESE, BODY, limit, 99)
    assert "".join(lines) == CHINESE
    assert all(width(line, BODY) <= limit for line in lines)
    assert len(lines) <= width(CHINESE, BODY) / (limit - 52) + 1
    assert not [line for line in lines if unicodedata.category(line[0]) in ("Pe", "Po", "Lm") or line[0] in "ャッ"]
    assert not [line for line in lines if line[-1] in "「（"]


@pytest.mark.usefixtures("all_fonts")
def test_korean_words_stay_whole_and_a_latin_sentence_around_a_chinese_name_keeps_its_spaces() -> None:
    assert wrap("고객지원 상담지원 고객상담", BODY, 80, 9) == ["고객지원", "상담지원", "고객상담"]
    text = "Well done: 客户服务北京技術一二三 was the best queue of the day."
    lines = wrap(text, BODY, 150, 9)
    assert " ".join(lines).replace(" ", "") == text.replace(" ", "")
    assert lines[0].startswith("Well done: 客户")


@pytest.mark.usefixtures("all_fonts")
def test_what_goes_beyond_the_last_line_keeps_its_letters_together() -> None:
    assert wrap("客户服务北京技術一二三", BODY, 60, 2)[-1] == "北京技術一二三"


@pytest.mark.usefixtures("all_fonts")
def test_an_emoji_stays_a_mark() -> None:
    assert drawn("技術🚀") == f"技術{EMOJI_MARK}"
