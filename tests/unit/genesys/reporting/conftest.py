"""Files of reports as texts, and the order that they answer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from worker.domain.rows import Queue, QueueInterval, Window
from worker.genesys.reporting.agent_rows import AgentRows, agent_rows
from worker.genesys.reporting.columns import COLUMNS, MAY_EXCEED_ONE
from worker.genesys.reporting.queue_rows import QueueRows, queue_rows
from worker.genesys.source import Order
from worker.genesys.tables.columns import Statements, TableColumn
from worker.genesys.tables.table import Table

ZONE = ZoneInfo("America/New_York")
GUIDE = ("queueName", "serviceLevel", "abandonmentRate", "occupancy")
COUNTS = ("queueName", "offered", "answered", "answeredInServiceLevel", "abandoned")
MEDIA = ("queueName", "mediaType", "offered", "answered", "abandoned")
NOTHING_STATED = Statements()
AGENTS = ("agentName", "interactingSeconds", "communicatingSeconds", "idleSeconds", "scheduledSeconds")


def order_of(media: Sequence[str] = ("voice",)) -> Order:
    """An order for Monday, 16 November 2026, in New York."""
    window = Window(datetime(2026, 11, 16, tzinfo=ZONE), datetime(2026, 11, 17, tzinfo=ZONE))
    return Order(name="standup-support", window=window, zone=ZONE.key, queues=("Support",), media=tuple(media))


def csv_of(columns: Sequence[str], *lines: str, delimiter: str = ",") -> bytes:
    """A text file with a header."""
    return "".join(f"{line}\n" for line in (delimiter.join(columns), *lines)).encode()


def sheet_of(*rows: Sequence[object]) -> bytes:
    """A workbook of one tab."""
    return book_of({"Report": rows})


def book_of(tabs: dict[str, Sequence[Sequence[object]]]) -> bytes:
    """A workbook with several tabs."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in tabs.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def table_of(content: bytes, columns: Sequence[str]) -> Table:
    """A file as it is read."""
    wanted_columns = [
        TableColumn(column, COLUMNS[column], (column,), may_exceed_one=column in MAY_EXCEED_ONE) for column in columns
    ]
    return Table(io.BytesIO(content), wanted_columns, "The file", ZONE, way_out="Relabel.")


def queues_in(
    content: bytes,
    columns: Sequence[str],
    queues: Sequence[str] = ("Support",),
    media: Sequence[str] = ("voice",),
    statements: Statements = NOTHING_STATED,
) -> QueueRows:
    """What is read of the queues, whose ids are their names."""
    order_queues = [Queue(name, name) for name in queues]
    return queue_rows(table_of(content, columns), order_of(media), order_queues, statements)


def only_interval(rows: QueueRows) -> QueueInterval:
    """The only row."""
    (interval,) = rows.intervals
    return interval


def agents_in(content: bytes, columns: Sequence[str] = AGENTS, statements: Statements = NOTHING_STATED) -> AgentRows:
    """What is read of agents."""
    return agent_rows(table_of(content, columns), order_of(), statements)
