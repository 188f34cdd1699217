"""The views that reporting exports offer here: their columns, and how a row fills them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sandbox.figures import Tallies, count, service_level
from sandbox.tables import People


class Subject(NamedTuple):
    """What a row is about: its tallies, its people's sums, and the target (a fraction, None where mixed)."""

    sums: Tallies
    people: People
    target: float | None


class Column(NamedTuple):
    """A column of a view: id in ``selectedColumns``, en-us header, unit (count, ms, percent), value."""

    id: str
    header: str
    unit: str
    value: Callable[[Subject], float | None]


def _counts(metric: str) -> Callable[[Subject], float | None]:
    return lambda row: count(row.sums, metric)


def _share(part: str, whole: str) -> Callable[[Subject], float | None]:
    return lambda row: count(row.sums, part) / count(row.sums, whole) if count(row.sums, whole) else None


def _mean(metric: str) -> Callable[[Subject], float | None]:
    return lambda row: row.sums[metric].sum / row.sums[metric].count if metric in row.sums else None


def _sum(metric: str) -> Callable[[Subject], float | None]:
    return lambda row: row.sums[metric].sum if metric in row.sums else None


def _spent(*statuses: str) -> Callable[[Subject], float | None]:
    return lambda row: sum(row.people.status.get(status, 0) for status in statuses)


def _level(row: Subject) -> float | None:
    in_time, concluded = service_level(row.sums)
    return in_time / concluded if concluded else None


_TIMES = (
    Column("AVG_HANDLE_TIME", "Avg Handle", "ms", _mean("tHandle")),
    Column("AVG_TALK_TIME", "Avg Talk", "ms", _mean("tTalkComplete")),
    Column("AVG_HOLD_TIME", "Avg Hold", "ms", _mean("tHeldComplete")),
    Column("AVG_ACW_TIME", "Avg ACW", "ms", _mean("tAcw")),
)
QUEUE_COLUMNS = (
    Column("OFFERED_COUNT", "Offer", "count", _counts("nOffered")),
    Column("ANSWERED_COUNT", "Answer", "count", _counts("tAnswered")),
    Column("ANSWERED_PERCENT", "Answer %", "percent", _share("tAnswered", "nOffered")),
    Column("ABANDONED_COUNT", "Abandon", "count", _counts("tAbandon")),
    Column("ABANDONED_PERCENT", "Abandon %", "percent", _share("tAbandon", "nOffered")),
    Column("AVG_ANSWER_TIME", "ASA", "ms", _mean("tAnswered")),
    Column("SERVICE_LEVEL", "Service Level %", "percent", _level),
    Column("SERVICE_LEVEL_TARGET", "Service Level Target %", "percent", lambda row: row.target),
    Column("AVG_WAIT_TIME", "Avg Wait", "ms", _mean("tWait")),
    *_TIMES,
    Column("HELD_COUNT", "Hold", "count", _counts("tHeldComplete")),
    Column("TRANSFERRED_COUNT", "Transfer", "count", _counts("nTransferred")),
    Column("SHORT_ABANDONED_COUNT", "Short Abandon", "count", _counts("tShortAbandon")),
    Column("OVER_SERVICE_LEVEL", "Over Service Level", "count", _counts("nOverSla")),
    Column("MET_SERVICE_LEVEL", "Met Service Level", "count", lambda row: service_level(row.sums)[0]),
    Column("FLOWOUT_COUNT", "Flow-Out", "count", _counts("tFlowOut")),
    Column("HANDLED_COUNT", "Handle", "count", _counts("tHandle")),
)
STATUS_COLUMNS = (
    Column(
        "LOGGED_IN_TIME",
        "Logged In",
        "ms",
        _spent("IDLE", "INTERACTING", "COMMUNICATING", "NOT_RESPONDING", "OFF_QUEUE"),
    ),
    Column("ON_QUEUE_TIME", "On Queue", "ms", _spent("IDLE", "INTERACTING", "COMMUNICATING", "NOT_RESPONDING")),
    Column("IDLE_TIME", "Idle", "ms", _spent("IDLE")),
    Column("OFF_QUEUE_TIME", "Off Queue", "ms", _spent("OFF_QUEUE")),
    Column("INTERACTING_TIME", "Interacting", "ms", _spent("INTERACTING")),
    Column("COMMUNICATING_TIME", "Communicating", "ms", _spent("COMMUNICATING")),
    Column("OCCUPANCY_PERCENT", "Occupancy", "percent", lambda row: row.people.occupancy),
)
PERFORMANCE_COLUMNS = (
    Column("HANDLED_COUNT", "Handle", "count", _counts("tHandle")),
    *_TIMES,
    Column("TOTAL_HANDLE_TIME", "Total Handle", "ms", _sum("tHandle")),
)


class View(NamedTuple):
    """A view: rows per queue or per agent, in one bucket or one for each period; the ``usual`` columns come unasked."""

    about: str
    detail: bool
    columns: tuple[Column, ...]
    filters: tuple[str, ...]
    usual: int | None = None

    @property
    def leading(self) -> list[str]:
        """The headers that every row begins with."""
        media = [] if self.columns is STATUS_COLUMNS else ["Media Type"]
        subject = ["Queue Id", "Queue Name"] if self.about == "queue" else ["Agent Id", "Agent Name"]
        return ["Interval Start", "Interval End", "Interval Complete", "Filters", *media, *subject]


_QUEUE_FILTERS = ("queueIds", "mediaTypes", "divisionIds", "directions")
_AGENT_FILTERS = ("userIds", "filterUsersByQueueIds", "managementUnitIds", "divisionIds", "mediaTypes", "queueIds")
VIEWS = {
    "QUEUE_PERFORMANCE_SUMMARY_VIEW": View("queue", False, QUEUE_COLUMNS, _QUEUE_FILTERS, -4),
    "QUEUE_PERFORMANCE_DETAIL_VIEW": View("queue", True, QUEUE_COLUMNS, _QUEUE_FILTERS, -4),
    "AGENT_STATUS_SUMMARY_VIEW": View("agent", False, STATUS_COLUMNS, _AGENT_FILTERS, -2),
    "AGENT_STATUS_DETAIL_VIEW": View("agent", True, STATUS_COLUMNS, _AGENT_FILTERS, -2),
    "AGENT_PERFORMANCE_SUMMARY_VIEW": View("agent", False, PERFORMANCE_COLUMNS, _AGENT_FILTERS),
    "AGENT_PERFORMANCE_DETAIL_VIEW": View("agent", True, PERFORMANCE_COLUMNS, _AGENT_FILTERS),
}
"""By ``viewType``."""


def duration(ms: float | None, form: str) -> Any:
    """As ``durationFormat`` writes it; whole milliseconds by default."""
    if ms is None:
        return None
    minutes, seconds = divmod(round(ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    if form == "Hhmmss":
        return f"{hours:02}:{minutes:02}:{seconds:02}"
    if form == "Hms":
        return f"{hours}h {minutes}m {seconds}s"
    return round(ms / 1000) if form == "Seconds" else round(ms)
