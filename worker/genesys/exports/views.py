"""The exported views: their columns and headers, and the bodies of the requests. Pure.

A column is asked for by the platform's id, and read by the header that it has in the fixed locale en-us.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from worker.domain.calendar.business_day import elapsed
from worker.genesys.api.instants import interval_text
from worker.genesys.queries.aggregates import HALF_HOUR
from worker.genesys.source import Order
from worker.genesys.tables.columns import TableColumn

WHOLE_DAY = "P1D"
LOCALE = "en-us"


@dataclass(frozen=True, slots=True)
class View:
    """A view: ``always`` are columns that every row begins with, ``optional`` those that can be asked for, by id."""

    type: str
    period: str
    always: tuple[TableColumn, ...] = ()
    optional: Mapping[str, TableColumn] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """All columns that are read from its file."""
        return (*self.always, *self.optional.values())


_START = TableColumn("intervalStart", "instant", ("Interval Start",))
_COMPLETE = TableColumn("intervalComplete", "text", ("Interval Complete",), required=False)

QUEUE_VIEW = View(
    "QUEUE_PERFORMANCE_DETAIL_VIEW",
    HALF_HOUR,
    (
        _START,
        _COMPLETE,
        TableColumn("queueId", "text", ("Queue Id",)),
        TableColumn("queueName", "text", ("Queue Name",), required=False),
        TableColumn("mediaType", "text", ("Media Type",), required=False),
    ),
    {
        "OFFERED_COUNT": TableColumn("offered", "count", ("Offer", "Offered")),
        "ANSWERED_COUNT": TableColumn("answered", "count", ("Answer", "Answered")),
        "ABANDONED_COUNT": TableColumn("abandoned", "count", ("Abandon", "Abandoned")),
        "AVG_ANSWER_TIME": TableColumn("averageAnswerMs", "milliseconds", ("ASA",), required=False),
        "SERVICE_LEVEL": TableColumn("serviceLevel", "percent", ("Service Level %", "Service Level"), required=False),
        "AVG_HANDLE_TIME": TableColumn("averageHandleMs", "milliseconds", ("Avg Handle",), required=False),
        "HANDLED_COUNT": TableColumn("handled", "count", ("Handle", "Handled"), required=False),
        "SHORT_ABANDONED_COUNT": TableColumn("shortAbandoned", "count", ("Short Abandon",), required=False),
        "FLOWOUT_COUNT": TableColumn("flowedOut", "count", ("Flow-Out", "Flow Out", "Flowout"), required=False),
        "OVER_SERVICE_LEVEL": TableColumn("late", "count", ("Over Service Level", "Over SLA"), required=False),
        "MET_SERVICE_LEVEL": TableColumn("inTime", "count", ("Met Service Level", "Met SLA"), required=False),
    },
)
AGENT_VIEW = View(
    "AGENT_STATUS_SUMMARY_VIEW",
    WHOLE_DAY,
    (
        _START,
        _COMPLETE,
        TableColumn("agentId", "text", ("Agent Id",)),
        TableColumn("agentName", "text", ("Agent Name",), required=False),
    ),
    {
        "INTERACTING_TIME": TableColumn("interactingMs", "milliseconds", ("Interacting",)),
        "COMMUNICATING_TIME": TableColumn("communicatingMs", "milliseconds", ("Communicating",), required=False),
        "IDLE_TIME": TableColumn("idleMs", "milliseconds", ("Idle",)),
    },
)
PDF_VIEW = View("QUEUE_PERFORMANCE_SUMMARY_VIEW", WHOLE_DAY)
"""The source's own page, which is not read here."""


@dataclass(frozen=True, slots=True)
class ViewOffer:
    """The column ids of a view: available, required, and dependent on each other."""

    available: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    dependent: Mapping[str, Sequence[str]] = field(default_factory=dict)


def selected(view: View, offer: ViewOffer) -> list[dict[str, object]]:
    """Return ``selectedColumns``. Empty (the view chooses) if the platform does not offer all needed columns."""
    required_ids = {name for name, column in view.optional.items() if column.required}
    if not view.optional or not required_ids <= offer.available:
        return []
    column_names = [*offer.required, *(name for name in view.optional if name in offer.available)]
    dependent_names = [dependent for name in column_names for dependent in (name, *offer.dependent.get(name, ()))]
    return [{"columnOrder": n, "columnName": name} for n, name in enumerate(dict.fromkeys(dependent_names), 1)]


def body(
    view: View, order: Order, name: str, filters: Mapping[str, Iterable[str]], offer: ViewOffer, form: str = "CSV"
) -> dict[str, object]:
    """Return a ``ReportingExportJobRequest``. ``filters``: lists of ids by filter name."""
    columns = selected(view, offer)
    return {
        "name": name,
        "timeZone": order.zone,
        "exportFormat": form,
        "interval": interval_text(order.window),
        "period": view.period,
        "viewType": view.type,
        "filter": {key: list(values) for key, values in filters.items()},
        "locale": LOCALE,
        "hasSplitFilters": True,
        "hasSplitByMedia": True,
        "hasSummaryRow": False,
        # a repeated hour is recognised by the order of its rows, which needs all of them
        "excludeEmptyRows": elapsed(order.window) <= timedelta(hours=24),
        "csvDelimiter": "COMMA",
        "hasFormatDurations": False,
        "durationFormat": "Milliseconds",
        "includeDurationFormatInHeader": False,
        **({"selectedColumns": columns} if columns else {}),
    }
