"""Letters that no shipped face has: taken from font files, with PostScript, TrueType and variable outlines."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from itertools import groupby

import pikepdf
import pypdfium2
import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from renderers import pdf
from renderers.font_files import Fonts
from renderers.pdf.text import fallback
from renderers.pdf.text.scripts import EMOJI_MARK, lay_out
from renderers.pdf.text.typefaces import MEDIUM, REPLACEMENT, SCRIPTS
from renderers.pdf.text.typesetting import Style, width
from tests.unit.renderers.pdf.fonts import ALL, HAN, HERE, JAPANESE, KOREAN, TAMIL

BODY = Style(MEDIUM, 13)


def faces(text: str) -> list[str]:
    return [run.face for run in lay_out(text, MEDIUM).runs]


def drawn_text(text: str) -> str:
    return "".join(run.text for run in lay_out(text, MEDIUM).runs)


@pytest.mark.parametrize(
    ("name", "face"),
    [("客户服务", HAN), ("技術サポート", HAN), ("고객 지원", KOREAN), ("தமிழ் ஆதரவு", TAMIL)],
)
@pytest.mark.usefixtures("all_fonts")
def test_a_name_is_drawn_with_the_first_font_that_has_its_letters(name: str, face: str) -> None:
    laid = lay_out(name, MEDIUM)
    assert {run.face for run in laid.runs} == {face}
    assert not laid.boxed
    assert REPLACEMENT not in drawn_text(name)


@pytest.mark.usefixtures("all_fonts")
def test_han_kana_and_hangul_are_drawn_as_themselves_and_each_takes_its_square() -> None:
    assert drawn_text("客户 サポート 고객") == "客户 サポート 고객"
    assert width("客户", BODY) == pytest.approx(26)


@pytest.mark.usefixtures("all_fonts")
def test_another_scripts_vowel_is_put_where_it_belongs() -> None:
    """In Tamil ``ே`` is typed after its consonant and drawn before it."""
    single, pair = drawn_text("ச"), drawn_text("சே")
    assert pair[-1] == single


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("VIP 客户 (EN)", [MEDIUM, HAN, MEDIUM]),
        ("客户고객", [HAN, KOREAN]),
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
        plain, shape = drawn_text("葛"), drawn_text("葛\U000e0100")
    assert len(shape) == 1
    assert shape != plain
    assert drawn_text("葛\U000e0100") == "葛", "the Chinese face has no other shape of it"
    with fallback.using(Fonts((KOREAN,))):
        assert drawn_text("葛\U000e0100") == REPLACEMENT


def test_the_order_of_the_fonts_chooses_between_chinese_and_japanese_shapes(make_briefing) -> None:
    titled = make_briefing(group_title="直")
    chinese, japanese = (pdf.render(titled, fonts=Fonts((HAN, JAPANESE)[::way])) for way in (1, -1))
    assert chinese == pdf.render(titled, fonts=Fonts((HAN,)))
    assert japanese == pdf.render(titled, fonts=Fonts((JAPANESE,)))
    assert chinese != japanese


@pytest.mark.parametrize("text", ["Support", "خدمة", "Team 👩\u200d👩\u200d👧", "a\u200db\ufe0f", "Zażółć ≥ ●"])
def test_no_font_is_opened_for_what_the_shipped_faces_can_draw(make_briefing, text: str) -> None:
    remarks: list[str] = []
    pdf.render(make_briefing(group_title=text), fonts=Fonts(("/no/such.ttf",)), tell=remarks.append)
    assert remarks == []


def test_without_fonts_all_is_as_on_a_machine_that_has_none(make_briefing) -> None:
    remarks: list[str] = []
    bare = pdf.render(make_briefing(group_title="客户고"), tell=remarks.append)
    assert remarks == ["characters that no font at hand has, and that are boxes: 3 (CJK, HANGUL)"]
    assert pdf.render(make_briefing(group_title="客户고"), fonts=ALL) != bare
    assert pdf.render(make_briefing(group_title="客户고")) == bare


@pytest.mark.parametrize("name", ["客户服务北京", "技術サポート", "고객 지원", "𠮷野家"])
def test_copied_text_is_the_name_even_for_a_reader_that_knows_nothing_but_the_fonts(make_briefing, name: str) -> None:
    """The original that is written beside what is drawn is taken away first."""
    file = pikepdf.open(io.BytesIO(pdf.render(make_briefing(group_title=name), "a4", fonts=ALL)))
    for page in file.pages:
        content = page.Contents.read_bytes()
        page.Contents = file.make_stream(re.sub(rb"/Span <</ActualText <[0-9a-fA-F]+>>> BDC", b"/Span BMC", content))
    text = io.BytesIO()
    file.save(text)
    text = pypdfium2.PdfDocument(text.getvalue())[0].get_textpage().get_text_range()
    assert name in text


def test_a_variable_font_is_drawn_at_a_medium_weight_and_not_at_its_thin_default(make_briefing) -> None:
    """What is embedded is compared with the font at that place: the default's letters are narrower."""
    with fallback.using(Fonts((TAMIL,))):
        drawn_wide = width("த", Style(MEDIUM, 1000))
    font = TTFont(TAMIL[:-2])
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
    made = pdf.render(dataclasses.replace(conftest.SAMPLE, group_title=title), "both", fonts=fonts)
print(hashlib.sha256(made).hexdigest())
"""


def test_the_bytes_are_the_same_in_every_process_whatever_was_drawn_before() -> None:
    def digest(first_text: str, seed: str) -> str:
        titles = f"{first_text}客户サポート고객தமிழ்"
        command = [sys.executable, "-c", DIGEST, str(HERE.parents[1]), titles, "|".join(ALL.paths)]
        env = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout

    assert digest("", "1") == digest("지원|北京服务|ஆதரவு|", "2") == digest("지원客|", "3")


def embedded(document: bytes, name: str) -> TTFont:
    file = pikepdf.open(io.BytesIO(document))
    fonts = {str(font.BaseFont): font for page in file.pages for font in page.Resources.Font.values()}
    (font,) = [font for base_name, font in fonts.items() if name in base_name]
    return TTFont(io.BytesIO(font.FontDescriptor.FontFile2.read_bytes()))


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


@pytest.mark.usefixtures("all_fonts")
def test_an_emoji_stays_a_mark() -> None:
    assert drawn_text("技術🚀") == f"技術{EMOJI_MARK}"
