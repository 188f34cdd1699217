"""The views of reporting exports: their columns, and how a row fills them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sandbox.figures.conversations import Tallies, count, service_level
from sandbox.figures.tables import AgentSums
from sandbox.scenario.file_options import Unit


class RowFigures(NamedTuple):
    """The figures of a row: tallies of calls, sums of agents, and the target (a fraction, None if queues differ)."""

    tallies: Tallies
    agents: AgentSums
    target: float | None


_Value = Callable[[RowFigures], float | None]


class Column(NamedTuple):
    """A column of a view: id in ``selectedColumns``, en-us header, unit and value."""

    id: str
    header: str
    unit: Unit
    value: _Value


def _count(metric: str) -> _Value:
    return lambda row: count(row.tallies, metric)


def _share(part: str, whole: str) -> _Value:
    return lambda row: count(row.tallies, part) / count(row.tallies, whole) if count(row.tallies, whole) else None


def _mean(metric: str) -> _Value:
    return lambda row: row.tallies[metric].sum / row.tallies[metric].count if metric in row.tallies else None


def _sum(metric: str) -> _Value:
    return lambda row: row.tallies[metric].sum if metric in row.tallies else None


def _time(*statuses: str) -> _Value:
    return lambda row: sum(row.agents.status.get(status, 0) for status in statuses)


def _target(row: RowFigures) -> float | None:
    """Return the target of a row with contacts. In the queries ``oServiceTarget`` comes only with other metrics."""
    return row.target if row.tallies else None


def _service_level(row: RowFigures) -> float | None:
    in_time, concluded = service_level(row.tallies)
    return in_time / concluded if concluded else None


_TIMES = (
    Column("AVG_HANDLE_TIME", "Avg Handle", "mean", _mean("tHandle")),
    Column("AVG_TALK_TIME", "Avg Talk", "mean", _mean("tTalkComplete")),
    Column("AVG_HOLD_TIME", "Avg Hold", "mean", _mean("tHeldComplete")),
    Column("AVG_ACW_TIME", "Avg ACW", "mean", _mean("tAcw")),
)
QUEUE_COLUMNS = (
    Column("OFFERED_COUNT", "Offer", "count", _count("nOffered")),
    Column("ANSWERED_COUNT", "Answer", "count", _count("tAnswered")),
    Column("ANSWERED_PERCENT", "Answer %", "share", _share("tAnswered", "nOffered")),
    Column("ABANDONED_COUNT", "Abandon", "count", _count("tAbandon")),
    Column("ABANDONED_PERCENT", "Abandon %", "share", _share("tAbandon", "nOffered")),
    Column("AVG_ANSWER_TIME", "ASA", "mean", _mean("tAnswered")),
    Column("SERVICE_LEVEL", "Service Level %", "level", _service_level),
    Column("SERVICE_LEVEL_TARGET", "Service Level Target %", "target", _target),
    Column("AVG_WAIT_TIME", "Avg Wait", "mean", _mean("tWait")),
    *_TIMES,
    Column("HELD_COUNT", "Hold", "count", _count("tHeldComplete")),
    Column("TRANSFERRED_COUNT", "Transfer", "count", _count("nTransferred")),
    Column("SHORT_ABANDONED_COUNT", "Short Abandon", "count", _count("tShortAbandon")),
    Column("OVER_SERVICE_LEVEL", "Over Service Level", "count", _count("nOverSla")),
    Column("MET_SERVICE_LEVEL", "Met Service Level", "count", lambda row: service_level(row.tallies)[0]),
    Column("FLOWOUT_COUNT", "Flow-Out", "count", _count("tFlowOut")),
    Column("HANDLED_COUNT", "Handle", "count", _count("tHandle")),
)
STATUS_COLUMNS = (
    Column(
        "LOGGED_IN_TIME",
        "Logged In",
        "time",
        _time("IDLE", "INTERACTING", "COMMUNICATING", "NOT_RESPONDING", "OFF_QUEUE"),
    ),
    Column("ON_QUEUE_TIME", "On Queue", "time", _time("IDLE", "INTERACTING", "COMMUNICATING", "NOT_RESPONDING")),
    Column("IDLE_TIME", "Idle", "time", _time("IDLE")),
    Column("OFF_QUEUE_TIME", "Off Queue", "time", _time("OFF_QUEUE")),
    Column("INTERACTING_TIME", "Interacting", "time", _time("INTERACTING")),
    Column("COMMUNICATING_TIME", "Communicating", "time", _time("COMMUNICATING")),
    Column("OCCUPANCY_PERCENT", "Occupancy", "share", lambda row: row.agents.occupancy),
)
PERFORMANCE_COLUMNS = (
    Column("HANDLED_COUNT", "Handle", "count", _count("tHandle")),
    *_TIMES,
    Column("TOTAL_HANDLE_TIME", "Total Handle", "time", _sum("tHandle")),
)


class View(NamedTuple):
    """A view: rows per queue or per agent, for the whole interval or for each period (``detail``).

    A request that selects no columns gets the first ``default_columns``.
    """

    subject: str
    detail: bool
    columns: tuple[Column, ...]
    filters: tuple[str, ...]
    default_columns: int | None = None

    @property
    def leading(self) -> list[str]:
        """The headers of the first columns of every row."""
        media = [] if self.columns is STATUS_COLUMNS else ["Media Type"]
        names = ["Queue Id", "Queue Name"] if self.subject == "queue" else ["Agent Id", "Agent Name"]
        return ["Interval Start", "Interval End", "Interval Complete", "Filters", *media, *names]


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


def duration(ms: float | None, duration_format: str) -> Any:
    """Return a duration as ``durationFormat`` writes it, whole milliseconds by default."""
    if ms is None:
        return None
    minutes, seconds = divmod(round(ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    if duration_format == "Hhmmss":
        return f"{hours:02}:{minutes:02}:{seconds:02}"
    if duration_format == "Hms":
        return f"{hours}h {minutes}m {seconds}s"
    return round(ms / 1000) if duration_format == "Seconds" else round(ms)
