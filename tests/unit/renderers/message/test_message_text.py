"""The text part: 76 columns, nothing lost, right-to-left names kept in their place."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers import render_message
from renderers.message.columns import COLUMNS, SINGLE_WIDTH, character_width, fold, isolate, pad, width
from tests.unit.renderers.conftest import SAMPLE, with_media
from tests.unit.renderers.message.conftest import NOTICE, with_name_everywhere
from worker.domain.briefing.content import Briefing


@pytest.mark.parametrize("subject_matter", [SAMPLE, NOTICE], ids=["briefing", "notice"])
def test_no_line_is_wider_than_76_columns(subject_matter: Briefing) -> None:
    assert max(map(width, render_message(subject_matter).text.splitlines())) <= COLUMNS


def test_other_media_come_after_all_that_is_said_of_the_leading_one() -> None:
    message = render_message(with_media(SAMPLE))
    for text in (message.text, message.html, message.summary.readings[0].change):
        assert text.index("Wed avg") < text.index("email 100.0%")


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=()), max_size=120))
def test_no_name_makes_a_line_too_wide_or_adds_a_control(name: str) -> None:
    text = render_message(with_name_everywhere(name)).text
    assert all(width(line) <= COLUMNS for line in text.split("\n"))
    assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]


def test_folding_keeps_every_word_and_hangs_what_follows() -> None:
    text = " ".join(f"word{number}" for number in range(40))
    lines = list(fold(text, lead="✕ ", hang=2))
    assert "".join(lines).replace("✕ ", "").split() == text.replace(" ", "  ").split()
    assert lines[0].startswith("✕ word0")
    assert all(line.startswith("  word") for line in lines[1:])


@pytest.mark.parametrize("word", ["x" * 200, "漢" * 100, "e\u0301" * 100])
def test_a_word_wider_than_the_line_is_broken_and_whole(word: str) -> None:
    lines = list(fold(word, lead="- ", hang=2))
    assert "".join(line[2:] for line in lines) == word
    assert all(width(line) <= COLUMNS for line in lines)
    assert not [line for line in lines if unicodedata.combining(line[2])]


def test_a_line_never_ends_between_the_sign_of_a_goal_and_its_number() -> None:
    for length in range(60, COLUMNS):
        lines = list(fold("x" * length + " ≥ 80%"))
        assert any("≥ 80%" in line for line in lines), lines


def test_wide_characters_take_two_columns_and_marks_none() -> None:
    assert width("漢字") == 4
    assert width("e\u0301") == 1
    assert pad("漢", 4) == "漢  "


def test_a_right_to_left_name_is_isolated_and_others_are_not() -> None:
    assert isolate("בילינג") == "\u2068בילינג\u2069"
    assert isolate("Billing") == "Billing"


def test_every_character_that_is_counted_at_once_takes_one_column() -> None:
    characters = [chr(code) for code in range(0x3000) if SINGLE_WIDTH.fullmatch(chr(code))]
    assert len(characters) > 700
    assert {character_width(character) for character in characters} == {1}
