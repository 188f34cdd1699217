"""What a workbook hides is left out or read by a rule, and the briefing says so."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.worksheet import Worksheet

from tests.unit.genesys.reporting.conftest import AGENTS, COUNTS, agents_in, queues_in
from tests.unit.genesys.tables.test_files import SHEET, changed
from worker.errors import MalformedAnswer

ROW = ["Support", 10, 8, 7, 2]
OTHER = ["Billing", 5, 5, 5, 0]
QUEUES = ("Support", "Billing")


def book_of(tabs: dict[str, Sequence[Sequence[object]]], *, hidden: Sequence[str] = (), state: str = "hidden") -> bytes:
    """A workbook with some tabs hidden."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in tabs.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = state if name in hidden else "visible"
    return saved(book)


def saved(book: Workbook) -> bytes:
    packed = io.BytesIO()
    book.calculation = None
    if all(sheet.sheet_state != "visible" for sheet in book.worksheets):
        book.active = 0
        book.create_chartsheet("Chart")  # openpyxl saves no workbook that shows nothing
    book.save(packed)
    return packed.getvalue()


def sheet_with(*rows: Sequence[object]) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    return book, book.active


def offered(content: bytes) -> list[int | None]:
    return [row.offered for row in queues_in(content, COUNTS, queues=QUEUES).intervals]


def gaps(content: bytes) -> list[tuple[str, str]]:
    return [(gap.kind, gap.detail) for gap in queues_in(content, COUNTS, queues=QUEUES).gaps]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_tab_with_the_columns_is_left_out_and_named(state: str) -> None:
    content = book_of({"Report": [COUNTS, ROW], "Old": [COUNTS, OTHER]}, hidden=["Old"], state=state)
    assert offered(content) == [10]
    ((kind, detail),) = gaps(content)
    assert kind == "doubtful"
    assert "has the hidden tab 'Old' with the columns of the report. Its rows are not in the figures" in detail


def test_a_hidden_copy_of_the_tab_does_not_refuse_the_file() -> None:
    assert offered(book_of({"Report": [COUNTS, ROW], "Backup": [COUNTS, ROW]}, hidden=["Backup"])) == [10]


def test_a_hidden_tab_with_something_else_is_of_no_concern() -> None:
    content = book_of({"Report": [COUNTS, ROW], "Lists": [["voice", "chat"]]}, hidden=["Lists"])
    assert offered(content) == [10]
    assert gaps(content) == []


def test_a_hidden_tab_alone_is_read_and_named() -> None:
    content = book_of({"Report": [COUNTS, ROW]}, hidden=["Report"])
    assert offered(content) == [10]
    ((kind, detail),) = gaps(content)
    assert (kind, detail[:48]) == ("doubtful", "The only tab of The file, 'Report', is hidden. I")


def test_a_cover_with_the_table_on_a_hidden_tab_is_refused_with_its_name() -> None:
    content = book_of({"Cover": [["Daily report"]], "Data": [COUNTS, ROW]}, hidden=["Data"])
    with pytest.raises(MalformedAnswer, match=r"tab 'Cover', lacks .* The hidden tab 'Data' has the columns"):
        offered(content)


def test_several_hidden_tabs_without_a_visible_one_are_refused() -> None:
    content = book_of({"One": [COUNTS, ROW], "Two": [COUNTS, OTHER]}, hidden=["One", "Two"])
    with pytest.raises(MalformedAnswer, match=r"has hidden tabs only \('One', 'Two'\)\. Have the report show its tab"):
        offered(content)


def test_a_tab_that_is_a_chart_has_no_rows() -> None:
    book, sheet = sheet_with(COUNTS, ROW)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=2))
    book.create_chartsheet("Chart").add_chart(chart)
    assert offered(saved(book)) == [10]


def test_merged_titles_above_the_header_are_no_header() -> None:
    book, sheet = sheet_with(["Daily report"], ["", "Contacts"], COUNTS, ROW)
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("B2:E2")
    assert offered(saved(book)) == [10]


def test_hidden_rows_of_the_group_are_read_and_named() -> None:
    book, sheet = sheet_with(COUNTS, ROW, OTHER, ["Foreign", 1, 1, 1, 0])
    for number in (3, 4):
        sheet.row_dimensions[number].hidden = True
    content = saved(book)
    assert offered(content) == [10, 5]
    ((kind, detail),) = gaps(content)
    assert (kind, detail[:69]) == (
        "doubtful",
        "The file, tab 'Sheet', line 3: hidden rows are in the figures (1). Ha",
    )


def test_a_row_without_height_is_hidden() -> None:
    book, _ = sheet_with(COUNTS, ROW)
    flat = {SHEET: lambda part: part.replace(b'<row r="2"', b'<row r="2" ht="0" customHeight="1"')}
    assert [kind for kind, _ in gaps(changed(saved(book), flat))] == ["doubtful"]


def test_a_hidden_row_of_other_queues_is_of_no_concern() -> None:
    book, sheet = sheet_with(COUNTS, ROW, ["Foreign", 1, 1, 1, 0])
    sheet.row_dimensions[3].hidden = True
    assert gaps(saved(book)) == []


def test_a_hidden_column_is_read_and_named() -> None:
    book, sheet = sheet_with(COUNTS, ROW)
    sheet.column_dimensions["C"].hidden = True
    content = saved(book)
    assert [row.answered for row in queues_in(content, COUNTS).intervals] == [8]
    ((kind, detail),) = gaps(content)
    assert (kind, detail[:42]) == ("doubtful", "The file: the column answered is hidden, a")


def test_a_hidden_row_of_an_agent_is_named() -> None:
    book, sheet = sheet_with(AGENTS, ["Ana", 10000, 0, 5000, 28800])
    sheet.row_dimensions[2].hidden = True
    rows = agents_in(saved(book))
    assert [agent.name for agent in rows.agents] == ["Ana"]
    assert [gap.kind for gap in rows.gaps] == ["doubtful"]
