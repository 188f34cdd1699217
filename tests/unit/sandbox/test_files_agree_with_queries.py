"""Exported files and reports state the figures of the queries, because all have the same records."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from sandbox.wire.errors import ApiError
from tests.unit.sandbox.conftest import EXPORT, FRIDAY, Organisation

START, END = FRIDAY.split("/")
EXPORTS = "/api/v2/analytics/reporting/exports"


def _definition(*columns: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Daily",
        "reportingType": "summary",
        "dateFrom": START,
        "dateTo": END,
        "timeZone": "Europe/Berlin",
        "columns": [{"id": column, "label": column} for column in columns],
        "filters": [{"metric": "queueName", "type": "in", "value": ["Billing", "Repairs"]}],
        **changes,
    }


def _guide(organisation: Organisation, definition: dict[str, Any]) -> bytes:
    started = organisation.post("/api/v2/reporting/reports/emea/export", definition)
    assert started["status"] == "processing"
    organisation.wait()
    ended = organisation.get(f"/api/v2/reporting/exports/{started['exportId']}")
    return organisation.site.jobs.file(ended["downloadUrl"].rpartition("/")[2]).content


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def _query(organisation: Organisation, queue: str) -> dict[str, Any]:
    query_filter = {"type": "and", "predicates": [{"dimension": "queueId", "value": organisation.id_of(queue)}]}
    body = {
        "interval": FRIDAY,
        "filter": query_filter,
        "metrics": ["nOffered", "tAnswered", "tAbandon", "oServiceLevel", "tHandle"],
    }
    (result,) = organisation.post("/api/v2/analytics/conversations/aggregates/query", body)["results"]
    return {metric["metric"]: metric["stats"] for metric in result["data"][0]["metrics"]}


def _status_times(organisation: Organisation) -> dict[str, dict[str, int]]:
    body = {"interval": FRIDAY, "metrics": ["tAgentRoutingStatus"], "groupBy": ["userId"]}
    results = organisation.post("/api/v2/analytics/users/aggregates/query", body)["results"]
    return {
        organisation.site.organisation.agents[result["group"]["userId"]].name: {
            metric["qualifier"]: metric["stats"]["sum"] for metric in result["data"][0]["metrics"]
        }
        for result in results
    }


def test_a_reports_queue_rows_are_the_queries_figures(organisation: Organisation) -> None:
    columns = ("queueName", "offered", "answered", "abandoned", "answeredInServiceLevel", "serviceLevel")
    rows = _rows(_guide(organisation, _definition(*columns, "averageHandleSeconds")))
    assert [row["queueName"] for row in rows] == ["Billing", "Repairs"]
    for row in rows:
        stats = _query(organisation, row["queueName"])
        assert int(row["offered"]) == stats["nOffered"]["count"]
        assert int(row["answered"]) == stats["tAnswered"]["count"]
        assert int(row["abandoned"]) == stats["tAbandon"]["count"]
        assert int(row["answeredInServiceLevel"]) == stats["oServiceLevel"]["numerator"]
        assert float(row["serviceLevel"]) == pytest.approx(100 * stats["oServiceLevel"]["ratio"], abs=0.006)
        handle = stats["tHandle"]
        assert float(row["averageHandleSeconds"]) == pytest.approx(handle["sum"] / handle["count"] / 1000, abs=0.006)


def test_a_reports_half_hours_add_up_to_the_day(organisation: Organisation) -> None:
    rows = _rows(_guide(organisation, _definition("intervalStart", "queueName", "offered", "abandoned")))
    assert rows[0]["intervalStart"] == "2026-11-20T08:00:00+01:00"
    for queue in ("Billing", "Repairs"):
        queue_rows = [row for row in rows if row["queueName"] == queue]
        assert sum(int(row["offered"]) for row in queue_rows) == _query(organisation, queue)["nOffered"]["count"]
        assert sum(int(row["abandoned"]) for row in queue_rows) == _query(organisation, queue)["tAbandon"]["count"]


def test_a_reports_agent_rows_are_the_user_queries_times(organisation: Organisation) -> None:
    columns = ("agentName", "interactingSeconds", "communicatingSeconds", "idleSeconds", "occupancy")
    rows = _rows(_guide(organisation, _definition(*columns)))
    assert len(rows) == 12
    for row in rows:
        times = _status_times(organisation)[row["agentName"]]
        assert int(row["interactingSeconds"]) == times["INTERACTING"] // 1000
        assert int(row["communicatingSeconds"] or 0) == times.get("COMMUNICATING", 0) // 1000
        busy = times["INTERACTING"] + times.get("COMMUNICATING", 0)
        assert float(row["occupancy"]) == pytest.approx(100 * busy / (busy + times["IDLE"]), abs=0.006)


def test_the_workbook_holds_the_same_cells_as_numbers(organisation: Organisation) -> None:
    plain = _rows(_guide(organisation, _definition("queueName", "offered", "serviceLevel")))
    packed = _guide(organisation, _definition("queueName", "offered", "serviceLevel", format="XLSX"))
    header, *cells = load_workbook(io.BytesIO(packed)).active.iter_rows(values_only=True)
    assert header == ("queueName", "offered", "serviceLevel")
    assert [list(row) for row in cells] == [
        [row["queueName"], int(row["offered"]), float(row["serviceLevel"])] for row in plain
    ]


def test_an_exports_rows_are_the_queries_figures(organisation: Organisation) -> None:
    ids = [organisation.id_of(queue) for queue in ("Billing", "Repairs")]
    options = {"hasSplitFilters": True, "hasSummaryRow": True, "durationFormat": "Milliseconds"}
    body = {**EXPORT, **options, "filter": {"queueIds": ids}}
    job = organisation.post(EXPORTS, body)
    organisation.wait()
    url = organisation.get(f"/api/v2/downloads/{job['id']}", issueRedirect="false")["url"]
    *rows, whole = _rows(organisation.site.jobs.file(url.rpartition("/")[2]).content)
    for row in rows:
        stats = _query(organisation, row["Queue Name"])
        assert (int(row["Offer"]), int(row["Abandon"])) == (stats["nOffered"]["count"], stats["tAbandon"]["count"])
    assert whole["Queue Name"] == "Billing; Repairs"
    assert int(whole["Offer"]) == sum(int(row["Offer"]) for row in rows)


def test_each_medium_is_measured_against_its_own_objective(make: Callable[..., Organisation]) -> None:
    strict = {"voice": {"service_level_seconds": 0.001, "target": 0.9}}
    organisation = make(queues=[{"name": "Billing", "media": ["voice", "chat"], "media_targets": strict}])
    billing = {"type": "and", "predicates": [{"dimension": "queueId", "value": organisation.id_of("Billing")}]}
    body = {"interval": FRIDAY, "metrics": ["oServiceLevel"], "filter": billing}
    path = "/api/v2/analytics/conversations/aggregates/query"
    split = organisation.post(path, {**body, "groupBy": ["queueId", "mediaType"]})["results"]
    levels = {result["group"]["mediaType"]: result["data"][0]["metrics"][0]["stats"] for result in split}
    (total,) = organisation.post(path, {**body, "groupBy": ["queueId"]})["results"]
    assert (levels["voice"]["ratio"], levels["voice"]["target"]) == (0.0, 0.9)
    assert levels["chat"]["ratio"] > 0.3
    assert levels["chat"]["target"] == 0.8
    assert "target" not in total["data"][0]["metrics"][0]["stats"]
    (row,) = _rows(_guide(organisation, _definition("queueName", "answeredInServiceLevel", filters=[])))
    assert int(row["answeredInServiceLevel"]) == levels["chat"]["numerator"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reportingType": "detail"}, "reportingType"),
        ({"dateFrom": "{{now() - 1 day}}"}, "dateFrom"),
        ({"dateTo": "2026-11-20T23:59:00"}, "dateTo"),
        ({"format": "PDF"}, "format"),
        ({"columns": [{"id": "queueName"}, {"id": "customerMood"}]}, "columns[1].id"),
        ({"columns": [{"id": "agentName"}, {"id": "serviceLevel"}]}, "columns"),
        ({"filters": [{"metric": "queueName", "type": "equals", "value": "Unknown"}]}, "filters"),
        ({"filters": [{"metric": "queueName", "type": "resembles", "value": "Billing"}]}, "filters[0].type"),
        ({"timeZone": "EST5EDT6"}, "timeZone"),
    ],
)
def test_a_wrong_definition_is_refused_and_the_field_is_named(
    organisation: Organisation, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(ApiError) as refusal:
        organisation.post("/api/v2/reporting/reports/emea/export", _definition("queueName", "offered", **change))
    assert (refusal.value.status, refusal.value.details[0]["fieldName"]) == (400, field)


def test_an_unknown_column_is_named(organisation: Organisation) -> None:
    with pytest.raises(ApiError) as refusal:
        organisation.post("/api/v2/reporting/reports/emea/export", _definition("queueName", "customerMood"))
    assert refusal.value.params == {"column": "customerMood"}
