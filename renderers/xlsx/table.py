"""Write a table to a sheet: header, rows, filters and frozen panes. Set up how a sheet prints."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from renderers.tables.column import Column, Holds, Row
from renderers.words import Words, shorten, tidy
from renderers.xlsx.cells import put
from renderers.xlsx.looks import TEXTS, Look
from worker import step_time
from worker.domain.metrics import Status

_LOOKS: Mapping[Holds, Look] = {
    Holds.TEXT: Look.TEXT,
    Holds.NAMES: Look.WRAPPED,
    Holds.STATUS: Look.TEXT,
    Holds.GOAL: Look.GOAL,
    Holds.COUNT: Look.COUNT,
    Holds.PERCENT: Look.PERCENT,
    Holds.POINTS: Look.POINTS,
    Holds.DURATION: Look.DURATION,
    Holds.MINUTES: Look.MINUTES,
    Holds.LOCAL_TIME: Look.LOCAL_TIME,
}
_A4 = 9
_FOOTER_TITLE = 60
_BESIDE_A_WORD = 4
_LINE_POINTS, _HIGHEST_POINTS = 15, 409
_LOST_AT_LINE_ENDS = 1.15


@dataclass(frozen=True, slots=True)
class Block:
    """The place of a table's cells on its sheet. Rows are 1-based and inclusive."""

    first_row: int
    last_row: int
    letters: dict[str, str]

    def cells(self, header: str) -> str:
        """Return the data cells of a column, e.g. ``C2:C13``."""
        return f"{self.letters[header]}{self.first_row}:{self.letters[header]}{self.last_row}"

    def first(self, header: str) -> str:
        """Return the first data cell of a column, e.g. ``$C2``, for a rule's formula."""
        return f"${self.letters[header]}{self.first_row}"


def write_table(
    sheet: Worksheet, words: Words, name: str, columns: Sequence[Column[Row]], rows: Sequence[Row], *, frozen: int = 1
) -> Block:
    """Write ``rows`` (at least one) as the table ``name``. The first ``frozen`` columns do not scroll."""
    top = 1
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _width(words, column)
    write_rows(sheet, words, columns, rows, top, Look.FILTER_HEADER)
    sheet.freeze_panes = f"{get_column_letter(frozen + 1)}{top + 1}"
    last = f"{get_column_letter(len(columns))}{top + len(rows)}"
    sheet.add_table(Table(displayName=f"{name}Table", ref=f"A{top}:{last}"))
    sheet.print_title_rows = f"{top}:{top}"
    letters = {column.header: get_column_letter(number) for number, column in enumerate(columns, 1)}
    return Block(top + 1, top + len(rows), letters)


def _width(words: Words, column: Column[Row]) -> float:
    """Return the column's width, or that of its longest header word or status if it is larger."""
    status_words = [words.status(status) for status in Status] if column.holds is Holds.STATUS else []
    return max(
        column.width, *(len(word) + _BESIDE_A_WORD for word in (*words.say(column.header).split(), *status_words))
    )


def write_rows(
    sheet: Worksheet,
    words: Words,
    columns: Sequence[Column[Row]],
    rows: Sequence[Row],
    top: int,
    over_numbers: Look = Look.NUMBER_HEADER,
) -> None:
    """Write a header at row ``top`` and the rows below it. The columns' widths must be set before."""
    for number, column in enumerate(columns, 1):
        look = Look.HEADER if _LOOKS[column.holds] in TEXTS else over_numbers
        put(sheet, top, number, words.say(column.header), look)
    _make_room(sheet, top, range(1, len(columns) + 1))
    wrapped = [number for number, column in enumerate(columns, 1) if _LOOKS[column.holds] is Look.WRAPPED]
    for offset, row in enumerate(step_time.checked(rows, "it wrote the workbook"), 1):
        for number, column in enumerate(columns, 1):
            put(sheet, top + offset, number, column.value(row), _LOOKS[column.holds])
        _make_room(sheet, top + offset, wrapped)


def _make_room(sheet: Worksheet, row: int, wrapped: Iterable[int]) -> None:
    """Make a row as high as its longest text needs. LibreOffice shows one line where no height is set."""
    lines = max((_lines(sheet.cell(row, number).value, _set_width(sheet, number)) for number in wrapped), default=1)
    if lines > 1:
        sheet.row_dimensions[row].height = min(lines * _LINE_POINTS, _HIGHEST_POINTS)


def _lines(text: object, width: float) -> int:
    """Estimate how many lines a text takes."""
    if not isinstance(text, str) or len(text) < width:
        return 1
    return math.ceil(len(text) * _LOST_AT_LINE_ENDS / width)


def _set_width(sheet: Worksheet, number: int) -> float:
    width: float = sheet.column_dimensions[get_column_letter(number)].width
    return width


def write_remark(sheet: Worksheet, text: str) -> None:
    """Write the one line of a sheet without rows."""
    put(sheet, 1, 1, text, Look.REMARK)


def set_up_print(sheet: Worksheet, footer: str, *, one_page: bool) -> None:
    """Print on A4 landscape, one page wide (and high, if ``one_page``), with a footer and page numbers."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, int(one_page)
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.75
    foot = HeaderFooterItem()
    # In a footer & starts a code, and Excel rejects more than 255 characters.
    foot.left.text = shorten(tidy(footer), _FOOTER_TITLE).replace("&", "&&")
    foot.right.text = "&P / &N"
    sheet.HeaderFooter.oddFooter = foot
