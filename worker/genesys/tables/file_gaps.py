"""What makes a file doubtful as a whole: hidden parts, an end without a line break, fewer rows than it announces. Pure.

A file that was cut off can still be read: the last cell is then a shorter number, or rows are missing. Where the counts
beside the cell, or the way its column is written, prove that it is whole, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from worker.domain.gap_texts import GapText
from worker.domain.rows import Gap, gap
from worker.genesys.tables import numbers
from worker.genesys.tables.figures import Figures
from worker.genesys.tables.limits import shorten
from worker.genesys.tables.table import Row, Table

_ANNOUNCEMENT = re.compile(
    r"(?:(?:total|number of|anzahl) )?(?:rows|records|lines|zeilen|datensätze)\W{1,3}(?P<number>\d{1,9})"
    r"|(?P<first>\d{1,9}) (?:rows|records|lines|zeilen|datensätze)",
    re.IGNORECASE,
)
"""A title or footer that says how many rows the file has, such as ``Rows: 96``."""

_ENDED = ("answered", "abandoned", "flowedOut")
_WHOLE_CLOCK = re.compile(r".*:\d\d")


def file_gaps(figures: Figures, rows: Sequence[Row], proven: Collection[str] = ()) -> Iterator[Gap]:
    """Yield the gaps of a file whose rows were all read. ``rows`` are those that the figures are made of.

    ``proven`` are columns whose sums the file states, so that no cell of them is cut off.
    """
    table = figures.table
    yield from table.hidden_gaps()
    hidden_rows = [row for row in rows if row.is_hidden]
    if hidden_rows:
        place = hidden_rows[0].place
        yield gap("doubtful", GapText.HIDDEN_ROWS_READ, file=table.label, place=place, rows=len(hidden_rows))
    for row in rows:
        if row.open_column and row.open_column not in proven and not _is_whole(figures, row, row.open_column):
            yield open_cell_gap(table, row)
    yield from _announcement_gaps(table)


def open_cell_gap(table: Table, row: Row) -> Gap:
    """Return the gap for a file that ends in a cell, without a line break."""
    column = row.open_column
    cell = shorten(row.raw(column))
    return gap("doubtful", GapText.FILE_ENDS_IN_CELL, file=table.label, place=row.place, column=column, cell=cell)


def _announcement_gaps(table: Table) -> Iterator[Gap]:
    footers = (" ".join(cell.strip() for cell in row.cells.values() if cell.strip()) for row in table.short_rows)
    for text in (*table.titles(), *footers):
        match = _ANNOUNCEMENT.fullmatch(text)
        if match and (announced := int(match["number"] or match["first"])) > table.row_count:
            yield gap("doubtful", GapText.ROWS_ANNOUNCED, file=table.label, announced=announced, rows=table.row_count)
            return


def _is_whole(figures: Figures, row: Row, column_id: str) -> bool:
    """Return whether something proves that a cell was not longer."""
    text, column = row.raw(column_id).strip(), figures.table.columns[column_id]
    if column.kind == "text":
        return column_id != "agentName"  # the name of a queue is that of the order, and any other word is reported
    if numbers.is_blank(text):
        return figures.statements.blank != "zero"  # else the counts beside it decide what the blank cell means
    if numbers.is_no_figure(text) or numbers.has_percent_sign(text):
        return True
    texts = [sibling.raw(column_id).strip() for sibling in figures.rows if sibling is not row]
    if column.kind == "count":
        return text == "0" or _agrees_with_counts(figures, row, column_id)
    if column.kind == "instant":
        return any(len(text) == len(sibling) for sibling in texts)
    return _has_all_digits(text, [sibling for sibling in texts if not numbers.is_blank(sibling)])


def _agrees_with_counts(figures: Figures, row: Row, column_id: str) -> bool:
    """Return whether the count is that of another column, or completes the contacts that were offered."""
    counts = {
        column.id: figures.value(row, column.id) for column in figures.table.columns.values() if column.kind == "count"
    }
    value = counts.pop(column_id)
    return value in counts.values() or value == _remainder(column_id, counts)


def _remainder(column_id: str, counts: Mapping[str, float | None]) -> float | None:
    """Return the count that the other ways in which contacts end leave for this one."""
    ended = sum(counts.get(column) or 0 for column in _ENDED if column != column_id)
    offered = counts.get("offered")
    if column_id == "offered":
        return ended
    return offered - ended if column_id in _ENDED and offered is not None else None


def _has_all_digits(text: str, siblings: Sequence[str]) -> bool:
    """Return whether a percentage or duration ends as the others of its column do: all with as many decimals."""
    if numbers.clock_seconds(text) is not None:
        has_fractions = any(numbers.decimals(sibling) for sibling in siblings)
        return text[-1] in "sS" or bool(_WHOLE_CLOCK.fullmatch(text) and not has_fractions)
    digits = numbers.decimals(text)
    return digits > 0 and bool(siblings) and all(numbers.decimals(sibling) == digits for sibling in siblings)
