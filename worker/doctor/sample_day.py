"""Read a sample as the source `reporting` reads the file of a day, to show what a briefing would say it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from worker.domain.calendar.business_day import window_of
from worker.domain.groups import Group
from worker.domain.rows import Gap, Queue, Window
from worker.genesys.reporting.agent_rows import agent_rows
from worker.genesys.reporting.queue_rows import queue_rows
from worker.genesys.source import Order
from worker.genesys.tables.columns import Statements
from worker.genesys.tables.media import medium_of
from worker.genesys.tables.table import Row, Table
from worker.genesys.tables.totals import has_total_word

_ANY_DAY = date(2026, 1, 5)
"""For a file without times."""


def gaps_of_day(table: Table, rows: Sequence[Row], statements: Statements, group: Group | None) -> Iterator[Gap]:
    """Yield the gaps of the file's first day. Raises what the source would raise. Without a group, of all queues."""
    order = _order(table, rows, group)
    if table.has_column("agentName"):
        yield from agent_rows(table, order, statements).gaps
    elif table.has_column("queueName"):
        yield from queue_rows(table, order, [Queue(name, name) for name in order.queues], statements).gaps


def _order(table: Table, rows: Sequence[Row], group: Group | None) -> Order:
    queues: tuple[str, ...]
    media: tuple[str, ...]
    if group:
        queues, media = tuple(group.queues), tuple(group.media)
    else:
        names = dict.fromkeys(row.text("queueName") for row in rows)
        queues = tuple(name for name in names if not has_total_word(name))
        labels = dict.fromkeys(row.text("mediaType") for row in rows)
        media = tuple(medium_of(label) for label in labels if not has_total_word(label)) or ("voice",)
    return Order("sample", _window(table, rows, group), table.zone.key, queues, media)


def _window(table: Table, rows: Sequence[Row], group: Group | None) -> Window:
    """Return the day of the first time. Without a group the zone is not known, so the window has all times."""
    has_times = table.has_column("intervalStart")
    instants = (table.instant(row, "intervalStart") for row in rows if has_times)
    starts = sorted(instant for instant in instants if isinstance(instant, datetime))
    if not starts:
        return window_of(_ANY_DAY, table.zone)
    window = window_of(starts[0].astimezone(table.zone).date(), table.zone)
    return window if group else Window(window.start, max(window.end, starts[-1] + timedelta(minutes=30)))
