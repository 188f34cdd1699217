"""Today on the pages: the same bytes every time, masked names, one screen, and lines of at most fifty characters."""

from __future__ import annotations

import pytest

import renderers
from renderers.words import speak
from tests.checker import planned
from tests.checker.deliver import compose, deliver
from tests.checker.documents.pdf import pages
from worker.domain.groups import Language
from worker.domain.groups.privacy import DataClass, classes_in, mask

CASES = {case.name: case for language in ("en", "de") for case in planned.cases(language)}


def test_the_same_plan_gives_the_same_bytes() -> None:
    first, second = (deliver(CASES["shortage en"]) for _ in range(2))
    assert (first.pdf, first.workbook, first.html, first.text) == (
        second.pdf,
        second.workbook,
        second.html,
        second.text,
    )


def test_names_of_today_are_masked_as_those_of_agents_are() -> None:
    briefing = compose(CASES["shortage en"])
    assert DataClass.AGENT_NAME in classes_in(briefing)
    masked = mask(briefing, [DataClass.AGENT_NAME])
    assert masked.today is not None
    names = [person.name for person in (*masked.today.absent, *masked.today.start_later)]
    assert sorted(names) == [f"Agent {number}" for number in range(2, 9)]  # the first is the only agent of the day
    document = renderers.render_pdf(masked, "both").content
    text = " ".join(text.content for page in pages(document) for element in page.elements for text in element.texts)
    assert "Agent 2" in text
    assert not any(person.name in text for person in (*briefing.today.absent, *briefing.today.start_later))  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_lines_of_the_card_are_at_most_55_characters(language: Language) -> None:
    words = speak(language)
    for name, case in CASES.items():
        today = compose(case).today
        if today is not None and name.endswith(language):
            card = words.today(today, lambda line: len(line) <= 55)
            assert max(map(len, card.lines)) <= 55, card.lines
            assert len(card.lines) <= 2


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_plan_adds_a_page_and_leaves_page_one_one_page(language: Language) -> None:
    documents = [deliver(CASES[f"{name} {language}"], "phone", ()).pdf for name in ("no licence", "shortage")]
    without_plan, with_plan = map(pages, documents)
    assert len(with_plan) == len(without_plan) + 1
