"""The PDF in other programs: qpdf reads its objects, poppler its fonts, its text and its tags."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from renderers import pdf, protect, render_pdf
from tests.system.days import AGENTS, DAYS, QUEUES, sample_with
from tests.system.programs import run
from tests.unit.renderers.conftest import SAMPLE
from tests.unit.renderers.pdf.test_pdf_pages import KINDS
from worker.domain.briefing.content import Briefing
from worker.domain.groups import Pages

pytestmark = pytest.mark.system

PASSWORD = "Grüße 42!"
PARTS = re.compile(r"^( *)(\w+)", re.MULTILINE)
"""What `pdfinfo -struct` prints: an element a line, further in what is inside another."""
ALL_PAGES: tuple[Pages, ...] = ("phone", "a4", "letter", "both")
LARGE, TABLES = "400 queues and 3,000 agents", "their tables"


def qpdf(*arguments: str, status: int = 0) -> str:
    return run("qpdf", "qpdf", *arguments, status=status)


def poppler(program: str, *arguments: str, status: int = 0) -> str:
    return run("poppler-utils", program, *arguments, status=status)


def text(file: Path, page: int, *options: str) -> str:
    """Return one page's text, with single spaces."""
    return " ".join(poppler("pdftotext", *options, "-f", str(page), "-l", str(page), str(file), "-").split())


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The ordinary day on each kind of paper, the other days on both, the large one with full tables behind."""
    folder = tmp_path_factory.mktemp("pdf")
    contents = {pages: pdf.render(SAMPLE, pages) for pages in ALL_PAGES}
    contents |= {name: pdf.render(day, "both") for name, day in DAYS.items()}
    contents[TABLES] = pdf.render(DAYS[LARGE], "both", ("queues", "half_hours", "agents"))
    for number, content in enumerate(contents.values()):
        (folder / f"{number}.pdf").write_bytes(content)
    return {name: folder / f"{number}.pdf" for number, name in enumerate(contents)}


@pytest.fixture(params=[*ALL_PAGES, *(name for name in DAYS if name != "a day"), TABLES])
def file(request: pytest.FixtureRequest, files: dict[str, Path]) -> Path:
    return files[request.param]


def test_qpdf_finds_no_fault(file: Path) -> None:
    output = qpdf("--check", str(file))
    assert "No syntax or stream encoding errors found" in output
    assert "WARNING" not in output


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_qpdf_finds_no_fault_in_the_pages_of_odd_days(kind: Callable[..., Briefing], tmp_path: Path) -> None:
    for pages in ("both", "letter"):
        (tmp_path / "odd.pdf").write_bytes(pdf.render(kind(sample_with), pages))
        output = qpdf("--check", str(tmp_path / "odd.pdf"))
        assert "No syntax or stream encoding errors found" in output


def test_every_font_is_an_embedded_subset_that_maps_to_characters(file: Path) -> None:
    fonts = poppler("pdffonts", str(file)).splitlines()[2:]
    assert len(fonts) >= 4
    for font in fonts:
        assert re.fullmatch(r"[A-Z]{6}\+\S+ +TrueType +WinAnsi +yes yes yes +\d+ +0", font.strip()), font


PHONE_PAGES = (
    (
        "DAILY STANDUP",
        "Wednesday 21 October 2026",
        "3 of 4 targets missed, 1 of them just",
        "Service level 77.5%, goal ≥ 80%.",
        "Service level",
        "Missed",
        "Tue −5.4 points",
        "Occupancy",
        "Lines: last 10 business days",
        "Talk about today",
        "11:00–12:30 was under target",
        "Tech Support L1 and Billing EN",
        "4 agents under 85% adherence",
        "Well done: VIP Desk",
        "Northgate Support · Wed 21 Oct 2026",
    ),
    (
        "The day by half-hour",
        "9 of 28 half-hours were under target.",
        "Service level, % answered in 20 s",
        "Contacts offered",
        "Offered",
        "5,438",
        "Avg handle",
        "5:44",
        "Northgate Support · Wed 21 Oct 2026",
    ),
    (
        "Queues, missed targets first",
        "4 of 12 under the 80% service-level target",
        *(line.name for line in SAMPLE.queues),
    ),
    (
        "Agents needing attention",
        *(line.name for line in SAMPLE.agents[:8]),
        "+ 2 more under target",
        "Data completeness",
        "From 2026-10-21T00:00:00-04:00",
        "To 2026-10-22T00:00:00-04:00 (exclusive)",
        "Time zone America/New_York",
        "Sources 3 sources, all complete",
    ),
)
WALL_PAGE = (
    "DAILY STANDUP",
    "Wednesday 21 October 2026",
    "3 of 4 targets missed, 1 of them just",
    "Service level 77.5%",
    "Missed goal ≥ 80%",
    "Tue −5.4 points",
    "Abandonment 6.4%",
    "Tue +3.0 points",
    "Occupancy 84.7%",
    "Adherence 90.8%",
    "Talk about today",
    "Well done: VIP Desk",
    "Service level by half-hour",
    "Queues, missed first",
    "Billing EN 70.1% −2.5 304 of 1,017",
    "3 sources, all complete",
)


def assert_in_order(passages: tuple[str, ...], text: str) -> None:
    end = 0
    for passage in passages:
        start = text.find(passage, end)
        assert start >= 0, f"{passage!r} does not follow {text[max(end - 60, 0) : end]!r}"
        end = start + len(passage)


@pytest.mark.parametrize("page", [1, 2, 3, 4])
def test_a_phone_page_reads_in_the_order_of_the_file(page: int, files: dict[str, Path]) -> None:
    assert_in_order(PHONE_PAGES[page - 1], text(files["phone"], page, "-raw"))


@pytest.mark.parametrize(("page", "first"), [(1, 5), (2, 4), (3, 14), (4, 11)])
def test_a_phone_page_reads_in_the_order_of_the_page(page: int, first: int, files: dict[str, Path]) -> None:
    """From top to bottom, which poppler guesses from positions. It reads what is side by side as columns."""
    assert_in_order(PHONE_PAGES[page - 1][:first], text(files["phone"], page))


@pytest.mark.parametrize("pages", ["a4", "letter"])
def test_the_wall_page_reads_in_the_order_of_the_file(pages: str, files: dict[str, Path]) -> None:
    assert_in_order(WALL_PAGE, text(files[pages], 1, "-raw"))


def test_a_german_page_reads_in_its_order(files: dict[str, Path]) -> None:
    passages = ("Mittwoch, 21. Oktober 2026", "3 von 4 Zielen verfehlt", "Servicelevel", "77,5 %", "Auslastung")
    assert_in_order((*passages, "Heute ansprechen", "Gut gemacht: VIP Desk"), text(files["German"], 1, "-raw"))


def test_a_corrected_page_begins_with_that_and_lists_what_changed(files: dict[str, Path]) -> None:
    assert_in_order(("DAILY STANDUP", "Corrected, rev 2", "Wednesday"), text(files["corrected"], 1, "-raw"))
    pages = int(re.search(r"Pages: +(\d+)", poppler("pdfinfo", str(files["corrected"])))[1])
    assert any("Corrected, rev 2" in text(files["corrected"], page, "-raw")[:40] for page in range(2, pages + 1))


def test_names_in_other_scripts_come_out_as_they_were_written(files: dict[str, Path]) -> None:
    """Poppler reverses those from right to left, because it reads all text as it is seen from the left."""
    output = text(files["all scripts"], 3, "-raw")
    for line in DAYS["all scripts"].queues:
        from_the_right = re.search("[\u0590-\u06ff]", line.name)
        assert (line.name[::-1] if from_the_right else line.name) in output


def test_a_large_group_gets_its_worst_queues_and_the_number_of_others(files: dict[str, Path]) -> None:
    assert f"+ {QUEUES - 60} more in the workbook" in text(files[LARGE], 7, "-raw")


def test_full_tables_read_row_by_row_and_are_tables_for_a_screen_reader(files: dict[str, Path]) -> None:
    output = " ".join(poppler("pdftotext", "-raw", str(files[TABLES]), "-").split())
    assert_in_order(tuple(f"Queue {number} " for number in (0, 61, 399)), output[output.index("Queue 59 ") :])
    assert_in_order(tuple(f"Agent {number} " for number in (0, 1, 1500, 2999)), output[output.rindex("Agent 0 ") :])
    tags = [tag for _, tag in PARTS.findall(poppler("pdfinfo", "-struct", str(files[TABLES])))]
    assert tags.count("Table") == 3
    assert tags.count("TR") == 3 + QUEUES + len(SAMPLE.half_hours) + AGENTS
    assert tags.count("TD") > 10 * QUEUES


def test_the_tags_are_headings_paragraphs_lists_and_figures_in_order(files: dict[str, Path]) -> None:
    output = PARTS.findall(poppler("pdfinfo", "-struct", str(files["phone"])))
    title, entry = ["Sect", "P", "H1", "H2", "P"], ["LI", "Lbl", "Figure", "LBody"]
    overview = [*title, *["Sect", "H3", "P", "Figure", "P", "P"] * 4, "P", "H2", "L", *entry * 4]
    half_hours = ["Sect", "H1", "P", "P", "Figure", "P", "P", "Figure", "P", *["P"] * 6]
    queues, agents = ["Sect", "H1", "P", "L", *entry * 12], ["Sect", "H1", "P", "L", *entry * 8, "P", "H2"]
    expected = ["Document", *overview, *half_hours, *queues, *agents]
    assert [tag for _, tag in output[: len(expected)]] == expected
    assert {tag for indent, tag in output if len(indent) == 4} == {"H1", "H2", "P", "L", "Figure", "Sect"}


def test_every_figure_is_described_and_every_element_is_in_the_tree(file: Path) -> None:
    objects = json.loads(qpdf("--json", "--json-key=qpdf", str(file)))["qpdf"][1].values()
    values = [item["value"] for item in objects if isinstance(item.get("value"), dict)]
    elements = [value for value in values if "/S" in value]
    figures = [element for element in elements if element["/S"] == "/Figure"]
    assert figures
    assert all(figure["/Alt"].removeprefix("u:").strip() for figure in figures)
    assert all("/P" in element and element["/K"] for element in elements if element["/S"] != "/Transparency")


def test_the_file_has_a_title_with_day_and_revision(files: dict[str, Path]) -> None:
    output = poppler("pdfinfo", str(files["corrected"]))
    assert re.search(r"^Title: +Daily standup, Northgate Support, Wednesday 21 October 2026$", output, re.MULTILINE)
    assert re.search(r"^Subject: +Reporting day 2026-10-21, revision 2$", output, re.MULTILINE)
    assert re.search(r"^Tagged: +yes$", output, re.MULTILINE)


def test_a_locked_file_opens_with_its_password_only_and_is_aes_256(tmp_path: Path) -> None:
    file = tmp_path / "locked.pdf"
    file.write_bytes(protect.seal(render_pdf(SAMPLE, "both"), PASSWORD).content)
    for wrong in ((), ("--password=grüße 42!",)):
        assert "invalid password" in qpdf("--check", *wrong, str(file), status=2)
        poppler("pdftotext", str(file), "-", status=1)
    output = qpdf("--show-encryption", f"--password={PASSWORD}", str(file))
    assert re.search(r"^R = 6$", output, re.MULTILINE)
    for kind in ("stream", "string", "file"):
        assert f"{kind} encryption method: AESv3" in output
    assert "No syntax or stream encoding errors found" in qpdf("--check", f"--password={PASSWORD}", str(file))
    assert "3 of 4 targets missed, 1 of them just" in poppler("pdftotext", "-upw", PASSWORD, str(file), "-")
