"""A report file read by its headers: every row a mapping from column id to the text of its cell."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO
from zoneinfo import ZoneInfo

from worker import step_time
from worker.domain.rows import Gap
from worker.errors import MalformedAnswer
from worker.genesys.tables import instants, numbers
from worker.genesys.tables.columns import Kind, TableColumn
from worker.genesys.tables.delimited import Line
from worker.genesys.tables.file import TableFile
from worker.genesys.tables.headers import Header, HeaderFinder, hidden_column_gaps
from worker.genesys.tables.limits import EXPORT_AGAIN, Limits, shorten
from worker.genesys.tables.names import clean_name
from worker.genesys.tables.numbers import is_blank
from worker.genesys.tables.xlsx.number_formats import ExactNumber

_FOOTER_CELLS = 3
_EXPECTED: Mapping[Kind, str] = {
    "instant": "times as 2026-11-16T09:30, with or without an offset",
    "count": "whole numbers without a unit, and no rows of averages",
    "percent": "percentages such as 81.2 or 81.2 %",
    "seconds": "durations in seconds, or as h:mm:ss",
    "milliseconds": "durations in milliseconds, or as h:mm:ss",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place in the file for errors, and the text of its cells by column id.

    ``open_column`` is the column in which the file ends, without a line break or a quotation mark.
    """

    place: str
    cells: Mapping[str, str]
    is_hidden: bool = False
    open_column: str = ""

    def raw(self, column: str) -> str:
        """Return the text of a cell, empty if the file does not have the column."""
        return self.cells.get(column, "")

    def text(self, column: str) -> str:
        """Return the cleaned text of a cell. Only a blank cell is empty: a queue may be named NA or None."""
        text = self.cells.get(column, "")
        return clean_name(text.removesuffix(".0") if isinstance(text, ExactNumber) else text)


class Table:
    """The rows of one file. ``label`` is what errors call it, ``way_out`` what to do if a column is missing.

    Times without an offset are in ``zone``. After all rows were read, ``row_count`` is their number, and ``short_rows``
    are lines with a few cells after the last row.
    """

    def __init__(
        self,
        file: IO[bytes],
        columns: Sequence[TableColumn],
        label: str,
        zone: ZoneInfo,
        *,
        way_out: str,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.label = label
        self.zone = zone
        self.columns = {column.id: column for column in columns}
        self._header_finder = HeaderFinder(TableFile(file, label, limits, clock), columns, label, way_out)
        self._headers = self._header_finder.headers()
        self.row_count = 0
        self.short_rows: tuple[Row, ...] = ()
        self._present = frozenset(column for header in self._headers for column in header.ids.values())

    @property
    def delimiter(self) -> str:
        """The delimiter between cells, empty for a workbook."""
        return self._headers[0].tab.delimiter if self._headers else ""

    @property
    def is_windows_1252(self) -> bool:
        """Whether the text is no UTF-8, and so is read as Windows-1252. It may be in another 8-bit encoding."""
        return bool(self._headers) and self._headers[0].tab.encoding == "cp1252"

    def rows(self) -> Iterator[Row]:
        """Yield the rows of all tabs. `MalformedAnswer` for a row that is cut off."""
        count, short_rows = 0, list[Row]()
        for header in self._headers:
            for row in step_time.checked(self._rows_of(header, short_rows), f"it read {self.label}"):
                count += 1
                yield row
        self.row_count, self.short_rows = count, tuple(short_rows)

    def has_column(self, column: str) -> bool:
        """Return whether the file has this column."""
        return column in self._present

    def header_of(self, column: str) -> str:
        """Return the header of a column as the file writes it."""
        for header in self._headers:
            for place, column_id in header.ids.items():
                if column_id == column:
                    return shorten(header.line.cells[place])
        return column

    def hidden_gaps(self) -> Iterator[Gap]:
        """Yield a gap for hidden tabs and hidden columns."""
        yield from self._header_finder.hidden_tab_gaps()
        yield from hidden_column_gaps(self.label, self._headers)

    def seconds_in_unit(self, column: str) -> float | None:
        """Return how many seconds the unit has that a header states, as in ``ASA (ms)``. None if it states none."""
        return numbers.seconds_in_unit(self.header_of(column))

    def refuse(self, row: Row | None, problem: str, way_out: str = "") -> MalformedAnswer:
        """Return an error about one row of this file, or about the file."""
        place = f", {row.place}" if row else ""
        return MalformedAnswer(f"{self.label}{place}: {problem}.", way_out=way_out)

    def instant(self, row: Row, column: str) -> object:
        """Return the instant of a cell, None if it is blank. `MalformedAnswer` if it is no time."""
        text = row.raw(column)
        if is_blank(text):
            return None
        try:
            return instants.instant(text, self.zone)
        except (ValueError, OverflowError):
            raise self.unreadable(row, column, text) from None

    def unreadable(self, row: Row, column: str, text: str) -> MalformedAnswer:
        """Return the error for a cell that makes no sense in its column."""
        kind, header = self.columns[column].kind, self.header_of(column)
        name = f"{column} ({kind})" if header.casefold() == column.casefold() else f"{header!r} ({column}, {kind})"
        problem = f"{shorten(text)!r} makes no sense in the column {name}"
        return self.refuse(row, problem, f"Have the report give {_EXPECTED[kind]}." if kind in _EXPECTED else "")

    def titles(self) -> Iterator[str]:
        """Yield the texts of the lines before the headers."""
        for header in self._headers:
            for line in header.tab.first_lines():
                if line.number < header.line.number:
                    yield " ".join(cell.strip() for cell in line.cells if cell.strip())

    def _rows_of(self, header: Header, footers: list[Row]) -> Iterator[Row]:
        width = max(header.ids) + 1
        short_lines: list[Line] = []
        for line in header.tab.lines():
            if line.number <= header.line.number or line.cells == header.line.cells:
                continue
            if self._header_finder.is_header(line):
                header = self._header_finder.checked(Header(header.tab, line, self._header_finder.ids_of(line)))
                width = max(header.ids) + 1
                continue
            if len(line.cells) < width and not header.tab.is_sheet:
                short_lines.append(line)
                continue
            if short_lines:
                raise self._cut_off(header, short_lines[0])
            self._refuse_split(header, line)
            cells = line.cells + [""] * (width - len(line.cells))
            cells_by_id = {column: cells[place] for place, column in header.ids.items()}
            open_column = "" if line.is_closed else header.ids.get(len(line.cells) - 1, "")
            yield Row(_place(header, line), cells_by_id, line.is_hidden, open_column)
        for line in short_lines:
            if not _is_footer(line):
                raise self._cut_off(header, line)
            footers.append(_short_row(header, line))

    def _refuse_split(self, header: Header, line: Line) -> None:
        """Refuse a line with a cell more than the header: its cells may be in the wrong columns."""
        width = len(header.line.cells)
        if header.tab.is_sheet or len(line.cells) <= width or not line.cells[width].strip():
            return
        raise MalformedAnswer(
            f"{self.label}, {_place(header, line)}: {len(line.cells)} cells where the header has {width}, so they may "
            "be in the wrong columns.",
            way_out="Have the report quote cells that contain the delimiter, such as decimal commas and names.",
        )

    def _cut_off(self, header: Header, line: Line) -> MalformedAnswer:
        problem = f"{len(line.cells)} cells where the header has {len(header.line.cells)}; the file may be cut off"
        return MalformedAnswer(f"{self.label}, {_place(header, line)}: {problem}.", way_out=EXPORT_AGAIN)


def _place(header: Header, line: Line) -> str:
    tab = f"tab '{shorten(header.tab.name)}', " if header.tab.name else ""
    return f"{tab}line {line.number}"


def _short_row(header: Header, line: Line) -> Row:
    width = len(line.cells)
    cells = {column: line.cells[place] for place, column in header.ids.items() if place < width}
    return Row(_place(header, line), cells)


def _is_footer(line: Line) -> bool:
    """A few cells after the last row. Without a line break or a blank line before, they could be a row cut off."""
    return sum(1 for cell in line.cells if cell.strip()) <= _FOOTER_CELLS and (line.ended or line.after_blank)
