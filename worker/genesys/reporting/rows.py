"""From the tables of a run's exports to rows: by queue from one, by agent from another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from worker.domain.metrics import Metric
from worker.domain.rows import AgentDay, QueueInterval, Window
from worker.genesys.reporting import cells
from worker.genesys.reporting.table import ReportTable, TableRow
from worker.genesys.source import Order

ALL_MEDIA = "all"
"""The media type of a row that does not tell its own, where the order is for several."""

_MEDIA = {"call": "voice", "calls": "voice"}


def queue_rows(
    table: ReportTable, order: Order, ids_by_name: Mapping[str, str], zone: ZoneInfo
) -> Iterator[QueueInterval]:
    """Rows of the order's queues and media; see `placed`."""
    for row, queue_id, media, start in placed(table, order, lambda row: ids_by_name.get(row.text("queueName")), zone):
        yield _queue_interval(row, queue_id, media, start)


def placed(
    table: ReportTable, order: Order, queue_id_of: Callable[[TableRow], str | None], zone: ZoneInfo
) -> Iterator[tuple[TableRow, str, str, datetime | None]]:
    """Rows with their queue's id, media type and start; a sum line or a stranger's queue is passed over.

    `MalformedAnswer` where a half-hour is outside the window or stands twice: both would give wrong sums.
    """
    seen: set[tuple[str, str, datetime | None]] = set()
    for row in table.rows():
        queue_id, media = queue_id_of(row), _media(row, order)
        if queue_id is None or (media not in order.media and media != ALL_MEDIA):
            continue
        start = start_of(table, row, order.window)
        if (queue_id, media, start) in seen and start is not None:
            start = cells.second_reading(row.raw["intervalStart"], zone)
        if (queue_id, media, start) in seen:
            raise table.refuse(row.line, f"the queue {row.text('queueName')!r} stands twice for the same time")
        seen.add((queue_id, media, start))
        yield row, queue_id, media, start


def _media(row: TableRow, order: Order) -> str:
    told = row.text("mediaType").casefold()
    if ";" in told:
        return ALL_MEDIA
    if told:
        return _MEDIA.get(told, told)
    return order.media[0] if len(order.media) == 1 else ALL_MEDIA


def start_of(table: ReportTable, row: TableRow, window: Window) -> datetime | None:
    """When the row's half-hour begins; None where the file does not say."""
    start = row.value("intervalStart")
    if not isinstance(start, datetime):
        return None
    if not window.start <= start < window.end:
        raise table.refuse(
            row.line,
            f"{row.raw['intervalStart'].strip()!r} is not in the window {window.start.isoformat()} to "
            f"{window.end.isoformat()}, so these figures are of another day or in another zone",
        )
    return start


def _queue_interval(row: TableRow, queue_id: str, media: str, start: datetime | None) -> QueueInterval:
    offered, answered, abandoned = row.whole("offered"), row.whole("answered"), row.whole("abandoned")
    in_time, handled = row.whole("answeredInServiceLevel"), row.whole("handled")
    counted = in_time is not None and answered is not None and abandoned is not None
    return QueueInterval(
        queue_id=queue_id,
        media_type=media,
        start=start,
        offered=offered,
        answered=answered,
        answered_late=answered - in_time if answered is not None and in_time is not None else None,
        abandoned=abandoned,
        service_level_numerator=in_time if counted else None,
        service_level_denominator=(answered or 0) + (abandoned or 0) if counted else None,
        handled=handled,
        handle_ms=_total_ms(row.real("averageHandleSeconds"), handled),
        answer_ms=_total_ms(row.real("averageAnswerSeconds"), answered),
        stated=dict(_stated(row, counted=counted, abandonment=None not in (offered, abandoned))),
    )


def _total_ms(average_seconds: float | None, contacts: int | None) -> int | None:
    if contacts == 0:
        return 0
    return None if average_seconds is None or contacts is None else round(average_seconds * contacts * 1000)


def _stated(row: TableRow, *, counted: bool, abandonment: bool) -> Iterator[tuple[str, float]]:
    """Percentages whose counts are not there."""
    for column, metric, known in (
        ("serviceLevel", Metric.SERVICE_LEVEL, counted),
        ("abandonmentRate", Metric.ABANDONMENT, abandonment),
        ("occupancy", Metric.OCCUPANCY, False),
    ):
        value = row.real(column)
        if value is not None and not known:
            yield metric.value, value


def unknown_queue_names(table: ReportTable, known: Collection[str]) -> list[str]:
    """Names of queues in the file that the order does not know, e.g. because a queue was renamed."""
    return sorted({row.text("queueName") for row in table.rows()} - {*known, ""})


def agent_rows(table: ReportTable) -> Iterator[AgentDay]:
    """Agents by name, half-hours added up. Without half-hours, two rows of one name are two people of that name.

    ``queueName`` may list the agent's queues, with semicolons between; a row for each queue is refused, for an agent's
    time has no queue and would count several times.
    """
    days: dict[str, AgentDay] = {}
    for row in table.rows():
        name = row.text("agentName")
        if not name:
            continue
        day = _agent_day(row, name)
        if name in days and days[name].queues != day.queues:
            raise table.refuse(row.line, f"the agent {name!r} stands there for each queue; leave queueName out")
        if row.value("intervalStart") is not None and name in days:
            days[name] = _added(days[name], day)
        else:
            days[_free_key(days, name)] = day
    for key, day in days.items():
        yield replace(day, user_id=key)


def _free_key(taken: Mapping[str, AgentDay], name: str) -> str:
    key, number = name, 1
    while key in taken:
        number += 1
        key = f"{name} #{number}"
    return key


def _agent_day(row: TableRow, name: str) -> AgentDay:
    return AgentDay(
        user_id=name,
        name=name,
        queues=tuple(queue.strip() for queue in row.text("queueName").split(";") if queue.strip()),
        interacting_ms=_ms(row.real("interactingSeconds")),
        communicating_ms=_ms(row.real("communicatingSeconds")),
        idle_ms=_ms(row.real("idleSeconds")),
        scheduled_seconds=_rounded(row.real("scheduledSeconds")),
        exception_seconds=_rounded(row.real("exceptionSeconds")),
        exceptions=row.whole("exceptionCount"),
    )


def _added(one: AgentDay, other: AgentDay) -> AgentDay:
    return replace(
        one,
        interacting_ms=_sum(one.interacting_ms, other.interacting_ms),
        communicating_ms=_sum(one.communicating_ms, other.communicating_ms),
        idle_ms=_sum(one.idle_ms, other.idle_ms),
        scheduled_seconds=_sum(one.scheduled_seconds, other.scheduled_seconds),
        exception_seconds=_sum(one.exception_seconds, other.exception_seconds),
        exceptions=_sum(one.exceptions, other.exceptions),
    )


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def _rounded(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)
