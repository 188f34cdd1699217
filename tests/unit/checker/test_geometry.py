"""Nothing on a page covers, touches or leaves its place, on full pages too, and the check of it notices what does.

The awkward and the generated days are checked with their statements, in `test_briefings`.
"""

from __future__ import annotations

import pytest

from tests.checker import crowded
from tests.checker.checks.geometry import misplaced
from tests.checker.checks.layout import touching
from tests.checker.deliver import TABLES, deliver
from tests.checker.documents.ink import Box, Colour, DrawnPage, Ink, drawn_pages
from tests.checker.documents.pdf import pages
from worker.domain.groups import Language, Pages

INK, RED, RULE, SURFACE = (15, 23, 42), (179, 38, 30), (226, 232, 240), (245, 247, 250)


@pytest.mark.parametrize("form", ["both", "phone", "letter"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_everything_on_a_full_page_is_in_its_place(language: Language, form: Pages) -> None:
    findings = []
    for case in crowded.cases(language):
        content = deliver(case, form, TABLES).pdf
        misplaced_texts = [*misplaced(drawn_pages(content)), *touching(pages(content))]
        findings += [f"{case.name}: {finding}" for finding in misplaced_texts]
    assert findings == []


def _text(box: Box, order: int = 5, size: float = 11.0, colour: Colour = INK) -> Ink:
    return Ink(order, "text", box, colour, "52% at 11:00", size)


WORDS = Box(100, 100, 160, 108)


@pytest.mark.parametrize(
    ("inks", "kind"),
    [
        ([_text(WORDS, size=8.5)], "print is too small"),
        ([_text(Box(-2, 100, 60, 108))], "text leaves its page"),
        ([Ink(1, "area", Box(90, 50, 120, 200), RED), _text(WORDS)], "text touches a shape"),
        ([_text(WORDS), Ink(9, "area", Box(90, 50, 120, 200), RED)], "text touches a shape"),
        ([Ink(1, "line", Box(16, 103, 374, 104), RULE), _text(WORDS)], "text touches a shape"),
        ([Ink(1, "line", Box(16, 108.5, 374, 109.2), RULE), _text(WORDS)], "text touches a shape"),
        ([Ink(1, "area", Box(20, 90, 150, 200), SURFACE), _text(WORDS)], "text touches a shape"),
        ([Ink(1, "area", Box(90, 50, 170, 200), RED), _text(WORDS, colour=RED)], "text is on a bar"),
        ([Ink(1, "area", Box(90, 50, 170, 200), (118, 144, 184)), _text(WORDS)], "text is on a bar"),
    ],
)
def test_it_notices_what_is_not_in_its_place(inks: list[Ink], kind: str) -> None:
    assert [finding.kind for finding in misplaced([DrawnPage(1, 390, 844, tuple(inks))])] == [kind]


def test_a_text_on_a_card_or_beside_a_bar_is_in_its_place() -> None:
    bar, card = Ink(1, "area", Box(90, 50, 98, 200), RED), Ink(2, "area", Box(90, 50, 170, 200), SURFACE)
    hidden_by_card = Ink(1, "line", Box(16, 103, 374, 104), RULE)
    for inks in ([bar, _text(WORDS)], [hidden_by_card, card, _text(WORDS)]):
        assert not list(misplaced([DrawnPage(1, 390, 844, tuple(inks))]))
