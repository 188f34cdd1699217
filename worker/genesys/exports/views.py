"""The views that are asked for: which columns are read, under which headers, and the bodies of the requests. Pure.

A column is asked for by the platform's id for it and read by the header that it has in the fixed locale en-us.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from worker.domain.calendar.business_day import elapsed
from worker.genesys.api.instants import interval_text
from worker.genesys.queries.aggregates import HALF_HOUR
from worker.genesys.reporting.columns import TableColumn
from worker.genesys.source import Order

WHOLE_DAY = "P1D"
LOCALE = "en-us"


@dataclass(frozen=True, slots=True)
class View:
    """A view: ``always`` are columns that every row begins with, ``chosen`` those that can be asked for, by id."""

    type: str
    period: str
    always: tuple[TableColumn, ...] = ()
    chosen: Mapping[str, TableColumn] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """All that is looked for in its file."""
        return (*self.always, *self.chosen.values())


_START = TableColumn("intervalStart", "instant", ("Interval Start",))
_COMPLETE = TableColumn("intervalComplete", "text", ("Interval Complete",), needed=False)

QUEUES = View(
    "QUEUE_PERFORMANCE_DETAIL_VIEW",
    HALF_HOUR,
    (
        _START,
        _COMPLETE,
        TableColumn("queueId", "text", ("Queue Id",)),
        TableColumn("queueName", "text", ("Queue Name",), needed=False),
        TableColumn("mediaType", "text", ("Media Type",), needed=False),
    ),
    {
        "OFFERED_COUNT": TableColumn("offered", "count", ("Offer", "Offered")),
        "ANSWERED_COUNT": TableColumn("answered", "count", ("Answer", "Answered")),
        "ABANDONED_COUNT": TableColumn("abandoned", "count", ("Abandon", "Abandoned")),
        "AVG_ANSWER_TIME": TableColumn("averageAnswerMs", "milliseconds", ("ASA",), needed=False),
        "SERVICE_LEVEL": TableColumn("serviceLevel", "percent", ("Service Level %", "Service Level"), needed=False),
        "AVG_HANDLE_TIME": TableColumn("averageHandleMs", "milliseconds", ("Avg Handle",), needed=False),
        "HANDLED_COUNT": TableColumn("handled", "count", ("Handle", "Handled"), needed=False),
        "SHORT_ABANDONED_COUNT": TableColumn("shortAbandoned", "count", ("Short Abandon",), needed=False),
        "FLOWOUT_COUNT": TableColumn("flowedOut", "count", ("Flow-Out", "Flow Out", "Flowout"), needed=False),
        "OVER_SERVICE_LEVEL": TableColumn("late", "count", ("Over Service Level", "Over SLA"), needed=False),
        "MET_SERVICE_LEVEL": TableColumn("inTime", "count", ("Met Service Level", "Met SLA"), needed=False),
    },
)
AGENTS = View(
    "AGENT_STATUS_SUMMARY_VIEW",
    WHOLE_DAY,
    (
        _START,
        _COMPLETE,
        TableColumn("agentId", "text", ("Agent Id",)),
        TableColumn("agentName", "text", ("Agent Name",), needed=False),
    ),
    {
        "INTERACTING_TIME": TableColumn("interactingMs", "milliseconds", ("Interacting",)),
        "COMMUNICATING_TIME": TableColumn("communicatingMs", "milliseconds", ("Communicating",), needed=False),
        "IDLE_TIME": TableColumn("idleMs", "milliseconds", ("Idle",)),
    },
)
PDF = View("QUEUE_PERFORMANCE_SUMMARY_VIEW", WHOLE_DAY)
"""The source's own page; nobody here reads it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the platform says of a view: which column ids there are, which must be asked for, which go together."""

    available: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    dependent: Mapping[str, Sequence[str]] = field(default_factory=dict)


def selected(view: View, offer: Offer) -> list[dict[str, object]]:
    """``selectedColumns``; empty, for the view's own choice, where the platform does not offer all that is needed."""
    needed = {name for name, column in view.chosen.items() if column.needed}
    if not view.chosen or not needed <= offer.available:
        return []
    wished = [*offer.required, *(name for name in view.chosen if name in offer.available)]
    together = [one for name in wished for one in (name, *offer.dependent.get(name, ()))]
    return [{"columnOrder": n, "columnName": name} for n, name in enumerate(dict.fromkeys(together), 1)]


def body(
    view: View, order: Order, name: str, wanted: Mapping[str, Iterable[str]], offer: Offer, form: str = "CSV"
) -> dict[str, object]:
    """A ``ReportingExportJobRequest``; ``wanted`` is its filter, lists of ids by filter name."""
    columns = selected(view, offer)
    return {
        "name": name,
        "timeZone": order.zone,
        "exportFormat": form,
        "interval": interval_text(order.window),
        "period": view.period,
        "viewType": view.type,
        "filter": {key: list(values) for key, values in wanted.items()},
        "locale": LOCALE,
        "hasSplitFilters": True,
        "hasSplitByMedia": True,
        "hasSummaryRow": False,
        # an hour that stands twice is told apart by its rows' order, which takes all of them
        "excludeEmptyRows": elapsed(order.window) <= timedelta(hours=24),
        "csvDelimiter": "COMMA",
        "hasFormatDurations": False,
        "durationFormat": "Milliseconds",
        "includeDurationFormatInHeader": False,
        **({"selectedColumns": columns} if columns else {}),
    }
