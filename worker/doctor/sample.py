"""Show how a report file is read, column by column, before a group depends on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from worker.doctor.finding import Finding, of_error, ok, warning, wrong
from worker.doctor.sample_day import gaps_of_day, gaps_of_export
from worker.domain.groups import Group
from worker.errors import MalformedAnswer, StandupError
from worker.genesys.exports.rows import level_figures
from worker.genesys.exports.views import AGENT_VIEW, QUEUE_VIEW
from worker.genesys.reporting.columns import COLUMNS, MAY_EXCEED_ONE
from worker.genesys.reporting.definitions import definition_text, read_definitions
from worker.genesys.reporting.queue_rows import counts_beside
from worker.genesys.reporting.reading import RELABEL, table_columns
from worker.genesys.tables.columns import Statements, TableColumn
from worker.genesys.tables.figure_gaps import ambiguity, ambiguous_gaps, impossible_gaps, refuse_ambiguity_alone
from worker.genesys.tables.figures import STATE_SCALE, Figures, Outcome, describe_column
from worker.genesys.tables.limits import shorten
from worker.genesys.tables.names import NameIndex
from worker.genesys.tables.table import Row, Table

_UTC = ZoneInfo("UTC")
NOTHING_STATED = Statements()


@dataclass(frozen=True, slots=True)
class _Layout:
    """Columns that a file may have, and what their definition states."""

    columns: Sequence[TableColumn]
    statements: Statements = NOTHING_STATED
    is_export: bool = False

    def figures(self, table: Table, rows: Sequence[Row]) -> Figures:
        """Return the figures of the rows as the group's source reads them."""
        if self.is_export:
            return level_figures(table, rows)
        return Figures(table, rows, self.statements, counts_beside)


def examine(path: Path, group: Group | None) -> Iterator[Finding]:
    """Yield a finding for each column of a file, and for what a briefing would say that the file lacks.

    The columns are those of the group's report definitions or views. Without a group they are all that are known.
    """
    area = f"sample {path.name}"
    try:
        layouts = _layouts(group)
        with path.open("rb") as file:
            table, layout = _first_fit(file, f"The file {path.name}", layouts, group.tz if group else _UTC)
            yield from _columns(area, table, layout, group)
    except OSError as error:
        yield wrong(area, f"The file cannot be read ({error.strerror}).", "Check the path.")
    except StandupError as error:
        yield of_error(area, error)


def _layouts(group: Group | None) -> list[_Layout]:
    if group is None or group.source == "queries":
        columns = [
            TableColumn(column, kind, (column,), required=False, may_exceed_one=column in MAY_EXCEED_ONE)
            for column, kind in COLUMNS.items()
        ]
        return [_Layout([*columns, *(replace(column, required=False) for column in _view_columns())])]
    if group.source == "exports":
        return [_Layout(view.columns, is_export=True) for view in (QUEUE_VIEW, AGENT_VIEW)]
    definitions = read_definitions(definition_text(group.report or ""), group.report or "")
    return [
        _Layout(table_columns(definition), definition.statements) for definition in definitions if not definition.is_pdf
    ]


def _view_columns() -> Iterator[TableColumn]:
    ids = set(COLUMNS)
    for column in (*QUEUE_VIEW.columns, *AGENT_VIEW.columns):
        if column.id not in ids:
            ids.add(column.id)
            yield column


def _first_fit(file: IO[bytes], label: str, layouts: Sequence[_Layout], zone: ZoneInfo) -> tuple[Table, _Layout]:
    """Return the file read by the first layout whose columns it has. Else the first layout's error."""
    errors: list[MalformedAnswer] = []
    for layout in layouts:
        try:
            return Table(file, layout.columns, label, zone, way_out=RELABEL), layout
        except MalformedAnswer as error:
            errors.append(error)
    raise errors[0]


def _columns(area: str, table: Table, layout: _Layout, group: Group | None) -> Iterator[Finding]:
    rows = list(table.rows())
    own_rows = _rows_of_group(table, rows, group)
    if not own_rows:
        yield warning(area, f"None of the {len(rows)} rows is of the group's queues.", "Check names and filters.")
        own_rows = rows
    yield ok(area, f"{len(rows)} rows, {len(own_rows)} of them read, cells between {_delimiter(table)}")
    figures = layout.figures(table, own_rows)
    refuse_ambiguity_alone(figures)
    for column in table.columns.values():
        if table.has_column(column.id):
            words = f"{_words(figures, column)}{_blanks(figures, column, layout)}"
            yield ok(area, f"{table.header_of(column.id)!r} is {column.id}: {words}")
    for column_id in figures.ambiguous:
        yield wrong(area, f"{ambiguity(figures, column_id)}.", STATE_SCALE)
    for column_id, places in figures.impossible.items():
        largest = table.columns[column_id].largest_fraction * 100
        fact = f"{places[0]} in the column {column_id} is more than {largest:.0f} %."
        yield warning(area, fact, "Check it at its source.")
    yield from _gaps(area, figures, layout, group)


def _gaps(area: str, figures: Figures, layout: _Layout, group: Group | None) -> Iterator[Finding]:
    """Yield a finding for each gap of the day that the findings about columns do not have."""
    shown_details = {gap.detail for gap in (*ambiguous_gaps(figures, {}), *impossible_gaps(figures, {}))}
    if layout.is_export and group:
        gaps = gaps_of_export(figures.table, figures.rows, group)
    else:
        gaps = gaps_of_day(figures.table, figures.rows, layout.statements, group)
    for gap in gaps:
        if gap.detail not in shown_details:
            yield warning(area, gap.detail, "The briefing will say so too.")


def _rows_of_group(table: Table, rows: Sequence[Row], group: Group | None) -> Sequence[Row]:
    if group is None or not table.has_column("queueName") or table.has_column("agentName"):
        return rows
    names = NameIndex({queue: queue for queue in group.queues})
    return [row for row in rows if names.find(row.raw("queueName"))]


def _words(figures: Figures, column: TableColumn) -> str:
    if column.is_figure:
        return describe_column(figures, column.id)
    texts = [row.raw(column.id).strip() for row in figures.rows]
    present = [text for text in texts if text]
    if column.kind == "instant":
        for row in figures.rows:
            figures.table.instant(row, column.id)
    example = f", for example {shorten(present[0])!r}" if present else ""
    blank = f", {len(texts) - len(present)} blank" if len(present) < len(texts) else ""
    return f"{column.kind}{example}{blank}"


def _blanks(figures: Figures, column: TableColumn, layout: _Layout) -> str:
    """Return what blank cells of an export mean. In a report the definition or the counts decide."""
    if not (layout.is_export and column.is_figure):
        return ""
    if all(figures.figure(row, column.id).outcome is not Outcome.BLANK for row in figures.rows):
        return ""
    if column.id == "averageHandleMs":
        return ", where blank is not known if contacts were handled"
    return ", where blank is 0 if the row has contacts" if column.id == "serviceLevel" else ", where blank is 0"


def _delimiter(table: Table) -> str:
    return {"": "worksheet columns", ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}[table.delimiter]
