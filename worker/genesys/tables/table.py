"""A report file read by its headers: every row a mapping from column id to the text of its cell."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO
from zoneinfo import ZoneInfo

from worker.errors import MalformedAnswer
from worker.genesys.tables import instants
from worker.genesys.tables.columns import TableColumn
from worker.genesys.tables.delimited import Line
from worker.genesys.tables.file import Tab, TableFile
from worker.genesys.tables.limits import Limits, shorten
from worker.genesys.tables.names import clean_name
from worker.genesys.tables.number_formats import ExactNumber
from worker.genesys.tables.numbers import is_blank

_SHOWN_HEADERS = 30
_FOOTER_CELLS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place in the file for errors, and the text of its cells by column id."""

    place: str
    cells: Mapping[str, str]

    def raw(self, column: str) -> str:
        """Return the text of a cell, empty if the file does not have the column."""
        return self.cells.get(column, "")

    def text(self, column: str) -> str:
        """Return the cleaned text of a cell. Only a blank cell is empty: a queue may be named NA or None."""
        text = self.cells.get(column, "")
        return clean_name(text.removesuffix(".0") if isinstance(text, ExactNumber) else text)


@dataclass(frozen=True, slots=True)
class _Header:
    """The header of a tab: its line, its width, and the column ids by place."""

    tab: Tab
    line: Line
    ids: Mapping[int, str]


class Table:
    """The rows of one file. ``label`` is what errors call it, ``way_out`` what to do if a column is missing.

    Times without an offset are in ``zone``.
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
        self._way_out = way_out
        self._file = TableFile(file, label, limits, clock)
        self._headers = self._find_headers()
        self._present = frozenset(column for header in self._headers for column in header.ids.values())

    @property
    def delimiter(self) -> str:
        """The delimiter between cells, empty for a workbook."""
        return self._headers[0].tab.delimiter if self._headers else ""

    def rows(self) -> Iterator[Row]:
        """Yield the rows of all tabs. `MalformedAnswer` for a row that is cut off."""
        for header in self._headers:
            yield from self._rows_of(header)

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
        kind = self.columns[column].kind
        return self.refuse(row, f"{shorten(text)!r} makes no sense in the column {column} ({kind})")

    def _find_headers(self) -> list[_Header]:
        """Find the header of each tab. A text file has one tab for each delimiter, of which the best header counts."""
        if not self._file.is_workbook:
            return [self._checked(self._header_of_text())]
        headers = [self._best_header(tab) for tab in self._file.tabs if tab.first_lines()]
        if not headers:
            raise MalformedAnswer(f"{self.label} is empty.")
        return [self._checked(header) for header in headers]

    def _header_of_text(self) -> _Header:
        headers: list[_Header] = []
        errors: list[MalformedAnswer] = []
        for tab in self._file.tabs:
            try:
                headers.append(self._best_header(tab))
            except MalformedAnswer as error:
                errors.append(error)  # quotes make no sense with a wrong delimiter
        if not headers:
            raise errors[0]
        return max(headers, key=lambda header: len(header.ids))

    def _best_header(self, tab: Tab) -> _Header:
        """Return the line with the most known headers: titles and notes may come before it."""
        names = {_folded(name): column.id for column in self.columns.values() for name in column.headers if name}
        best = _Header(tab, Line(0, []), {})
        for line in tab.first_lines():
            ids = {place: names[_folded(cell)] for place, cell in enumerate(line.cells) if _folded(cell) in names}
            if not best.line.cells or len(ids) > len(best.ids):
                best = _Header(tab, line, ids)
        return best

    def _checked(self, header: _Header) -> _Header:
        ids = list(header.ids.values())
        missing_headers = [
            column.headers[0] for column in self.columns.values() if column.required and column.id not in ids
        ]
        if not missing_headers and len(set(ids)) == len(ids):
            return header
        problem = f"lacks the columns {', '.join(missing_headers)}" if missing_headers else "has a column twice"
        tab = f", tab {shorten(header.tab.name)!r}," if header.tab.name else ""
        headers = [repr(shorten(cell)) for cell in header.line.cells[:_SHOWN_HEADERS]]
        omission = (
            f" and {len(header.line.cells) - _SHOWN_HEADERS} more" if len(header.line.cells) > _SHOWN_HEADERS else ""
        )
        raise MalformedAnswer(
            f"{self.label}{tab} {problem}; its header has: {', '.join(headers) or 'none'}{omission}.",
            way_out=self._way_out,
        )

    def _rows_of(self, header: _Header) -> Iterator[Row]:
        width = max(header.ids) + 1
        short_lines: list[Line] = []
        for line in header.tab.lines():
            if line.number <= header.line.number or line.cells == header.line.cells:
                continue
            if len(line.cells) < width and not header.tab.is_sheet:
                short_lines.append(line)
                continue
            if short_lines:
                raise self._cut_off(header, short_lines[0])
            cells = line.cells + [""] * (width - len(line.cells))
            yield Row(_place(header, line), {column: cells[place] for place, column in header.ids.items()})
        for line in short_lines:
            if not _is_footer(line):
                raise self._cut_off(header, line)

    def _cut_off(self, header: _Header, line: Line) -> MalformedAnswer:
        problem = f"{len(line.cells)} cells where the header has {len(header.line.cells)}; the file may be cut off"
        return MalformedAnswer(f"{self.label}, {_place(header, line)}: {problem}.")


def _place(header: _Header, line: Line) -> str:
    tab = f"tab {shorten(header.tab.name)!r}, " if header.tab.name else ""
    return f"{tab}line {line.number}"


def _is_footer(line: Line) -> bool:
    """A few cells after the last row. Without a line break or a blank line before, they could be a row cut off."""
    return sum(1 for cell in line.cells if cell.strip()) <= _FOOTER_CELLS and (line.ended or line.after_blank)


def _folded(header: str) -> str:
    return clean_name(header).casefold()
