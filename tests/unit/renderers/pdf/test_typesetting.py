"""Cutting, wrapping and what faces can draw."""

from __future__ import annotations

import pytest

from renderers.pdf.drawing import styles
from renderers.pdf.text import typefaces
from renderers.pdf.text.typesetting import fit, fit_name, width, wrap


@pytest.mark.parametrize(
    "text", ["a" * 500, "Jean-Baptiste Lefèvre-Desrosiers", "👩\u200d👩\u200d👧" * 40, "W i d e " * 30]
)
def test_a_cut_text_fits_and_ends_with_an_ellipsis(text):
    cut = fit(text, styles.ROW_NAME, 100)
    assert cut.endswith("…")
    assert width(cut, styles.ROW_NAME) <= 100
    assert text.startswith(cut.removesuffix("…"))


def test_names_that_differ_at_their_ends_stay_different_in_a_narrow_column():
    names = [f"Kundenbetreuung Geschäftskunden Region {region}" for region in ("Nord", "Süd")]
    cut_names = [fit_name(name, styles.ROW_NAME, 120) for name in names]
    assert all(width(cut_name, styles.ROW_NAME) <= 120 for cut_name in cut_names)
    assert [cut_name.split("…")[1][-4:] for cut_name in cut_names] == ["Nord", " Süd"]


def test_a_text_that_fits_is_left_alone():
    assert fit("Billing EN", styles.ROW_NAME, 220) == "Billing EN"


def test_a_cut_never_takes_a_mark_from_its_letter():
    text = "x\u0323\u0302" * 50
    for limit in range(20, 120):
        cut_text = fit(text, styles.ROW_NAME, limit).removesuffix("…")
        assert len(cut_text) % 3 == 0


def test_lines_are_of_like_length_and_no_word_is_left_alone():
    text = "89.2% of 139 answered in time, best queue of the day."
    lines = wrap(text, styles.BODY, 330, 2)
    assert " ".join(lines) == text
    assert len(lines) == 2
    assert width(lines[1], styles.BODY) > width(lines[0], styles.BODY) / 2


def test_a_number_stays_with_what_it_counts_and_a_short_bracket_whole():
    for limit in range(80, 330, 10):
        lines = wrap(
            "52% of all contacts not answered in time (640 of 1,222) came from these 4 queues.", styles.BODY, limit, 9
        )
        if limit > 100:
            assert any("(640 of 1,222)" in line for line in lines)
        assert any("4 queues." in line for line in lines)


def test_no_line_ends_inside_a_goal_or_before_a_percent_sign():
    text = "Servicelevel 77,5\u00a0% liegt unter dem Ziel ≥ 80\u00a0% und nahe am Ziel ≤ 5\u00a0% des Abbruchs."
    for limit in range(80, 330, 10):
        lines = wrap(text, styles.BODY, limit, 12)
        assert " ".join(lines) == text
        for whole in ("77,5\u00a0%", "≥ 80\u00a0%", "≤ 5\u00a0%"):
            assert any(whole in line for line in lines), (limit, lines)


def test_a_word_longer_than_a_line_is_broken_and_nothing_is_lost():
    lines = wrap("wfm:historicalAdherence:view" * 3, styles.CAPTION, 150, 9)
    assert "".join(lines) == "wfm:historicalAdherence:view" * 3
    assert all(width(line, styles.CAPTION) <= 150 for line in lines)


def test_an_empty_text_has_no_lines():
    assert wrap("", styles.BODY, 100, 2) == []


def test_what_a_face_lacks_is_drawn_as_a_replacement_and_joiners_not_at_all():
    assert typefaces.drawable("A東\u200dB\ufe0f", typefaces.REGULAR) == "A\ufffdB"


@pytest.mark.parametrize("face", [typefaces.REGULAR, typefaces.MEDIUM, typefaces.SEMIBOLD, typefaces.DISPLAY])
def test_all_digits_are_equally_wide_so_that_columns_line_up(face):
    assert len({typefaces.width(digit, face) for digit in "0123456789"}) == 1


@pytest.mark.parametrize(
    "name", ["Łukasz Wójcik", "Thị Hương Nguyễn", "Юлия Соколова", "Ελένη", "Şahin Öztürk", "≥ ≤ – … ·"]
)
def test_the_faces_know_the_letters_of_europe_and_vietnam(name):
    assert typefaces.drawable(name, typefaces.REGULAR) == name
