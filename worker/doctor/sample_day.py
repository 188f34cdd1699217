"""Read a sample as the sources `reporting` and `exports` read the file of a day, to show what a briefing would lack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from worker.domain.calendar.business_day import window_of
from worker.domain.gap_texts import GapPart, GapText
from worker.domain.groups import Group
from worker.domain.metrics import Metric
from worker.domain.rows import Gap, Queue, Window, gap
from worker.genesys.exports.agents import agent_times
from worker.genesys.exports.rows import queue_intervals, unfinished
from worker.genesys.gaps import percent_only_gaps
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


def gaps_of_export(table: Table, rows: Sequence[Row], group: Group) -> Iterator[Gap]:
    """Yield the gaps of an export's first day. Raises what the source would raise.

    An export names its queues by id too, so the ids are those of the group's rows.
    """
    order = _order(table, rows, group)
    if table.has_column("agentId"):
        yield from unfinished(table, GapPart.EXPORT_OF_AGENTS.value)
        yield from agent_times(table, order, {row.text("agentId") for row in rows}).gaps
        if not table.has_column("communicatingMs"):
            yield gap("unavailable", GapText.COMMUNICATING_MISSING, Metric.OCCUPANCY.value)
        return
    yield from unfinished(table, GapPart.EXPORT_OF_QUEUES.value)
    queue_ids = {row.text("queueId") for row in rows if ";" not in row.text("queueId")}
    intervals, gaps = queue_intervals(table, order, queue_ids)
    yield from gaps
    yield from percent_only_gaps(intervals, ())


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
