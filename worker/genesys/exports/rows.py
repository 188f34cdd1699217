"""From the files of an order's exports to rows: by queue and half-hour from one view, by agent from another.

What did not happen is an empty cell, so within a row that is there an empty count is 0; a column that is not there at
all stays unknown. Averages become sums where the count behind them is told, and are left out where it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from worker.domain.metrics import Metric
from worker.domain.rows import Gap, QueueInterval
from worker.genesys.reporting.rows import placed, start_of
from worker.genesys.reporting.table import ReportTable, TableRow
from worker.genesys.source import Order

_FLOAT_ERROR = 1e-9


@dataclass(frozen=True, slots=True)
class Told:
    """What a row tells: counts, the service level as a fraction, and answered in time if that is told as a count.

    ``has_level``: the row's queue has a service level elsewhere in the file, so that an empty cell stands for 0.
    """

    answered: int
    abandoned: int
    short_abandoned: int
    flowed_out: int
    fraction: float | None
    in_time: int | None = None
    has_level: bool = False


Parts = tuple[int, int]
"""Numerator and denominator."""

_DENOMINATORS: tuple[Callable[[Told], int], ...] = (
    lambda row: row.answered + row.abandoned,
    lambda row: row.answered + row.abandoned - row.short_abandoned,
    lambda row: row.answered + row.abandoned + row.flowed_out,
    lambda row: row.answered + row.abandoned - row.short_abandoned + row.flowed_out,
    lambda row: row.answered,
    lambda row: row.answered + row.flowed_out,
)
"""As the organisation's switches allow them, the platform's default first."""


def counted(rows: Sequence[Told], step: float) -> list[Parts | None] | None:
    """Numerator and denominator by row, None for a row without a service level; None if the rows do not tell.

    ``step`` is the least difference that the percentages write, as a fraction.
    """
    for denominator in _DENOMINATORS:
        found = [_parts(row, denominator(row), step / 2 + _FLOAT_ERROR) for row in rows]
        if all(parts is not None or row.fraction is None for parts, row in zip(found, rows, strict=True)):
            return found
    return None


def _parts(row: Told, whole: int, tolerance: float) -> Parts | None:
    """The one pair whose quotient is the row's fraction."""
    if whole <= 0:
        return None
    if row.fraction is None:
        return (0, whole) if row.has_level and not row.in_time else None
    if row.in_time is None and tolerance * whole >= 0.5:
        return None
    in_time = round(row.fraction * whole) if row.in_time is None else row.in_time
    fits = in_time <= row.answered and abs(in_time / whole - row.fraction) <= tolerance
    return (in_time, whole) if fits else None


_JOINED = ";"
"""Between the ids in a row that adds several queues up."""

_COUNTS = ("offered", "answered", "abandoned", "shortAbandoned", "flowedOut", "handled")


class _Placed(NamedTuple):
    row: TableRow
    queue_id: str
    media: str
    start: datetime | None


def queue_intervals(
    table: ReportTable, order: Order, queue_ids: Collection[str], zone: ZoneInfo
) -> list[QueueInterval]:
    """Half-hours of the queues; rows that add several up are dropped, for they would count twice.

    `MalformedAnswer` where the file has only such rows.
    """
    rows = [one for one in _placed(table, order, queue_ids, zone) if _says_something(one.row)]
    if not rows:
        _refuse_sums_alone(table)
    levels = _levels(table, rows)
    return [_interval(table, one, parts, levels.derived) for one, parts in zip(rows, levels.parts, strict=True)]


def _placed(table: ReportTable, order: Order, queue_ids: Collection[str], zone: ZoneInfo) -> Iterator[_Placed]:
    def queue_id_of(row: TableRow) -> str | None:
        told = row.text("queueId")
        return told if told in queue_ids and row.value("intervalStart") is not None else None

    return (_Placed(*one) for one in placed(table, order, queue_id_of, zone))


def _says_something(row: TableRow) -> bool:
    return any(row.whole(column) is not None for column in _COUNTS)


def _refuse_sums_alone(table: ReportTable) -> None:
    for row in table.rows():
        if _JOINED in row.text("queueId"):
            raise table.refuse(row.line, "the file adds the queues up instead of having rows for each")


def _interval(table: ReportTable, at: _Placed, parts: Parts | None, derived: bool) -> QueueInterval:
    count = _Counts(table, at.row)
    answered, handled = count.of("answered"), count.of("handled")
    fraction = at.row.real("serviceLevel")
    return QueueInterval(
        queue_id=at.queue_id,
        media_type=at.media,
        start=at.start,
        offered=count.of("offered"),
        answered=answered,
        answered_late=_late(at.row, parts, answered),
        abandoned=count.of("abandoned"),
        short_abandoned=count.of("shortAbandoned"),
        flowed_out=count.of("flowedOut"),
        service_level_numerator=parts[0] if parts else None,
        service_level_denominator=parts[1] if parts else None,
        handled=handled,
        handle_ms=_total_ms(at.row.real("averageHandleMs"), handled),
        answer_ms=_total_ms(at.row.real("averageAnswerMs"), answered),
        stated={} if derived or fraction is None else {Metric.SERVICE_LEVEL.value: fraction},
    )


def _late(row: TableRow, parts: Parts | None, answered: int | None) -> int | None:
    """None where contacts ended but no service level is known: that none was late is then not known either."""
    if parts is not None and answered is not None:
        return answered - parts[0]
    return None if answered or row.whole("abandoned") else 0


class _Counts:
    """The counts of one row."""

    def __init__(self, table: ReportTable, row: TableRow) -> None:
        self._table = table
        self._row = row

    def of(self, column: str) -> int | None:
        """An empty cell is 0, a column that is not there is unknown."""
        return (self._row.whole(column) or 0) if self._table.has(column) else None


class _Levels(NamedTuple):
    parts: Sequence[Parts | None]
    derived: bool


def _levels(table: ReportTable, rows: Sequence[_Placed]) -> _Levels:
    """Numerators and denominators by row, if the file's percentages and counts tell them."""
    nothing = _Levels([None] * len(rows), derived=False)
    if not table.has("serviceLevel"):
        return nothing
    with_level = {(one.queue_id, one.media) for one in rows if one.row.real("serviceLevel") is not None}
    told = [_told(table, one.row, (one.queue_id, one.media) in with_level) for one in rows]
    found = counted(told, table.step("serviceLevel"))
    return nothing if found is None else _Levels(found, derived=True)


def _told(table: ReportTable, row: TableRow, has_level: bool) -> Told:
    count = _Counts(table, row)
    answered, late = count.of("answered") or 0, count.of("late")
    return Told(
        answered,
        count.of("abandoned") or 0,
        count.of("shortAbandoned") or 0,
        count.of("flowedOut") or 0,
        row.real("serviceLevel"),
        answered - late if late is not None else count.of("inTime"),
        has_level,
    )


def _total_ms(average_ms: float | None, contacts: int | None) -> int | None:
    if contacts == 0:
        return 0
    return None if average_ms is None or contacts is None else round(average_ms * contacts)


def agent_times(table: ReportTable, order: Order, user_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """Milliseconds by routing status and user; who was never logged in is absent, several rows of one are added up."""
    times: dict[str, dict[str, int]] = {}
    for row in table.rows():
        user = row.text("agentId")
        if user in user_ids and start_of(table, row, order.window) is not None:
            there = times.setdefault(user, dict.fromkeys(_STATUSES, 0))
            for status, column in _STATUSES.items():
                there[status] += round(row.real(column) or 0)
    return times


_STATUSES: Mapping[str, str] = {
    "INTERACTING": "interactingMs",
    "COMMUNICATING": "communicatingMs",
    "IDLE": "idleMs",
}


def unfinished(table: ReportTable, what: str) -> Iterator[Gap]:
    """A gap where the source says of some row that its figures may still change."""
    late = sum(row.text("intervalComplete").casefold() == "false" for row in table.rows())
    if late:
        yield Gap("late_data", f"The source says that {late} rows of its {what} are not complete yet.")
