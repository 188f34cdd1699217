"""Finds the header of each tab of a file, and decides which tabs are read.

A hidden tab is not what the owner of a report sees, so it is left out. A hidden tab alone is read, because nothing else
can be meant. Both are said in the briefing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from worker.domain.gap_texts import GapText
from worker.domain.rows import Gap, gap
from worker.errors import MalformedAnswer
from worker.genesys.tables.columns import TableColumn
from worker.genesys.tables.delimited import Line
from worker.genesys.tables.file import Tab, TableFile
from worker.genesys.tables.limits import EXPORT_AGAIN, shorten
from worker.genesys.tables.names import clean_name

_LEAST_HEADERS = 2
"""A line with so many known headers is a header, wherever it is."""

_SHOWN_HEADERS = 30
_SHOWN_TABS = 8


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a tab: its line, its width, and the column ids by place."""

    tab: Tab
    line: Line
    ids: Mapping[int, str]


class HeaderFinder:
    """Finds the headers of a file's tabs by the columns that are looked for."""

    def __init__(self, file: TableFile, columns: Sequence[TableColumn], label: str, way_out: str) -> None:
        self._file = file
        self._columns = columns
        self._label = label
        self._way_out = way_out
        self._ids_by_header = {_folded(name): column.id for column in columns for name in column.headers if name}
        self._hidden: list[Header] = []
        self._is_hidden_read = False

    def headers(self) -> list[Header]:
        """Find the header of each tab. A text file has one tab for each delimiter, of which the best header counts."""
        if not self._file.is_workbook:
            return [self.checked(self._header_of_text())]
        headers = [self._best_header(tab) for tab in self._file.tabs if tab.first_lines()]
        if not headers:
            raise MalformedAnswer(f"{self._label} is empty.", way_out=EXPORT_AGAIN)
        visible = [header for header in headers if not header.tab.is_hidden]
        self._hidden = [header for header in headers if header.tab.is_hidden and not self._missing_headers(header)]
        self._is_hidden_read = not visible and len(headers) == 1
        if visible or self._is_hidden_read:
            return [self.checked(header) for header in visible or headers]
        tabs = ", ".join(repr(shorten(header.tab.name)) for header in headers[:_SHOWN_TABS])
        raise MalformedAnswer(f"{self._label} has hidden tabs only ({tabs}).", way_out="Have the report show its tab.")

    def hidden_tab_gaps(self) -> Iterator[Gap]:
        """Yield a gap for each hidden tab with the report's columns: left out, or read because it is the only one."""
        text = GapText.HIDDEN_TAB_READ if self._is_hidden_read else GapText.HIDDEN_TAB_LEFT_OUT
        for header in self._hidden:
            yield gap("doubtful", text, file=self._label, tab=shorten(header.tab.name))

    def _header_of_text(self) -> Header:
        headers: list[Header] = []
        errors: list[MalformedAnswer] = []
        for tab in self._file.tabs:
            try:
                headers.append(self._best_header(tab))
            except MalformedAnswer as error:
                errors.append(error)  # quotes make no sense with a wrong delimiter
        if not headers:
            raise errors[0]
        return max(headers, key=lambda header: len(header.ids))

    def _best_header(self, tab: Tab) -> Header:
        """Return the line with the most known headers: titles and notes may come before it."""
        best = Header(tab, Line(0, []), {})
        for line in tab.first_lines():
            ids = self.ids_of(line)
            if not best.line.cells or len(ids) > len(best.ids):
                best = Header(tab, line, ids)
        return best

    def ids_of(self, line: Line) -> dict[int, str]:
        """Return the column ids of the cells that are known headers, by place from 0."""
        cells = enumerate(map(_folded, line.cells))
        return {place: self._ids_by_header[cell] for place, cell in cells if cell in self._ids_by_header}

    def is_header(self, line: Line) -> bool:
        """Return whether a line is the header of a further block, perhaps with other columns or another order."""
        if not any(cell.strip().casefold() in self._ids_by_header for cell in line.cells):
            return False
        return len(self.ids_of(line)) >= min(_LEAST_HEADERS, len(self._columns))

    def _missing_headers(self, header: Header) -> list[str]:
        ids = header.ids.values()
        return [column.headers[0] for column in self._columns if column.required and column.id not in ids]

    def checked(self, header: Header) -> Header:
        """Return a header. `MalformedAnswer` if it lacks a column, or has one twice."""
        ids = list(header.ids.values())
        missing_headers = self._missing_headers(header)
        if missing_headers:
            raise self._refused_header(header, f"lacks the columns {', '.join(missing_headers)}", self._way_out)
        if not ids:
            raise self._refused_header(header, "has none of the known columns", self._way_out)
        twice = next((column for column in ids if ids.count(column) > 1), None)
        if twice:
            places = [place for place, column in header.ids.items() if column == twice]
            names = " and ".join(f"{shorten(header.line.cells[place])!r} (cell {place + 1})" for place in places)
            raise self._refused_header(
                header, f"has the column {twice} twice, under {names}", "Leave one of them out of the report."
            )
        return header

    def _refused_header(self, header: Header, problem: str, way_out: str) -> MalformedAnswer:
        cells = header.line.cells
        tab = f", tab {shorten(header.tab.name)!r}," if header.tab.name else ""
        line = f" in line {header.line.number}" if header.line.number > 1 else ""
        headers = [repr(shorten(cell)) for cell in cells[:_SHOWN_HEADERS]]
        omission = f" and {len(cells) - _SHOWN_HEADERS} more" if len(cells) > _SHOWN_HEADERS else ""
        if header.tab.name and self._hidden:
            hidden_name = shorten(self._hidden[0].tab.name)
            way_out = f"The hidden tab {hidden_name!r} has the columns: have the report show it, without other tabs."
        elif header.tab.name and not header.ids:
            way_out = "Leave the tab out of the report, or give it the report's columns."
        if header.tab.delimiter and len([cell for cell in cells if cell.strip()]) == 1:
            way_out = f"Have the report exported with commas, semicolons, tabs or bars between cells. {way_out}"
        return MalformedAnswer(
            f"{self._label}{tab} {problem}; its header{line} has: {', '.join(headers) or 'none'}{omission}.",
            way_out=way_out,
        )


def hidden_column_gaps(label: str, headers: Iterable[Header]) -> Iterator[Gap]:
    """Yield a gap for each column that is looked for and hidden."""
    hidden = (
        column for header in headers for place, column in header.ids.items() if place in header.line.hidden_columns
    )
    for column in dict.fromkeys(hidden):
        yield gap("doubtful", GapText.HIDDEN_COLUMN_READ, file=label, column=column)


def _folded(header: str) -> str:
    return clean_name(header).casefold()
