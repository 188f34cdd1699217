"""What is missing is said in every language, and names from outside stay as they are."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from renderers.words import speak
from renderers.words.catalogues import __main__ as catalogues
from worker.domain.briefing.content import Completeness
from worker.domain.gap_texts import PARTS, GapPart, GapText, values_in
from worker.domain.rows import Gap, SourceNote, gap

EN, DE = speak("en"), speak("de")
LANGUAGES = [speak(file.stem) for file in catalogues.HERE.glob("*.po")]
SOURCE_CODE = sorted((Path(catalogues.ROOT) / "worker").rglob("*.py"))


def placeholders(text: GapText | GapPart) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text.value) if name]


def example(text: GapText) -> Gap:
    return gap("partial", text, **{name: f"<{name}>" for name in placeholders(text)})


@pytest.mark.parametrize("text", [*GapText, *GapPart], ids=lambda text: text.name)
@pytest.mark.parametrize("words", LANGUAGES, ids=lambda words: words.language)
def test_every_text_about_a_gap_is_translated(words, text):
    names = {name: f"<{name}>" for name in placeholders(text)}
    assert words.say(text.value, **names) != text.value.format(**names)


@pytest.mark.parametrize("text", GapText, ids=lambda text: text.name)
def test_a_gap_is_said_in_german_with_its_names(text):
    of_text = example(text)
    german = DE.gap_detail(of_text)
    assert german != of_text.detail
    assert all(value in german for value in of_text.values.values())
    assert EN.gap_detail(of_text) == of_text.detail


def test_our_own_words_inside_a_value_are_translated():
    file = GapPart.REPORT_FILE.value.format(name="Open queue")
    no_figure = gap("partial", GapText.COLUMN_NO_FIGURE, file=file, place="tab 'line 1', line 2", column="abandoned")
    assert DE.gap_detail(no_figure) == (
        "Die Datei des Berichts „Open queue“, Blatt „line 1“, Zeile 2: Die Spalte abandoned hat keinen Wert. "
        "Darum sind ihre Zahlen nicht bekannt."
    )


def test_a_queue_with_a_name_like_one_of_our_words_keeps_it():
    of_queue = gap("partial", GapText.QUEUE_SPELT_DIFFERENTLY, report="complete", queue="line 2", other="adherence")
    assert DE.gap_detail(of_queue) == "Der Bericht „complete“ hat keine Zeile für „line 2“, aber eine für „adherence“."


@pytest.mark.parametrize("text", ["", "TEXT_OF_A_LATER_VERSION"])
def test_a_gap_of_another_version_is_said_as_it_was_stored(text):
    assert DE.gap_detail(Gap("partial", "3 of 5 {pages}", text=text)) == "3 of 5 {pages}"


def test_a_source_says_in_german_what_was_asked_and_how_it_ended():
    note = SourceNote("report Support", "7", 3, "COMPLETED, partial")
    assert (DE.source_name(note), DE.source_status(note)) == ("Bericht Support", "COMPLETED, unvollständig")


@pytest.mark.parametrize("parts", PARTS.values(), ids=PARTS)
def test_the_values_of_a_part_are_found_again(parts):
    for part in parts:
        values = {name: f"'{name}' {{x}}" for name in placeholders(part)}
        first = next(candidate for candidate in parts if values_in(candidate, part.value.format(**values)) is not None)
        assert (first, values_in(part, part.value.format(**values))) == (part, values)


def test_no_gap_is_made_without_a_text():
    """Gaps come from `gap`, whose texts are translated. Only stored sentences are read without one."""
    makers = {
        path.relative_to(catalogues.ROOT).as_posix()
        for path in SOURCE_CODE
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Gap"
    }
    assert makers == {"worker/domain/rows.py", "worker/domain/briefing/codec.py", "worker/genesys/adherence/job.py"}


def test_what_a_group_is_not_set_up_for_is_said_on_the_completeness_page_only(make_briefing):
    not_set_up = gap("unavailable", GapText.NO_UNIT_NAMED, "adherence")
    day = make_briefing(completeness=Completeness((not_set_up,), ()))
    row = ("Not set up", ("Adherence, No management unit is named for this group, so adherence is not known.",))
    assert row in EN.completeness(day)
    assert (EN.data_state(day), EN.lacks(day), EN.lacks_with_pointer(day)) == ("Data complete", "", "")


def test_a_permission_that_was_lost_is_said_on_page_one(make_briefing):
    lost = gap("unavailable", GapText.ADHERENCE_NOT_PERMITTED, "adherence", permission="wfm:historicalAdherence:view")
    day = make_briefing(completeness=Completeness((lost,), ()))
    assert (EN.data_state(day), EN.lacks(day)) == ("Data incomplete", "Not available: Adherence.")
