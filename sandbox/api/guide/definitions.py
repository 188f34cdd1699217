"""Report definitions of the guide's API, which come in the body of an export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sandbox.records.instants import Span
from sandbox.scenario.file_options import Unit
from sandbox.wire.errors import ApiError, invalid
from sandbox.wire.times import read_instant, read_zone

COUNTS = ("offered", "answered", "answeredInServiceLevel", "abandoned", "handled")
QUEUE_COLUMNS = (
    "intervalStart",
    "mediaType",
    "offered",
    "answeredInServiceLevel",
    "abandoned",
    "serviceLevel",
    "abandonmentRate",
)
SHARED_COLUMNS = ("queueName", "answered", "handled", "averageHandleSeconds", "averageAnswerSeconds")
AGENT_COLUMNS = (
    *("occupancy", "interactingSeconds", "communicatingSeconds", "idleSeconds"),
    *("scheduledSeconds", "exceptionSeconds", "exceptionCount", "adherence"),
)
COLUMNS = ("agentName", *QUEUE_COLUMNS, *SHARED_COLUMNS, *AGENT_COLUMNS)
PERCENTS = ("serviceLevel", "abandonmentRate", "occupancy", "adherence")
UNITS: dict[str, Unit] = {
    **dict.fromkeys((*COUNTS, "exceptionCount"), "count"),
    **dict.fromkeys(("averageHandleSeconds", "averageAnswerSeconds"), "mean"),
    **dict.fromkeys(
        ("interactingSeconds", "communicatingSeconds", "idleSeconds", "scheduledSeconds", "exceptionSeconds"), "time"
    ),
    **dict.fromkeys(("abandonmentRate", "occupancy", "adherence"), "share"),
    "serviceLevel": "level",
}
"""By column. Columns without a unit are texts."""
FILTERS = ("queueName", "mediaType")


class Definition(NamedTuple):
    """A definition that can be exported. ``filters`` holds the allowed values by metric."""

    name: str
    columns: tuple[tuple[str, str], ...]
    filters: Mapping[str, tuple[str, ...]]
    span: Span
    zone: ZoneInfo
    format: str

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the columns, in order."""
        return tuple(column for column, _ in self.columns)


def read(body: Mapping[str, Any]) -> Definition:
    """Return the definition. Refuse a wrong one with a 400 that names the field."""
    if body.get("reportingType") != "summary":
        raise invalid("reportingType", f"only summary reports can be exported; found {body.get('reportingType')}")
    file_format = str(body.get("format", "CSV")).upper()
    if file_format not in ("CSV", "XLSX"):
        raise invalid("format", f"expected CSV or XLSX; found {file_format}")
    span = read_instant(body.get("dateFrom"), "dateFrom"), read_instant(body.get("dateTo"), "dateTo")
    if span[0] >= span[1]:
        raise invalid("dateTo", "dateTo must be after dateFrom")
    zone = read_zone(body.get("timeZone") or "UTC")
    return Definition(str(body.get("name", "report")), _columns(body), _filters(body), span, zone, file_format)


def _columns(body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    columns = tuple(_column(entry, n) for n, entry in enumerate(body.get("columns") or ()))
    ids = [column for column, _ in columns]
    if not columns or len(set(ids)) < len(ids):
        raise invalid("columns", "expected at least one column, each once")
    wrong = [column for column in ids if column in QUEUE_COLUMNS] if "agentName" in ids else []
    if wrong:
        raise invalid("columns", f"a row per agent (agentName) has no {', '.join(wrong)}")
    return columns


def _column(entry: Any, n: int) -> tuple[str, str]:
    column = entry.get("id") if isinstance(entry, Mapping) else entry
    if column not in COLUMNS:
        names = ", ".join(COLUMNS)
        raise ApiError(
            400,
            "invalid.column",
            f"Unknown column {{column}}; known are {names}",
            params={"column": str(column)},
            details=({"errorCode": "invalid.column", "fieldName": f"columns[{n}].id", "entityId": str(column)},),
        )
    return str(column), str(entry.get("label") or column)


def _filters(body: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    allowed: dict[str, tuple[str, ...]] = {}
    for n, entry in enumerate(body.get("filters") or ()):
        if not isinstance(entry, Mapping) or entry.get("metric") not in FILTERS:
            raise invalid(f"filters[{n}].metric", f"expected one of {', '.join(FILTERS)}")
        if entry.get("type") not in ("equals", "in"):
            raise invalid(f"filters[{n}].type", f"expected equals or in; found {entry.get('type')}")
        value = entry.get("value")
        values = tuple(str(choice) for choice in value) if isinstance(value, list) else (str(value),)
        allowed[entry["metric"]] = (*allowed.get(entry["metric"], ()), *values)
    return allowed
