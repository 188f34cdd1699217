"""Names of all scripts: the right face, the right order, the right shapes, and the original for who cannot see."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from renderers import pdf
from renderers.pdf.text import typefaces
from renderers.pdf.text.directions import levels
from renderers.pdf.text.scripts import EMOJI_MARK, lay_out
from renderers.pdf.text.typefaces import MEDIUM, REPLACEMENT
from renderers.pdf.text.typesetting import Style, fit, width

ARABIC, HEBREW, DEVANAGARI, THAI = typefaces.SCRIPTS
NAMES = {
    ARABIC: "خدمة العملاء",
    HEBREW: "תמיכה טכנית",
    DEVANAGARI: "ग्राहक सेवा हिन्दी",
    THAI: "ฝ่ายบริการลูกค้า",
}


def faces(text: str) -> list[str]:
    return [run.face for run in lay_out(text, MEDIUM).runs]


@pytest.mark.parametrize(("face", "name"), NAMES.items())
def test_a_name_is_drawn_in_the_face_that_has_its_letters_and_nothing_is_lost(face: str, name: str) -> None:
    laid = lay_out(name, MEDIUM)
    assert {run.face for run in laid.runs} == {face}
    assert not laid.faithful
    notdef = typefaces.code_of_glyph(face, 0, REPLACEMENT)[0]
    assert not {notdef, REPLACEMENT} & set("".join(run.text for run in laid.runs))
    assert all(run.text == "".join(glyph.code for glyph in run.glyphs) for run in laid.runs)


def test_latin_greek_and_cyrillic_are_drawn_unchanged() -> None:
    for text in ("Zażółć gęślą", "Ελληνικά", "Юлия Соколова", "Thị Hương Nguyễn"):
        laid = lay_out(text, MEDIUM)
        assert laid.faithful
        assert [run.text for run in laid.runs] == [text]


def test_arabic_letters_join() -> None:
    """A letter has another shape alone than between two others, and joined ones are narrower together."""
    single, joined = lay_out("ب", MEDIUM).runs[0].glyphs, lay_out("ببب", MEDIUM).runs[0].glyphs
    assert single[-1].code not in {glyph.code for glyph in joined}
    assert width("ببب", Style(MEDIUM, 10)) < 3 * width("ب", Style(MEDIUM, 10))


def test_devanagari_vowels_move_before_consonants_and_conjuncts_are_one_glyph() -> None:
    (consonant,), pair = lay_out("क", MEDIUM).runs[0].glyphs, lay_out("कि", MEDIUM).runs[0].glyphs
    assert pair[-1].code == consonant.code
    assert len(lay_out("क्ष", MEDIUM).runs[0].glyphs) == 1


def test_a_thai_mark_takes_no_room_beside_its_letter() -> None:
    assert width("ที่", Style(MEDIUM, 10)) == pytest.approx(width("ท", Style(MEDIUM, 10)))


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Support תמיכה", [MEDIUM, HEBREW]),
        ("תמיכה Support", [MEDIUM, HEBREW]),
        ("دعم VIP عملاء", [ARABIC, MEDIUM, MEDIUM, ARABIC]),
    ],
)
def test_runs_are_in_reading_order(text: str, order: list[str]) -> None:
    assert faces(text) == order


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", "000"),
        ("אבג", "111"),
        ("a אב", "0011"),
        ("אב 12", "11122"),
        ("אב (ab)", "1111221"),
        ("ab (אב)", "0000110"),
        ("אב ab (12)", "1112222222"),
        ("ab )א(", "000010"),
        ("א\u200dב", "111"),
        ("", ""),
    ],
)
def test_levels_follow_the_bidirectional_algorithm_brackets_together(text: str, expected: str) -> None:
    assert "".join(map(str, levels(text))) == expected


def test_a_bracket_in_a_text_from_right_to_left_is_mirrored() -> None:
    drawn_text = "".join(run.text for run in lay_out("(אב)", MEDIUM).runs if run.face == MEDIUM)
    assert drawn_text == "()"


@pytest.mark.parametrize(
    ("text", "drawn_text"),
    [
        ("Team 👩\u200d👩\u200d👧 Alpha", f"Team {EMOJI_MARK} Alpha"),
        ("🚀🚀 Go", f"{EMOJI_MARK * 2} Go"),
        ("👍🏽 ❤️\u200d🔥", f"{EMOJI_MARK} {EMOJI_MARK}"),
        ("🇩🇪", EMOJI_MARK),
        ("new \U0001fae9", f"new {EMOJI_MARK}"),
        ("東京", REPLACEMENT * 2),
    ],
)
def test_what_no_face_has_becomes_a_mark(text: str, drawn_text: str) -> None:
    laid = lay_out(text, MEDIUM)
    assert "".join(run.text for run in laid.runs) == drawn_text
    assert not laid.faithful


@pytest.mark.parametrize("name", NAMES.values())
def test_a_long_name_is_cut_to_its_room(name: str) -> None:
    style = Style(MEDIUM, 14)
    cut = fit(name * 9, style, 100)
    assert cut.endswith("…")
    assert width(cut, style) <= 100


@pytest.mark.parametrize("name", [*NAMES.values(), "Team 👩\u200d👧", "東京"])
def test_the_original_name_is_written_beside_what_is_drawn(make_briefing, name: str) -> None:
    file = pikepdf.open(io.BytesIO(pdf.render(make_briefing(group_title=name), "a4")))
    content = b"".join(page.Contents.read_bytes() for page in file.pages)
    assert f"/ActualText <FEFF{name.encode('utf-16-be').hex()}>".encode() in content


DIGEST = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
import conftest, dataclasses
from renderers import pdf
before, name = sys.argv[2].split("|")
pdf.render(dataclasses.replace(conftest.SAMPLE, group_title=before))
print(hashlib.sha256(pdf.render(dataclasses.replace(conftest.SAMPLE, group_title=name))).hexdigest())
"""


def test_shaped_names_give_the_same_bytes_whatever_was_drawn_before() -> None:
    def digest(first_text: str, seed: str) -> str:
        command = [sys.executable, "-c", DIGEST, str(Path(__file__).parent.parent), f"{first_text}|{NAMES[ARABIC]}"]
        env = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout

    assert digest("ببب", "1") == digest("plain", "2")
