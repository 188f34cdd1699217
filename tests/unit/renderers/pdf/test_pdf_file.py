"""The file around the pages: what a viewer, a screen reader and a byte comparison see."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pikepdf
import pytest

from renderers import pdf

RENDER_SAMPLE = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
import conftest
from renderers import pdf
print(hashlib.sha256(pdf.render(conftest.SAMPLE, "both", ("queues", "half_hours", "agents"))).hexdigest())
"""


def test_the_same_briefing_gives_the_same_bytes_in_every_process(briefing):
    digests = {hashlib.sha256(pdf.render(briefing, "both", ("queues", "half_hours", "agents"))).hexdigest()}
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", RENDER_SAMPLE, str(Path(__file__).parent.parent)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(run.stdout.strip())
    assert len(digests) == 1


def test_another_revision_gives_other_bytes(make_briefing):
    assert pdf.render(make_briefing()) != pdf.render(make_briefing(revision=2))


@pytest.mark.parametrize(
    ("pages", "sizes"),
    [
        ("phone", [(390, 844)] * 4),
        ("a4", [(842, 595)]),
        ("letter", [(792, 612)]),
        ("both", [(390, 844)] * 4 + [(842, 595)]),
    ],
)
def test_pages_have_the_sizes_that_were_asked_for(briefing, opened, pages, sizes):
    page_sizes = [tuple(int(side) for side in page.mediabox[2:]) for page in opened(pdf.render(briefing, pages)).pages]
    assert page_sizes == sizes


def test_the_file_is_sound(briefing, opened):
    assert opened(pdf.render(briefing, "both")).check_pdf_syntax() == []


def test_small_objects_are_packed_and_the_id_follows_the_content(make_briefing, opened):
    first, second = pdf.render(make_briefing()), pdf.render(make_briefing(zone="America/Toronto"))
    assert b"/StructElem" not in first
    assert b"/ObjStm" in first
    assert len({str(opened(briefing).trailer.ID[0]) for briefing in (first, second)}) == 2


def test_every_font_is_embedded_and_none_is_a_viewer_s_own(briefing, opened):
    fonts = [font for page in opened(pdf.render(briefing, "both")).pages for font in page.Resources.Font.values()]
    assert {str(font.BaseFont).split("+")[-1] for font in fonts} == {
        "Inter-Regular",
        "Inter-Medium",
        "Inter-SemiBold",
        "InterDisplay-SemiBold",
    }
    assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_the_document_says_what_it_is_and_when_it_was_made(make_briefing, opened):
    info = opened(pdf.render(make_briefing(revision=3))).docinfo
    assert str(info["/Title"]) == "Daily standup, Northgate Support, Wednesday 21 October 2026"
    assert str(info["/Author"]) == "Northgate Support"
    assert str(info["/Subject"]) == "Reporting day 2026-10-21, revision 3"
    assert str(info["/CreationDate"]) == "D:20261022060512-04'00'"


@pytest.mark.parametrize(
    ("hours", "minutes", "date_text"),
    [(5, 30, "D:20261022103512+05'30'"), (-3, -30, "D:20261022013512-03'30'"), (0, 0, "D:20261022050512+00'00'")],
)
def test_the_date_keeps_offsets_of_half_an_hour(make_briefing, opened, hours, minutes, date_text):
    zone = timezone(timedelta(hours=hours, minutes=minutes))
    made_at = datetime(2026, 10, 22, 5, 5, 12, tzinfo=timezone.utc).astimezone(zone)  # noqa: UP017 – beside timezone()
    assert str(opened(pdf.render(make_briefing(generated_at=made_at))).docinfo["/CreationDate"]) == date_text


def test_bookmarks_lead_to_the_pages(briefing, opened):
    with opened(pdf.render(briefing, "both")).open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles == ["Overview", "The day by half-hour", "Queues", "Agents", "On one page"]


def test_screen_readers_find_language_headings_lists_and_described_figures(briefing, opened):
    document = opened(pdf.render(briefing))
    assert str(document.Root.Lang) == "en"
    assert bool(document.Root.MarkInfo.Marked)
    elements = list(_elements(document.Root.StructTreeRoot.K))
    tags = [str(element.S) for element in elements]
    assert tags.count("/H1") == 4
    assert {"/Document", "/H2", "/H3", "/P", "/L", "/LI", "/Figure"} <= set(tags)
    figures = [str(element.Alt) for element in elements if str(element.S) == "/Figure"]
    assert figures.count("Missed") == 4 + 7
    assert figures.count("To raise") == 3
    assert len(set(figures) - {"Missed", "Just missed", "On target", "To raise", "Praise"}) == 6
    assert any(
        alt.startswith("Service level, % answered in 20 s, target 80%") and "11:00 52%" in alt for alt in figures
    )


@pytest.mark.parametrize("changes", [{}, {"insights": (), "agents": ()}], ids=["a day", "nothing to list"])
def test_lists_hold_entries_and_entries_a_label_and_a_body(make_briefing, opened, changes):
    """ISO 32000, 14.8.4.3.3; what checkers of accessible documents look for."""
    document = opened(pdf.render(make_briefing(**changes), "both"))
    kids = [
        (str(entry.S), [str(kid.S) for kid in entry.K if isinstance(kid, pikepdf.Dictionary)])
        for entry in _elements(document.Root.StructTreeRoot.K)
    ]
    lists = [inside for tag, inside in kids if tag == "/L"]
    assert all(inside and set(inside) == {"/LI"} for inside in lists)
    assert {tuple(inside) for tag, inside in kids if tag == "/LI"} == {("/Lbl", "/LBody")}
    assert {tuple(inside) for tag, inside in kids if tag == "/Lbl"} == {("/Figure",)}


def test_every_mark_on_a_page_belongs_to_an_element(briefing, opened):
    document = opened(pdf.render(briefing, "both"))
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    for index, page in enumerate(document.pages):
        marks = page.Contents.read_bytes().count(b"/MCID ")
        assert int(page.StructParents) == numbers[2 * index] == index
        assert marks == len(numbers[2 * index + 1])


def test_brackets_of_content_are_balanced_on_every_page(make_briefing, opened):
    nameless = dataclasses.replace(make_briefing().queues[0], name="東京")
    for page in opened(pdf.render(make_briefing(queues=(nameless,)), "both")).pages:
        operators = [str(operator) for _, operator in pikepdf.parse_content_stream(page)]
        assert operators.count("BDC") + operators.count("BMC") == operators.count("EMC")
        assert operators.count("BT") == operators.count("ET")


def _elements(element):
    if isinstance(element, pikepdf.Array):
        for child in element:
            yield from _elements(child)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        yield element
        yield from _elements(element.get("/K", pikepdf.Array()))


RENDER_TOGETHER = """
import hashlib, sys
from concurrent.futures import ThreadPoolExecutor
sys.path.insert(0, sys.argv[1])
import conftest
from renderers import pdf
sys.setswitchinterval(1e-6)
with ThreadPoolExecutor(8) as pool:
    files = list(pool.map(pdf.render, [conftest.SAMPLE] * 16))
print(*sorted({hashlib.sha256(file).hexdigest() for file in files}))
"""


def test_threads_that_render_at_the_same_time_get_the_same_bytes_as_one_alone(briefing):
    """A worker's threads share the PDF library, which keeps its font state in the process."""
    folder = str(Path(__file__).parents[1])
    run = subprocess.run([sys.executable, "-c", RENDER_TOGETHER, folder], capture_output=True, text=True, check=False)
    assert run.stdout.split() == [hashlib.sha256(pdf.render(briefing)).hexdigest()], run.stderr[-500:]
