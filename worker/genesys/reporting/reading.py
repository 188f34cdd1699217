"""Reads the file of one report definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO
from zoneinfo import ZoneInfo

from worker.domain.gap_texts import GapPart
from worker.domain.rows import AgentDay, Gap, Queue, QueueInterval, SourceNote
from worker.genesys.api.shapes import GuideExport
from worker.genesys.reporting.agent_rows import agent_rows
from worker.genesys.reporting.columns import COLUMNS, MAY_EXCEED_ONE
from worker.genesys.reporting.definitions import Definition
from worker.genesys.reporting.gaps import foreign_encoding_gaps, missing_queue_gaps, partial_gaps
from worker.genesys.reporting.queue_rows import queue_rows
from worker.genesys.source import Order
from worker.genesys.tables.columns import TableColumn
from worker.genesys.tables.table import Table

RELABEL = "Make the labels of the report definition those of the file."
"""What helps where the columns of a file are not those of its definition."""


@dataclass(frozen=True, slots=True)
class FileRows:
    """What the file of one definition gives."""

    intervals: tuple[QueueInterval, ...]
    agents: tuple[AgentDay, ...]
    gaps: tuple[Gap, ...]
    note: SourceNote


def read_file(
    order: Order, definition: Definition, export: GuideExport, queues: tuple[Queue, ...], file: IO[bytes]
) -> FileRows:
    """Return the rows of a file by queue or by agent, as its definition says."""
    label = GapPart.REPORT_FILE.value.format(name=definition.name)
    table = Table(file, table_columns(definition), label, ZoneInfo(order.zone), way_out=RELABEL)
    if definition.by_agent:
        people = agent_rows(table, order, definition.statements)
        gaps = (*partial_gaps(definition, export), *people.gaps)
        return FileRows((), people.agents, gaps, _note(definition, export, len(people.agents)))
    by_queue = queue_rows(table, order, queues, definition.statements)
    missing_queues = missing_queue_gaps(definition, by_queue.unknown_names, by_queue.intervals, queues)
    encoding_gaps = (
        foreign_encoding_gaps(label, by_queue.unknown_names, by_queue.intervals, queues)
        if table.is_windows_1252
        else ()
    )
    gaps = (*partial_gaps(definition, export), *by_queue.gaps, *missing_queues, *encoding_gaps)
    return FileRows(by_queue.intervals, (), gaps, _note(definition, export, len(by_queue.intervals)))


def pdf_rows(definition: Definition, export: GuideExport) -> FileRows:
    """Return no rows, for a file that is kept as the source's own document."""
    return FileRows((), (), tuple(partial_gaps(definition, export)), _note(definition, export, 0))


def table_columns(definition: Definition) -> list[TableColumn]:
    """Return the columns to look for in the definition's file, each under its id or its label."""
    return [
        TableColumn(
            column.id,
            COLUMNS[column.id],
            (column.id, column.label or ""),
            may_exceed_one=column.id in MAY_EXCEED_ONE,
        )
        for column in definition.columns
    ]


def _note(definition: Definition, export: GuideExport, rows: int) -> SourceNote:
    status = f"{export.status}, partial" if export.partial else export.status
    return SourceNote(f"report {definition.name}", export.export_id, rows, status)
