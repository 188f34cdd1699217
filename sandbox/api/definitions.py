"""Report definitions of the guide's wire, as the body of an export brings them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sandbox.errors import ApiError, invalid
from sandbox.instants import read_instant, read_zone
from sandbox.spans import Span

COUNTS = ("offered", "answered", "answeredInServiceLevel", "abandoned", "handled")
OF_QUEUES = (
    "intervalStart",
    "mediaType",
    "offered",
    "answeredInServiceLevel",
    "abandoned",
    "serviceLevel",
    "abandonmentRate",
)
OF_ALL = ("queueName", "answered", "handled", "averageHandleSeconds", "averageAnswerSeconds")
OF_PEOPLE = (
    *("occupancy", "interactingSeconds", "communicatingSeconds", "idleSeconds"),
    *("scheduledSeconds", "exceptionSeconds", "exceptionCount", "adherence"),
)
COLUMNS = ("agentName", *OF_QUEUES, *OF_ALL, *OF_PEOPLE)
PERCENTS = ("serviceLevel", "abandonmentRate", "occupancy", "adherence")
FILTERS = ("queueName", "mediaType")


class Definition(NamedTuple):
    """A definition that can be exported; ``filters`` holds the allowed values by metric."""

    name: str
    columns: tuple[tuple[str, str], ...]
    filters: Mapping[str, tuple[str, ...]]
    span: Span
    zone: ZoneInfo
    format: str

    @property
    def ids(self) -> tuple[str, ...]:
        """The columns' ids, in order."""
        return tuple(column for column, _ in self.columns)


def read(body: Mapping[str, Any]) -> Definition:
    """The definition, or a 400 that names what is wrong."""
    if body.get("reportingType") != "summary":
        raise invalid("reportingType", f"only summary reports can be exported; found {body.get('reportingType')}")
    form = str(body.get("format", "CSV")).upper()
    if form not in ("CSV", "XLSX"):
        raise invalid("format", f"expected CSV or XLSX; found {form}")
    span = read_instant(body.get("dateFrom"), "dateFrom"), read_instant(body.get("dateTo"), "dateTo")
    if span[0] >= span[1]:
        raise invalid("dateTo", "dateTo must be after dateFrom")
    zone = read_zone(body.get("timeZone") or "UTC")
    return Definition(str(body.get("name", "report")), _columns(body), _filters(body), span, zone, form)


def _columns(body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found = tuple(_column(one, n) for n, one in enumerate(body.get("columns") or ()))
    ids = [column for column, _ in found]
    if not found or len(set(ids)) < len(ids):
        raise invalid("columns", "expected at least one column, each once")
    wrong = [one for one in ids if one in OF_QUEUES] if "agentName" in ids else []
    if wrong:
        raise invalid("columns", f"a row per agent (agentName) has no {', '.join(wrong)}")
    return found


def _column(found: Any, n: int) -> tuple[str, str]:
    column = found.get("id") if isinstance(found, Mapping) else found
    if column not in COLUMNS:
        known = ", ".join(COLUMNS)
        raise ApiError(
            400,
            "invalid.column",
            f"Unknown column {{column}}; known are {known}",
            params={"column": str(column)},
            details=({"errorCode": "invalid.column", "fieldName": f"columns[{n}].id", "entityId": str(column)},),
        )
    return str(column), str(found.get("label") or column)


def _filters(body: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    allowed: dict[str, tuple[str, ...]] = {}
    for n, one in enumerate(body.get("filters") or ()):
        if not isinstance(one, Mapping) or one.get("metric") not in FILTERS:
            raise invalid(f"filters[{n}].metric", f"expected one of {', '.join(FILTERS)}")
        if one.get("type") not in ("equals", "in"):
            raise invalid(f"filters[{n}].type", f"expected equals or in; found {one.get('type')}")
        value = one.get("value")
        values = tuple(str(each) for each in value) if isinstance(value, list) else (str(value),)
        allowed[one["metric"]] = (*allowed.get(one["metric"], ()), *values)
    return allowed
