"""The queries, the guide's wire and the reporting exports state the same figures, for they have the same records."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from sandbox.errors import ApiError
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
    begun = organisation.post("/api/v2/reporting/reports/emea/export", definition)
    assert begun["status"] == "processing"
    organisation.wait()
    ended = organisation.get(f"/api/v2/reporting/exports/{begun['exportId']}")
    return organisation.site.jobs.file(ended["downloadUrl"].rpartition("/")[2]).content


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def _query(organisation: Organisation, queue: str) -> dict[str, Any]:
    wanted = {"type": "and", "predicates": [{"dimension": "queueId", "value": organisation.id_of(queue)}]}
    body = {
        "interval": FRIDAY,
        "filter": wanted,
        "metrics": ["nOffered", "tAnswered", "tAbandon", "oServiceLevel", "tHandle"],
    }
    (found,) = organisation.post("/api/v2/analytics/conversations/aggregates/query", body)["results"]
    return {one["metric"]: one["stats"] for one in found["data"][0]["metrics"]}


def _busy(organisation: Organisation) -> dict[str, dict[str, int]]:
    body = {"interval": FRIDAY, "metrics": ["tAgentRoutingStatus"], "groupBy": ["userId"]}
    found = organisation.post("/api/v2/analytics/users/aggregates/query", body)["results"]
    return {
        organisation.site.organisation.agents[one["group"]["userId"]].name: {
            metric["qualifier"]: metric["stats"]["sum"] for metric in one["data"][0]["metrics"]
        }
        for one in found
    }


def test_the_guides_queue_rows_are_the_queries_figures(organisation: Organisation) -> None:
    columns = ("queueName", "offered", "answered", "abandoned", "answeredInServiceLevel", "serviceLevel")
    rows = _rows(_guide(organisation, _definition(*columns, "averageHandleSeconds")))
    assert [row["queueName"] for row in rows] == ["Billing", "Repairs"]
    for row in rows:
        asked = _query(organisation, row["queueName"])
        assert int(row["offered"]) == asked["nOffered"]["count"]
        assert int(row["answered"]) == asked["tAnswered"]["count"]
        assert int(row["abandoned"]) == asked["tAbandon"]["count"]
        assert int(row["answeredInServiceLevel"]) == asked["oServiceLevel"]["numerator"]
        assert float(row["serviceLevel"]) == pytest.approx(100 * asked["oServiceLevel"]["ratio"], abs=0.006)
        handle = asked["tHandle"]
        assert float(row["averageHandleSeconds"]) == pytest.approx(handle["sum"] / handle["count"] / 1000, abs=0.006)


def test_the_guides_half_hours_add_up_to_its_day(organisation: Organisation) -> None:
    rows = _rows(_guide(organisation, _definition("intervalStart", "queueName", "offered", "abandoned")))
    assert rows[0]["intervalStart"] == "2026-11-20T08:00:00+01:00"
    for queue in ("Billing", "Repairs"):
        own = [row for row in rows if row["queueName"] == queue]
        assert sum(int(row["offered"]) for row in own) == _query(organisation, queue)["nOffered"]["count"]
        assert sum(int(row["abandoned"]) for row in own) == _query(organisation, queue)["tAbandon"]["count"]


def test_the_guides_agent_rows_are_the_user_queries_times(organisation: Organisation) -> None:
    columns = ("agentName", "interactingSeconds", "communicatingSeconds", "idleSeconds", "occupancy")
    rows = _rows(_guide(organisation, _definition(*columns)))
    assert len(rows) == 12
    for row in rows:
        spent = _busy(organisation)[row["agentName"]]
        assert int(row["interactingSeconds"]) == spent["INTERACTING"] // 1000
        assert int(row["communicatingSeconds"] or 0) == spent.get("COMMUNICATING", 0) // 1000
        busy = spent["INTERACTING"] + spent.get("COMMUNICATING", 0)
        assert float(row["occupancy"]) == pytest.approx(100 * busy / (busy + spent["IDLE"]), abs=0.006)


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
    wishes = {"hasSplitFilters": True, "hasSummaryRow": True, "durationFormat": "Milliseconds"}
    body = {**EXPORT, **wishes, "filter": {"queueIds": ids}}
    job = organisation.post(EXPORTS, body)
    organisation.wait()
    url = organisation.get(f"/api/v2/downloads/{job['id']}", issueRedirect="false")["url"]
    *rows, whole = _rows(organisation.site.jobs.file(url.rpartition("/")[2]).content)
    for row in rows:
        asked = _query(organisation, row["Queue Name"])
        assert (int(row["Offer"]), int(row["Abandon"])) == (asked["nOffered"]["count"], asked["tAbandon"]["count"])
    assert whole["Queue Name"] == "Billing; Repairs"
    assert int(whole["Offer"]) == sum(int(row["Offer"]) for row in rows)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reportingType": "detail"}, "reportingType"),
        ({"dateFrom": "{{now() - 1 day}}"}, "dateFrom"),
        ({"dateTo": "2026-11-20T23:59:00"}, "dateTo"),
        ({"format": "PDF"}, "format"),
        ({"columns": [{"id": "queueName"}, {"id": "customerMood"}]}, "columns[1].id"),
        ({"columns": [{"id": "agentName"}, {"id": "serviceLevel"}]}, "columns"),
        ({"filters": [{"metric": "queueName", "type": "equals", "value": "Nobody"}]}, "filters"),
        ({"filters": [{"metric": "queueName", "type": "resembles", "value": "Billing"}]}, "filters[0].type"),
        ({"timeZone": "EST5EDT6"}, "timeZone"),
    ],
)
def test_a_wrong_definition_is_refused_with_the_field_that_is_wrong(
    organisation: Organisation, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(ApiError) as refusal:
        organisation.post("/api/v2/reporting/reports/emea/export", _definition("queueName", "offered", **change))
    assert (refusal.value.status, refusal.value.details[0]["fieldName"]) == (400, field)


def test_an_unknown_column_is_named(organisation: Organisation) -> None:
    with pytest.raises(ApiError) as refusal:
        organisation.post("/api/v2/reporting/reports/emea/export", _definition("queueName", "customerMood"))
    assert refusal.value.params == {"column": "customerMood"}
