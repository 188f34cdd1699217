"""A report file read by its header: each row a mapping from column id to value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import IO
from zoneinfo import ZoneInfo

from worker.errors import MalformedAnswer
from worker.genesys.reporting import cells
from worker.genesys.reporting.columns import TableColumn
from worker.genesys.reporting.file import ReportFile

_PERCENT_ABOVE_ONE = 1.0001
"""Percentages that were rounded up a little are still fractions."""


class ReportTable:
    """Rows of one file; reading it twice gives the same rows.

    ``where`` is what errors call the file, ``way_out`` what to do where a column is missing. Times without an offset
    are in ``zone``.
    """

    def __init__(
        self, file: IO[bytes], columns: Sequence[TableColumn], where: str, zone: ZoneInfo, *, way_out: str
    ) -> None:
        self._where = where
        self._zone = zone
        self._way_out = way_out
        self._lines = ReportFile(file, where)
        self._kinds = {column.id: column.kind for column in columns}
        self._ids = self._find_columns(columns)
        self._hundreds = self._uses_hundreds()

    def rows(self) -> Iterator[TableRow]:
        """All rows; `MalformedAnswer` for a line that is cut off."""
        return (TableRow(self, number, raw) for number, raw in self._raw_rows())

    def value(self, line: int, column: str, text: str) -> object:
        """What a cell means; `MalformedAnswer` names line and column of one that makes no sense."""
        if cells.is_empty(text):
            return None
        kind = self._kinds[column]
        if kind == "text":
            return text.strip()
        if kind == "percent":
            return self._fraction(line, column, text)
        try:
            if kind == "instant":
                return cells.instant(text, self._zone)
            if kind == "count":
                return cells.count(text, decimal_comma=self._lines.decimal_comma)
            return cells.milliseconds(text) if kind == "milliseconds" else cells.seconds(text)
        except (ValueError, OverflowError):
            raise self._senseless(line, column, text) from None

    def refuse(self, line: int, what: str) -> MalformedAnswer:
        """An error about one line of this file."""
        return MalformedAnswer(f"{self._where}, line {line}: {what}.")

    def has(self, column: str) -> bool:
        """Whether the file has this column."""
        return column in self._ids.values()

    def step(self, column: str) -> float:
        """The least difference that a column of percentages writes, as a fraction: 0.01 where they are 81, 82 …"""
        decimals = max((cells.decimals(row[column]) for _, row in self._raw_rows()), default=0)
        signed = any(row[column].strip().endswith("%") for _, row in self._raw_rows())
        return 10.0**-decimals / (100 if signed or self._hundreds else 1)

    def _find_columns(self, columns: Sequence[TableColumn]) -> Mapping[int, str]:
        """Column id by place in the line, from the header."""
        header = next((line for _, line in self._lines.lines()), [])
        by_name = {_folded(name): column.id for column in columns for name in column.headers if name}
        ids = {place: by_name[_folded(text)] for place, text in enumerate(header) if _folded(text) in by_name}
        missing = [column.headers[0] for column in columns if column.required and column.id not in ids.values()]
        if missing or len(set(ids.values())) != len(ids):
            what = f"lacks the columns {', '.join(missing)}" if missing else "has a column twice"
            found = ", ".join(repr(text.strip()) for text in header) or "none"
            raise MalformedAnswer(f"{self._where} {what}; its header has: {found}.", way_out=self._way_out)
        return ids

    def _raw_rows(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        lines = self._lines.lines()
        width = len(next(lines)[1])
        for number, line in lines:
            if len(line) < width and any(place >= len(line) for place in self._ids):
                raise self.refuse(number, f"{len(line)} cells where the header has {width}; the file may be cut off")
            yield number, {column: line[place] for place, column in self._ids.items()}

    def _uses_hundreds(self) -> bool:
        """Whether percentages without a sign are 0–100: no fraction is above 1."""
        percents = [column for column in self._ids.values() if self._kinds[column] == "percent"]
        if not percents:
            return False
        return any(
            self._exceeds_one(number, column, row[column]) for number, row in self._raw_rows() for column in percents
        )

    def _exceeds_one(self, line: int, column: str, text: str) -> bool:
        if cells.is_empty(text):
            return False
        value, signed = self._percent(line, column, text)
        return not signed and value > _PERCENT_ABOVE_ONE

    def _fraction(self, line: int, column: str, text: str) -> float:
        value, signed = self._percent(line, column, text)
        fraction = value / 100 if signed or self._hundreds else value
        if fraction > _PERCENT_ABOVE_ONE:
            raise self._senseless(line, column, text)
        return min(fraction, 1.0)

    def _percent(self, line: int, column: str, text: str) -> tuple[float, bool]:
        try:
            return cells.percent(text)
        except ValueError:
            raise self._senseless(line, column, text) from None

    def _senseless(self, line: int, column: str, text: str) -> MalformedAnswer:
        return self.refuse(line, f"{text.strip()[:60]!r} makes no sense in the column {column} ({self._kinds[column]})")


class TableRow:
    """One row: its line in the file, and its cells as they stand; a cell is understood when it is asked for."""

    def __init__(self, table: ReportTable, line: int, raw: Mapping[str, str]) -> None:
        self.line = line
        self.raw = raw
        self._table = table

    def text(self, column: str) -> str:
        """A text; empty where there is none."""
        return str(self.value(column) or "")

    def whole(self, column: str) -> int | None:
        """A count."""
        value = self.value(column)
        return value if isinstance(value, int) else None

    def real(self, column: str) -> float | None:
        """A fraction, or a duration in seconds."""
        value = self.value(column)
        return float(value) if isinstance(value, int | float) else None

    def value(self, column: str) -> object:
        """Whatever is there; None where the cell is empty or the column was not asked for."""
        return self._table.value(self.line, column, self.raw[column]) if column in self.raw else None


def _folded(header: str) -> str:
    return " ".join(header.replace("\ufeff", "").split()).casefold()
