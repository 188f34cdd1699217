"""The HTML works in Gmail, Outlook and on a phone, and no name can change its structure."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers import render_message
from tests.unit.renderers.conftest import SAMPLE
from tests.unit.renderers.message.conftest import NOTICE, read, with_name_everywhere
from worker.domain.briefing.content import Briefing, Completeness

GMAIL_CUTS_AT = 102 * 1024
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' style='position:fixed",
    "</td></tr></table><h1>Fired</h1>",
    "<!-- ",
    "--><b>",
    "<![endif]-->",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp; &#0;",
    "\u202egnilliB\u2066",
    "ב‎ילינג",
    "x" * 500,
    "\x00\x1b[31m",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_shown_and_changes_no_tag(name: str) -> None:
    assert (
        read(render_message(with_name_everywhere(name)).html).tags
        == read(render_message(with_name_everywhere("Billing")).html).tags
    )


def test_no_line_can_end_between_the_sign_of_a_goal_and_its_number() -> None:
    html = render_message(SAMPLE).html
    assert "≥\u00a080%" in html
    assert not re.search("[≥≤] ", html)


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_no_name_changes_what_the_mail_is_made_of(name: str) -> None:
    message = render_message(with_name_everywhere(name))
    message.html.encode("utf-8")
    assert read(message.html).tags == read(render_message(with_name_everywhere("Billing")).html).tags


def test_a_name_reads_as_it_was_typed() -> None:
    name = '<b>R&D</b> "North" {{ x }}'
    assert read(render_message(with_name_everywhere(name)).html).text.count(name) >= len(SAMPLE.queues)


def test_nothing_is_fetched_from_anywhere(briefing: Briefing) -> None:
    html = render_message(briefing).html
    assert not {"img", "link", "script", "iframe", "a", "form", "base"} & {tag for tag, _ in read(html).tags}
    assert not {"src", "href", "background"} & {name for _, name, _ in read(html).attributes}
    assert not re.search(r"url\(|https?:|@import|@font-face", html)


@pytest.mark.parametrize("subject_matter", [SAMPLE, NOTICE], ids=["briefing", "notice"])
def test_it_is_built_of_presentation_tables_that_outlook_can_draw(subject_matter: Briefing) -> None:
    html = render_message(subject_matter).html
    tables = [names for tag, names in read(html).tags if tag == "table"]
    assert tables
    assert all({"role", "cellpadding", "cellspacing", "border"} <= set(names) for names in tables)
    styles = " ".join(value for _, name, value in read(html).attributes if name == "style")
    assert not re.search(r"display:\s*(flex|grid)|position:|float:|calc\(", styles)


def test_every_tinted_cell_has_its_colour_as_an_attribute_too(briefing: Briefing) -> None:
    tags = re.findall(r"<(?:table|td|body)[^>]*background-color:(#\w{6})[^>]*>", render_message(briefing).html)
    bgcolors = re.findall(r'<(?:table|td|body)[^>]*bgcolor="(#\w{6})"[^>]*>', render_message(briefing).html)
    assert tags
    assert tags == bgcolors


def test_dark_mode_has_a_colour_for_every_class(briefing: Briefing) -> None:
    html = render_message(briefing).html
    dark = html.split("@media (prefers-color-scheme: dark)")[1].split("</style>")[0]
    classes = {name for _, attribute, value in read(html).attributes if attribute == "class" for name in value.split()}
    assert classes - {"edge"} <= set(re.findall(r"\.([a-z0-9-]+) \{", dark))
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "[data-ogsc] .ink {" in html


def test_the_bar_of_a_queue_is_whole_and_has_its_goal(briefing: Briefing) -> None:
    html = render_message(briefing).html
    bars = re.findall(r"table-layout:fixed;\"><tr>(.*?)</tr>", html, re.DOTALL)
    widths = [[int(width) for width in re.findall(r'width="(\d+)%" height="7"', bar)] for bar in bars]
    bar = [pieces for pieces in widths if pieces]
    assert len(bar) == len(briefing.queues)
    assert all(sum(pieces) == 100 for pieces in bar)
    assert html.count('class="tick"') == len(briefing.queues)


def test_400_queues_and_100_sources_with_long_names_stay_below_gmails_limit() -> None:
    long = with_name_everywhere("<&>\"'" * 100)
    completeness = Completeness(long.completeness.gaps * 20, long.completeness.notes * 100)
    html = render_message(dataclasses.replace(long, queues=long.queues * 34, completeness=completeness)).html
    assert len(html.encode()) < GMAIL_CUTS_AT


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("offered", [5_438, 99_999, 1_234_567, 99_999_999, 999_999_999, 9_999_999_999])
def test_a_figure_of_the_day_stays_on_one_line_of_a_phone(language: str, offered: int) -> None:
    """A third of 358 px without its padding. In DejaVu Sans Bold, the widest font of a mail, a digit is 0.7 em."""
    counts = dataclasses.replace(SAMPLE.counts, offered=offered)
    html = render_message(dataclasses.replace(SAMPLE, language=language, counts=counts)).html
    number_text = f"{offered:,}".replace(",", "," if language == "en" else ".")
    (size,) = re.findall(rf"font-size:(\d+)px;[^<]*white-space:nowrap;\">{re.escape(number_text)}<", html)
    width = sum(0.7 if character.isdigit() else 0.38 for character in number_text) * int(size)
    assert width <= 358 / 3 - 18


def test_no_line_of_a_caption_begins_with_a_dot_or_ends_inside_a_short_part(briefing: Briefing) -> None:
    html = render_message(briefing).html
    assert "304 of 1,017 not in time\xa0· 85 of 1,017 abandoned (8.4%)\xa0· AHT\xa05:11" in html


def test_the_head_of_the_verdict_breaks_after_its_comma(briefing: Briefing) -> None:
    assert "3 of 4 targets missed, 1\xa0of\xa0them\xa0just</div>" in render_message(briefing).html
