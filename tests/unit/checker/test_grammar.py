"""How the checker reads sentences."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.checker.checker import LANGUAGES
from tests.checker.english import ENGLISH
from tests.checker.german import GERMAN
from tests.checker.grammar import Language
from tests.checker.rounding import Written


@pytest.mark.parametrize(
    ("language", "text", "value", "places"),
    [
        (ENGLISH, "1,404", Fraction(1404), 0),
        (ENGLISH, "79.96%", Fraction("79.96"), 2),
        (ENGLISH, "−5.4 points", Fraction("-5.4"), 1),
        (GERMAN, "1.404", Fraction(1404), 0),
        (GERMAN, "49,3 %", Fraction("49.3"), 1),
        (GERMAN, "-20 s", Fraction(-20), 0),
    ],
)
def test_it_reads_numbers_as_each_language_writes_them(
    language: Language, text: str, value: Fraction, places: int
) -> None:
    assert language.number(text) == Written(value, places)


def test_it_reads_one_sentence_after_the_other() -> None:
    matches = list(ENGLISH.read_all("half_hours", "9 of 28 half-hours were under target. Something else."))
    first, rest = matches
    assert not isinstance(first, str)
    assert (first.kind, first.values["n"].value, first.values["all"].value) == ("under", 9, 28)
    assert rest == "Something else."


def test_a_sentence_with_a_further_word_is_not_known() -> None:
    assert ENGLISH.read("corrected", "Corrected, rev 2") is not None
    assert ENGLISH.read("corrected", "Corrected, rev 2 again") is None


def test_both_languages_have_the_same_kinds_of_sentences() -> None:
    kinds = [
        {(role, kind) for role, templates in language.sentences.items() for kind, _ in templates}
        for language in LANGUAGES.values()
    ]
    assert kinds[0] - {("queues", "without_data")} == kinds[1]
