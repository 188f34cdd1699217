"""The full tables behind the pages: complete, in order, and every name and figure in its place."""

from __future__ import annotations

import dataclasses
import io
import itertools
import re

import pypdfium2
import pytest
from openpyxl import load_workbook

from renderers import pdf, xlsx
from renderers.pdf.tables import forms, grid
from renderers.pdf.text.scripts import lay_out
from renderers.tables import queues
from renderers.words import speak
from tests.peak_memory import peak_bytes
from tests.unit.renderers.pdf.test_pdf_pages import HOSTILE, KINDS, empty, many_queues, no_adherence, partial
from worker.domain.briefing.content import Counts
from worker.domain.metrics import Metric, Ratio, Reading, Status

ALL = ("queues", "half_hours", "agents")
PAPERS = {"phone": (390, 844), "a4": (842, 595), "letter": (792, 612), "both": (842, 595)}
HUGE = Counts(12_345_678, 9_999_999, 1_234_567, None, 3.6e7, None)


def appendix_pages(briefing, pages, tables, read):
    """What is read of the pages that the tables add."""
    return read(pdf.render(briefing, pages, tables))[len(pypdfium2.PdfDocument(pdf.render(briefing, pages))) :]


def with_agents(make, count):
    return make(
        agents=tuple(dataclasses.replace(make().agents[0], name=f"Agent no {number}") for number in range(1, count + 1))
    )


def huge(make):
    return make(queues=tuple(dataclasses.replace(line, counts=HUGE, occupancy=Ratio(0.9)) for line in make().queues))


@pytest.mark.parametrize("pages", PAPERS)
def test_each_table_has_an_outline_entry_and_pages_like_those_in_front(briefing, opened, pages):
    document = opened(pdf.render(briefing, pages, ("agents", "queues", "half_hours")))
    front = opened(pdf.render(briefing, pages))
    with document.open_outline() as outline, front.open_outline() as front_outline:
        titles = [item.title for item in outline.root][len(front_outline.root) :]
    assert titles == ["All agents", "All queues", "All half-hours"]
    sizes = {tuple(int(side) for side in page.mediabox[2:]) for page in list(document.pages)[len(front.pages) :]}
    assert sizes == {PAPERS[pages]}
    assert document.check_pdf_syntax() == []


def test_the_outline_leads_to_the_first_page_of_each_table(briefing, texts):
    rendered = pdf.render(briefing, "phone", ALL)
    pages = texts(rendered)
    leading = [(item.get_title(), item.get_dest().get_index()) for item in pypdfium2.PdfDocument(rendered).get_toc()]
    assert len(leading) > 3
    for title, index in leading[-3:]:
        assert pages[index].startswith(title)
        assert not pages[index - 1].startswith(title)


@pytest.mark.parametrize("pages", ["phone", "a4"])
def test_every_row_of_the_workbook_is_on_the_pages_in_its_order(briefing, texts, pages):
    book = load_workbook(io.BytesIO(xlsx.render(briefing)), read_only=True)
    for table, sheet in (("queues", "Queues"), ("agents", "Agents")):
        names = [row[0] for row in book[sheet].iter_rows(min_row=2, values_only=True)]
        text = " ".join(appendix_pages(briefing, pages, (table,), texts))
        places = [text.index(name) for name in names]
        assert places == sorted(places)
    (text,) = appendix_pages(briefing, pages, ("half_hours",), texts)
    starts = [f"{row[0]:%H:%M}" for row in book["Intervals"].iter_rows(min_row=2, values_only=True)]
    after_header = text[text.index("answer") :]
    assert [word for word in after_header.split() if word in starts][: len(starts)] == starts


def test_a_row_says_what_the_workbook_says_written_as_the_language_writes_it(make_briefing, texts):
    (text,) = appendix_pages(make_briefing(queues=make_briefing().queues[:1]), "a4", ("queues",), texts)
    assert "Billing EN Missed 70.1% ≥ 80% −2.5 pts 1,017 932 85 8.4% 304 5:11 0:53" in text
    german = make_briefing(language="de", agents=make_briefing().agents[:1])
    (text,) = appendix_pages(german, "a4", ("agents",), texts)
    assert "Marta Ruiz Verfehlt 74,2 % ≥ 92 % 1 h 58 2 85,0 % Tech Support L1" in text.replace("\xa0", " ")


def test_a_half_hour_has_its_offset_and_its_status(make_briefing, opened, texts):
    halves = make_briefing().half_hours[7:9]
    briefing = make_briefing(half_hours=halves)
    (text,) = appendix_pages(briefing, "a4", ("half_hours",), texts)
    assert "10:30 -04:00 345 315 30 99 71.2% ≥ 80% 5:44 0:42" in text
    figures = [
        str(element.Alt)
        for element in elements(opened(pdf.render(briefing, "a4", ("half_hours",))))
        if element.S == "/Figure"
    ]
    assert figures[-2:] == ["Missed", "Missed"]


def test_an_hour_that_comes_twice_shows_its_offset_on_a_phone_too(make_briefing, texts):
    first, *_ = appendix_pages(KINDS["a day of 25 hours"](make_briefing), "phone", ("half_hours",), texts)
    assert [f"02:30 {offset}" in first for offset in ("+02:00", "+01:00")] == [True, True]
    assert "…" not in first


def test_a_level_just_under_its_goal_is_not_rounded_onto_it(make_briefing, texts):
    line = make_briefing().queues[0]
    just_missed = dataclasses.replace(
        line, service_level=Reading(Metric.SERVICE_LEVEL, Ratio(0.79996), Status.WATCH, 0.8)
    )
    (text,) = appendix_pages(make_briefing(queues=(just_missed,)), "a4", ("queues",), texts)
    assert "79.996% ≥ 80%" in text


@pytest.mark.parametrize(("pages", "pages_needed"), [("phone", 24), ("a4", 14), ("letter", 13)])
def test_a_long_table_repeats_its_head_and_says_on_each_page_which_rows_it_has(
    make_briefing, texts, pages, pages_needed
):
    pages_added = appendix_pages(many_queues(make_briefing), pages, ("queues",), texts)
    assert len(pages_added) == pages_needed
    start = 0
    for number, page in enumerate(pages_added):
        end = start + len(re.findall(r"Queue \d+ ", page))
        assert [f"Queue {row} " in page for row in range(start, end)] == [True] * (end - start)
        assert f"{number + 1} / {len(pages_added)}" in page
        assert ("Queue Service level" if pages == "phone" else "Service level Goal vs last workday") in page
        assert number == 0 or f"{start + 1}–{end} of 400" in page
        start = end
    assert start == 400


@pytest.mark.parametrize("pages", ["phone", "a4", "letter"])
@pytest.mark.parametrize("count", [*range(15, 19), *range(28, 33), 61, 375, 3_001])
def test_the_last_page_of_a_table_has_as_many_rows_as_the_others_or_one_less(make_briefing, texts, pages, count):
    pages_added = appendix_pages(with_agents(make_briefing, count), pages, ("agents",), texts)
    rows = [len(re.findall(r"Agent no \d+", page)) for page in pages_added]
    assert sum(rows) == count
    assert max(rows) - min(rows) <= 1


@pytest.mark.parametrize(("pages", "most"), [("phone", 17), ("a4", 30), ("letter", 31)])
def test_a_table_of_a_row_or_two_more_still_ends_on_its_page(make_briefing, texts, pages, most):
    assert len(appendix_pages(with_agents(make_briefing, most), pages, ("agents",), texts)) == 1
    assert len(appendix_pages(with_agents(make_briefing, most + 1), pages, ("agents",), texts)) == 2


def test_short_tables_share_a_page_and_each_has_its_entry_in_the_outline(make_briefing, texts, opened):
    small = make_briefing(
        queues=make_briefing().queues[:3], half_hours=make_briefing().half_hours[:6], agents=make_briefing().agents[:2]
    )
    for pages in ("phone", "a4", "letter"):
        (page,) = appendix_pages(small, pages, ALL, texts)
        titles = ["All queues", "All half-hours", "All agents"]
        assert sorted(map(page.index, titles)) == list(map(page.index, titles))
        assert page.count("1 / 1") == 1
        tags = [str(element.S) for element in elements(opened(pdf.render(small, pages, ALL)))]
        assert tags.count("/Table") == 3
        toc = pypdfium2.PdfDocument(pdf.render(small, pages, ALL)).get_toc()
        assert [item.get_title() for item in toc][-3:] == titles


def test_a_table_without_room_below_another_begins_a_page(make_briefing, texts):
    agents = tuple(dataclasses.replace(make_briefing().agents[0], name=f"Agent no {number}") for number in range(14))
    pages_added = appendix_pages(make_briefing(agents=agents), "a4", ("queues", "agents", "half_hours"), texts)
    assert [page.split(" by ")[0][:10] for page in pages_added] == ["All queues", "All agents", "All half-h"]
    assert [f"{number} / 3" in page for number, page in enumerate(pages_added, 1)] == [True] * 3
    (shared_page, _) = appendix_pages(
        make_briefing(agents=agents[:10]), "a4", ("queues", "agents", "half_hours"), texts
    )
    assert shared_page.index("All queues") < shared_page.index("All agents")


def test_three_thousand_agents_all_have_their_row_in_one_table(make_briefing, texts, opened):
    briefing = with_agents(make_briefing, 3_000)
    rendered = pdf.render(briefing, "phone", ("agents",))
    text = " ".join(texts(rendered))
    assert all(f"Agent no {number} " in text for number in range(1, 3_001))
    tags = [str(element.S) for element in elements(opened(rendered))]
    assert tags.count("/Table") == 1
    assert tags.count("/TR") == 1 + 3_000


def test_thousands_of_rows_take_little_memory(make_briefing):
    """Kept until the end, the tag tree alone of so many rows takes more."""
    few, many = with_agents(make_briefing, 30), with_agents(make_briefing, 5_000)
    peak = peak_bytes(pdf.render, (many, "a4", ("agents",)), warm_up=(few, "a4", ("agents",)))
    assert peak < 16_000_000


def elements(document):
    """The elements of the tag tree in the order of reading."""
    waiting = [document.Root.StructTreeRoot.K]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += [kid for kid in reversed(list(element.get("/K", ()))) if not isinstance(kid, int)]


def test_a_screen_reader_gets_tables_with_heads_of_rows_and_columns(make_briefing, opened):
    document = opened(pdf.render(many_queues(make_briefing), "a4", ("queues", "agents")))
    tags = list(elements(document))
    assert [str(element.S) for element in tags].count("/Table") == 2
    scopes = [str(element.A.Scope) for element in tags if element.S == "/TH"]
    assert scopes.count("/Column") == 12 + 8
    assert scopes.count("/Row") == 400 + 46
    rows = [element for element in tags if element.S == "/TR"]
    assert {len(row.K) for row in rows[:401]} == {12}
    assert all(row.K[0].S == "/TH" and row.K[1].S == "/TD" for row in rows[1:401])


def test_the_status_is_read_as_a_word_where_its_column_has_no_room(briefing, opened):
    document = opened(pdf.render(briefing, "phone", ("queues",)))
    heads = [element for element in elements(document) if element.S == "/TH" and element.A.Scope == "/Row"]
    assert [str(head.K[0].Alt) for head in heads] == ["Missed"] * 4 + ["On target"] * 8


def test_every_mark_of_a_table_has_an_element_and_what_repeats_is_decoration(make_briefing, opened):
    document = opened(pdf.render(many_queues(make_briefing), "a4", ("queues",)))
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    for index, page in enumerate(document.pages):
        assert page.Contents.read_bytes().count(b"/MCID ") == len(numbers[2 * index + 1])
    assert len(numbers[5]) == 29 * 12


@pytest.mark.parametrize("pages", ["phone", "a4", "letter"])
@pytest.mark.parametrize(
    "kind",
    [*(KINDS[name] for name in ("an ordinary day", "a German correction", "hostile names", "percentages only")),
     KINDS["a day of 25 hours"], lambda make: huge(lambda **changes: make(language="de", **changes))],
    ids=["ordinary", "German", "hostile", "percentages only", "25 hours", "German and huge"],
)  # fmt: skip
def test_no_text_of_a_table_leaves_its_page_or_covers_another(make_briefing, text_boxes, kind, pages):
    trailing_space = 5
    margin = 16 if pages == "phone" else 28
    for (width, height), boxes in appendix_pages(kind(make_briefing), pages, ALL, text_boxes):
        assert boxes
        for (left_x, bottom, right, top), text in boxes:
            assert left_x > margin - 1, text
            assert right < width - margin + trailing_space, text
            assert 4 < bottom < top < height, text
        for (first, text), (second, other_text) in itertools.combinations(boxes, 2):
            overlap_x = min(first[2], second[2]) - max(first[0], second[0])
            overlap_y = min(first[3], second[3]) - max(first[1], second[1])
            assert overlap_x < trailing_space or overlap_y < 1.2, (text, other_text)


def test_a_figure_without_room_is_set_smaller_and_never_cut(make_briefing, texts):
    (text,) = appendix_pages(huge(make_briefing), "phone", ("queues",), texts)
    assert text.count("12,345,678 ") == 12
    (text,) = appendix_pages(
        huge(lambda **changes: make_briefing(language="de", **changes)), "letter", ("queues",), texts
    )
    assert text.count("12.345.678 9.999.999 1.234.567 ") == 12


def test_hostile_names_are_shown_as_they_are_and_long_ones_are_cut(make_briefing, texts, opened):
    lines = tuple(dataclasses.replace(make_briefing().queues[0], name=name) for name in HOSTILE)
    agents = tuple(dataclasses.replace(make_briefing().agents[0], name=name, queues=HOSTILE) for name in HOSTILE)
    rendered = pdf.render(make_briefing(queues=lines, agents=agents), "a4", ("queues", "agents"))
    for page in texts(rendered)[1:]:
        for part in ('<img src="/etc/passwd"/>', "=HYPERLINK(1)", "evil", "éclair", "(no name)", "</para>&amp;", "aa…"):
            assert part in page
        assert "\u202e" not in page
    assert not any("/Annots" in page or "/XObject" in page.Resources for page in opened(rendered).pages)


def test_right_to_left_names_do_not_reverse_the_text_beside_them():
    text = speak("en").some_names(("دعم", "Billing", "Sales"))
    _, arabic, *_, last = lay_out(text, "Inter-Regular").runs
    assert arabic.glyphs
    assert last.text.endswith("· Billing · + 1")
    assert speak("en").some_names(("Billing", "Sales")) == "Billing · Sales"


def test_a_column_without_any_figure_is_left_out_and_a_missing_figure_is_a_dash(make_briefing, texts):
    (text,) = appendix_pages(make_briefing(), "a4", ("queues",), texts)
    assert "Occupancy" not in text
    busy_queue = dataclasses.replace(make_briefing().queues[0], occupancy=Ratio(0.8))
    (text,) = appendix_pages(make_briefing(queues=(busy_queue, *make_briefing().queues[1:])), "a4", ("queues",), texts)
    assert "Occupancy" in text
    assert text.count("–") == 11 + 1  # beside the name with a dash
    (first, _) = appendix_pages(no_adherence(make_briefing), "a4", ("agents",), texts)
    assert "No adherence data" in first
    assert "0.0%" not in first


def test_incomplete_data_are_shown_and_not_judged(make_briefing, texts, opened):
    unjudged = partial(make_briefing)
    (text,) = appendix_pages(unjudged, "a4", ("half_hours",), texts)
    assert "Half-hours may lack contacts." in text
    document = opened(pdf.render(unjudged, "a4", ("half_hours",)))
    heads = [element for element in elements(document) if element.S == "/TH" and element.A.Scope == "/Row"]
    assert {str(head.K[0].Alt) for head in heads} == {"Partial"}


@pytest.mark.parametrize("pages", ["phone", "a4"])
def test_a_table_without_rows_is_a_page_that_says_so_and_one_row_is_a_table(make_briefing, texts, opened, pages):
    (text,) = appendix_pages(make_briefing(agents=()), pages, ("agents",), texts)
    assert text.startswith("All agents No agents on this day")
    no_agents = opened(pdf.render(make_briefing(agents=()), pages, ("agents",)))
    assert "/Table" not in [str(element.S) for element in elements(no_agents)]
    (text,) = appendix_pages(make_briefing(agents=make_briefing().agents[:1]), pages, ("agents",), texts)
    assert "Marta Ruiz" in text


def test_a_day_without_interactions_has_no_tables(make_briefing):
    assert pdf.render(empty(make_briefing), "phone", ALL) == pdf.render(empty(make_briefing))


def test_the_foot_names_group_day_and_revision(make_briefing, texts):
    for pages in ("phone", "a4"):
        for text in appendix_pages(make_briefing(revision=2, group_title="Long name " * 40), pages, ALL, texts):
            assert "… · Wed 21 Oct 2026 · Corrected, rev 2" in text


def test_a_narrow_table_sets_its_header_smaller_and_drops_the_status_word():
    columns = [column for column in queues.columns(speak("de"), has_media=False) if column.header != "Occupancy"]
    roomy, narrow = (grid.lay_out(speak("de"), form, columns) for form in (forms.A4, forms.LETTER))
    assert "Status" in [place.column.header for place in roomy.places]
    assert "Status" not in [place.column.header for place in narrow.places]
    assert narrow.places[0].right_x - narrow.places[0].left_x >= 100
