"""Write a table to a sheet: header, rows, filters and frozen panes. Set up how a sheet prints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from renderers.tables.column import Column, Holds, Row, Value
from renderers.words import Words, shorten, tidy
from renderers.xlsx.cells import cell_text, put
from renderers.xlsx.looks import TEXTS, Look
from renderers.xlsx.sheet import Sheet, Table, reference
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
    sheet: Sheet, words: Words, name: str, columns: Sequence[Column[Row]], rows: Sequence[Row], *, frozen: int = 1
) -> Block:
    """Write ``rows`` (at least one) as the table ``name``. The first ``frozen`` columns do not scroll."""
    top = 1
    for number, column in enumerate(columns, 1):
        sheet.widths[number] = _width(words, column)
    write_rows(sheet, words, columns, rows, top, Look.FILTER_HEADER)
    sheet.frozen, sheet.repeated_row = (frozen, top), top
    area = f"{reference(top, 1)}:{reference(top + len(rows), len(columns))}"
    sheet.tables.append(Table(f"{name}Table", area, tuple(words.say(column.header) for column in columns)))
    letters = {column.header: get_column_letter(number) for number, column in enumerate(columns, 1)}
    return Block(top + 1, top + len(rows), letters)


def _width(words: Words, column: Column[Row]) -> float:
    """Return the column's width, or that of its longest header word or status if it is larger."""
    status_words = [words.status(status) for status in Status] if column.holds is Holds.STATUS else []
    return max(
        column.width, *(len(word) + _BESIDE_A_WORD for word in (*words.say(column.header).split(), *status_words))
    )


def write_rows(
    sheet: Sheet,
    words: Words,
    columns: Sequence[Column[Row]],
    rows: Sequence[Row],
    top: int,
    over_numbers: Look = Look.NUMBER_HEADER,
) -> None:
    """Write a header at row ``top`` and the rows below it. The columns' widths must be set before."""
    headers = [words.say(column.header) for column in columns]
    looks = [_LOOKS[column.holds] for column in columns]
    for number, (header, look) in enumerate(zip(headers, looks, strict=True), 1):
        put(sheet, top, number, header, Look.HEADER if look in TEXTS else over_numbers)
    _make_room(sheet, top, dict(enumerate(headers, 1)))
    wrapped = [number for number, look in enumerate(looks, 1) if look is Look.WRAPPED]
    for row_number, row in enumerate(step_time.checked(rows, "it wrote the workbook"), top + 1):
        values = [column.value(row) for column in columns]
        for number, (value, look) in enumerate(zip(values, looks, strict=True), 1):
            put(sheet, row_number, number, value, look)
        _make_room(sheet, row_number, {number: values[number - 1] for number in wrapped})


def _make_room(sheet: Sheet, row: int, texts: Mapping[int, Value]) -> None:
    """Make a row as high as its longest text needs. LibreOffice shows one line where no height is set."""
    lines = max((_lines(text, sheet.width(column)) for column, text in texts.items()), default=1)
    if lines > 1:
        sheet.heights[row] = min(lines * _LINE_POINTS, _HIGHEST_POINTS)


def _lines(text: Value, width: float) -> int:
    """Estimate how many lines a text takes."""
    if not isinstance(text, str) or len(text) < width:
        return 1
    return math.ceil(len(cell_text(text)) * _LOST_AT_LINE_ENDS / width)


def write_remark(sheet: Sheet, text: str) -> None:
    """Write the one line of a sheet without rows."""
    put(sheet, 1, 1, text, Look.REMARK)


def set_up_print(sheet: Sheet, footer: str, *, one_page: bool) -> None:
    """Print one page wide (and high, if ``one_page``), with a footer and page numbers."""
    sheet.one_page = one_page
    # In a footer & starts a code, and Excel rejects more than 255 characters.
    title = shorten(tidy(footer), _FOOTER_TITLE).replace("&", "&&")
    sheet.footer = f"&L{title}&R&P / &N"
