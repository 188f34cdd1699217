"""The workbook in LibreOffice: five sheets, figures are numbers, names stay names, pages can be read."""

from __future__ import annotations

import dataclasses
import io
import itertools
import re
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from renderers import protect, render_pdf, render_workbook, xlsx
from renderers.appendix import append_pages
from renderers.words import speak
from tests.system.days import AGENTS, DAYS, QUEUES, sample_with
from tests.system.libreoffice import Cell, LibreOffice, Sheets, sheets
from tests.system.programs import run
from tests.unit.renderers.conftest import SAMPLE
from worker.domain.briefing.content import Briefing

pytestmark = pytest.mark.system

PASSWORD = "Grüße 42!"
LIVE = (
    "=1+1",
    '=HYPERLINK("http://evil.example","click")',
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "=cmd|' /C calc'!A0",
    '=DDE("soffice","a","b")',
    "{=1+1}",
    "'=1+1",
    '=WEBSERVICE("http://evil.example")',
    "1e5",
)


def live() -> Briefing:
    queues = tuple(dataclasses.replace(line, name=name) for line, name in zip(SAMPLE.queues, LIVE, strict=True))
    agents = (
        dataclasses.replace(line, name=name, queues=(name,)) for line, name in zip(SAMPLE.agents, LIVE, strict=False)
    )
    return sample_with(group_title=LIVE[0], queues=queues, agents=tuple(agents))


def in_many_queues() -> Briefing:
    """Return a day with agents in one queue to seven queues."""
    names = tuple(f"Queue with a name of its own {number}" for number in range(7))
    agents = (dataclasses.replace(line, queues=names[: number % 7 + 1]) for number, line in enumerate(SAMPLE.agents))
    return sample_with(agents=tuple(agents), language="de")


BOOKS = {**DAYS, "live names": live(), "agents in many queues": in_many_queues()}
PRINTED = ("a day", "corrected", "live names", "agents in many queues")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    return LibreOffice(tmp_path_factory.mktemp("libreoffice"))


@pytest.fixture(scope="module")
def files(office: LibreOffice) -> dict[str, Path]:
    for number, day in enumerate(BOOKS.values()):
        (office.folder / f"{number}.xlsx").write_bytes(xlsx.render(day))
    return {name: office.folder / f"{number}.xlsx" for number, name in enumerate(BOOKS)}


@pytest.fixture(scope="module")
def read(office: LibreOffice, files: dict[str, Path]) -> dict[str, Sheets]:
    """What LibreOffice reads in each workbook."""
    paths = office.convert("fods", *files.values())
    return {name: sheets(paths[file.stem]) for name, file in files.items()}


@pytest.fixture(scope="module")
def printed(office: LibreOffice, files: dict[str, Path]) -> dict[str, Path]:
    """Some of the workbooks as LibreOffice prints them."""
    paths = office.convert("pdf", *(files[name] for name in PRINTED))
    return {name: paths[files[name].stem] for name in PRINTED}


def table(book: Sheets, sheet: str) -> list[dict[str, Cell]]:
    """Return the rows of a sheet that is one table, each by header."""
    head, *rows = book[sheet]
    return [dict(zip((cell.text for cell in head), row, strict=False)) for row in rows if row]


@pytest.mark.parametrize("name", BOOKS)
def test_the_five_sheets_are_there_without_a_formula_or_an_error(name: str, read: dict[str, Sheets]) -> None:
    words = speak(BOOKS[name].language)
    assert list(read[name]) == [words.say(title) for title in ("Summary", "Queues", "Intervals", "Agents", "About")]
    cells = [cell for rows in read[name].values() for row in rows for cell in row]
    assert len(cells) > 500
    assert [cell for cell in cells if cell.formula or re.match(r"#[A-Z/0]+[!?]|#N/A|Err:\d", cell.text)] == []


def test_a_queues_figures_are_numbers_and_those_of_the_briefing(read: dict[str, Sheets]) -> None:
    rows = table(read["a day"], "Queues")
    assert [row["Queue"].text for row in rows] == [line.name for line in SAMPLE.queues]
    for row, line in zip(rows, SAMPLE.queues, strict=True):
        assert row["Service level"].kind == row["Abandonment"].kind == "percentage"
        assert row["Service level"].number == pytest.approx(line.service_level.ratio.value, abs=5e-5)
        assert row["Abandonment"].number == pytest.approx(line.abandonment.value, abs=5e-5)
        assert row["vs last workday"].number == pytest.approx(line.change.points * 100, abs=0.05)
        counts = (line.counts.offered, line.counts.answered, line.counts.abandoned, line.counts.late)
        assert tuple(row[name].number for name in ("Offered", "Answered", "Abandoned", "Not in time")) == counts
    first = rows[0]
    assert (first["Average handle"].kind, first["Average handle"].value) == ("time", "PT00H05M11S")
    texts = [first[name].text for name in ("Service level", "vs last workday", "Offered", "Average handle")]
    assert texts == ["70.1%", "-2.5 points", "1,017", "0:05:11"]


def test_half_hours_and_agents_have_the_briefings_numbers_and_times(read: dict[str, Sheets]) -> None:
    halves, agents = table(read["a day"], "Intervals"), table(read["a day"], "Agents")
    for row, half in zip(halves, SAMPLE.half_hours, strict=True):
        assert (row["Start"].kind, row["Start"].value) == ("date", half.start.replace(tzinfo=None).isoformat())
        assert row["Offered"].number == half.counts.offered
        assert row["Service level"].number == pytest.approx(half.service_level.value, abs=5e-5)
    for row, line in zip(agents, SAMPLE.agents, strict=True):
        assert row["Agent"].text == line.name
        assert row["Adherence"].number == pytest.approx(line.adherence.ratio.value, abs=5e-5)
        assert row["Off schedule"].kind == "time"
        assert row["Late log-ins"].number == line.late_logins


def test_the_summary_has_the_verdict_and_four_metrics_as_numbers(read: dict[str, Sheets]) -> None:
    rows = [row for row in read["a day"]["Summary"] if row]
    assert rows[0][0].text == SAMPLE.group_title
    assert rows[2][0].text.startswith("3 of 4 targets missed, 1 of them just")
    (header,) = (number for number, row in enumerate(rows) if row[0].text == "Metric")
    for row, tile in zip(rows[header + 1 : header + 5], SAMPLE.tiles, strict=True):
        assert row[2].number == pytest.approx(tile.reading.ratio.value, abs=5e-5)


def test_names_that_look_like_formulas_are_text_after_a_calculation(read: dict[str, Sheets]) -> None:
    """Without the white space around them, which no name keeps."""
    book = read["live names"]
    for sheet, column in (("Queues", "Queue"), ("Agents", "Agent"), ("Agents", "Queues")):
        cells = [row[column] for row in table(book, sheet)]
        assert [cell.text for cell in cells] == [name.strip() for name in LIVE[: len(cells)]]
        assert {(cell.kind, cell.formula) for cell in cells} == {("string", "")}
    assert book["Summary"][0][0].text == LIVE[0]


def test_no_name_creates_a_link_out_of_the_workbook(office: LibreOffice, files: dict[str, Path], read: object) -> None:
    content = (office.folder / "fods" / f"{files['live names'].stem}.fods").read_text()
    assert "table:dde-link" not in content
    assert "evil.example" in content
    assert not re.search(r'href="[^"]*evil', content)


def test_a_large_group_has_all_its_rows(read: dict[str, Sheets]) -> None:
    book = read["400 queues and 3,000 agents"]
    assert [row["Queue"].text for row in table(book, "Queues")] == [f"Queue {number}" for number in range(QUEUES)]
    assert [row["Agent"].text for row in table(book, "Agents")] == [f"Agent {number}" for number in range(AGENTS)]


def test_names_in_other_scripts_are_as_they_were_written(read: dict[str, Sheets]) -> None:
    names = [row["Queue"].text for row in table(read["all scripts"], "Queues")]
    assert names == [line.name for line in DAYS["all scripts"].queues]


def test_a_locked_workbook_opens_with_its_password_only(
    office: LibreOffice, files: dict[str, Path], read: dict[str, Sheets]
) -> None:
    locked = office.folder / "locked.xlsx"
    locked.write_bytes(protect.seal(render_workbook(SAMPLE), PASSWORD).content)
    assert not office.unlock("grüße 42!", locked).exists()
    assert not office.convert("fods", locked)["locked"].exists()
    assert sheets(office.unlock(PASSWORD, locked)) == read["a day"]


def page_texts(file: Path) -> list[list[tuple[tuple[float, float, float, float], str]]]:
    """Return each page's pieces of text with their boxes: left, bottom, right, top."""
    pages = []
    for page in pypdfium2.PdfDocument(file):
        text = page.get_textpage()
        boxes = [text.get_rect(index) for index in range(text.count_rects())]
        pages.append([(box, text.get_text_bounded(*box).strip()) for box in boxes])
    return pages


@pytest.mark.parametrize("name", PRINTED)
def test_no_text_covers_another_on_paper(name: str, printed: dict[str, Path]) -> None:
    _, *pages = page_texts(printed[name])  # the first has a chart with slanting labels
    assert any(len(page) > 1 for page in pages)
    for page in pages:
        for (box, text), (other_box, other_text) in itertools.combinations(page, 2):
            width = min(box[2], other_box[2]) - max(box[0], other_box[0])
            height = min(box[3], other_box[3]) - max(box[1], other_box[1])
            assert width < 2 or height < 2, (text, other_text)


def test_the_numbers_of_a_column_end_at_one_edge(printed: dict[str, Path]) -> None:
    intervals = page_texts(printed["a day"])[2]
    for figure in ("80.0%", "0:05:44", "0:00:42"):
        edges = [box[2] for box, text in intervals if text == figure]
        assert len(edges) == len(SAMPLE.half_hours)
        assert max(edges) - min(edges) < 1


def test_the_chart_is_drawn_and_every_status_is_whole(printed: dict[str, Path]) -> None:
    pages = [" ".join(text for _, text in page) for page in page_texts(printed["a day"])]
    assert "Contacts offered and service level by half-hour" in pages[0]
    german = [text for page in page_texts(printed["agents in many queues"]) for _, text in page]
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(BOOKS["agents in many queues"]).content))
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert german.count("Knapp verfehlt") == cells.count("Knapp verfehlt") > 1


def test_pages_of_libreoffice_can_be_appended(printed: dict[str, Path], tmp_path: Path) -> None:
    document = append_pages(render_pdf(SAMPLE, "both"), "From the source", printed["a day"].read_bytes())
    (tmp_path / "both.pdf").write_bytes(document.content)
    output = run("qpdf", "qpdf", "--check", str(tmp_path / "both.pdf"))
    assert "No syntax or stream encoding errors found" in output
    assert "WARNING" not in output
