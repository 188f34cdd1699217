"""A day of which the source knows a part: every document shows its figures, and none judges them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator

import openpyxl
import pypdfium2
import pytest

from renderers import pdf, render_message, xlsx
from worker.domain.briefing.content import Briefing, Completeness
from worker.domain.briefing.incomplete.day import without_verdicts
from worker.domain.groups import Language
from worker.domain.rows import Gap

JUDGING = {
    "en": r"Missed|Just missed|On target|worse|better|under target|under the|lowest in|None of|vs Tue",
    "de": (
        r"Verfehlt|Knapp verfehlt|Im Ziel|schlechter|besser|unter dem|lagen? unter|weitere unter|niedrigst|am tiefsten|"
        r"seit D"
    ),
}


@pytest.fixture
def part_of_a_day(make_briefing: Callable[..., Briefing]) -> Callable[[Language], Briefing]:
    def make(language: Language) -> Briefing:
        gaps = (Gap("partial", "2 of 3 divisions answered"),)
        return without_verdicts(make_briefing(language=language, insights=(), completeness=Completeness(gaps, ())))

    return make


def documents(briefing: Briefing) -> Iterator[tuple[str, str]]:
    message = render_message(briefing)
    yield "text", message.text
    yield "html", re.sub(r"<style>.*?</style>|<[^>]+>", " ", message.html, flags=re.DOTALL)
    for page in ("phone", "a4", "letter"):
        yield page, pages_text(pdf.render(briefing, page))
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(briefing)))
    sheets = [sheet for sheet in book if sheet.title not in ("About", "Herkunft")]  # which explains the words
    cells = (cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row)
    yield "workbook", " ".join(cell for cell in cells if isinstance(cell, str))


def pages_text(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_document_judges_a_part_of_a_day(part_of_a_day: Callable[[Language], Briefing], language: Language) -> None:
    for name, text in documents(part_of_a_day(language)):
        assert re.findall(JUDGING[language], text) == [], name


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_words_that_judge_are_those_of_a_whole_day(
    make_briefing: Callable[..., Briefing], language: Language
) -> None:
    for name, text in documents(make_briefing(language=language)):
        assert re.findall(JUDGING[language], text), name


def test_the_figures_are_shown_and_called_partial(part_of_a_day: Callable[[Language], Briefing]) -> None:
    for name, text in documents(part_of_a_day("en")):
        assert "Partial" in text, name
        assert "Incomplete" in text, name
        assert "77.5%" in text or name == "workbook", name


def test_a_half_hour_below_the_target_is_not_red(part_of_a_day: Callable[[Language], Briefing]) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.render(part_of_a_day("en"))))["Intervals"]
    rules = [rule.type for colours in sheet.conditional_formatting for rule in colours.rules]
    assert rules == ["dataBar"]
