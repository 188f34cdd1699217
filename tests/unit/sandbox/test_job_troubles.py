"""The trouble of a group decides how long its jobs take and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.wire.errors import ApiError
from tests.unit.sandbox.conftest import EXPORT, FRIDAY, Organisation

START, END = FRIDAY.split("/")
BULK, EXPORTS = "/api/v2/workforcemanagement/adherence/historical/bulk", "/api/v2/analytics/reporting/exports"


def _adherence(organisation: Organisation) -> Callable[[], str]:
    unit = organisation.site.organisation.groups["emea"].unit_id
    body = {"items": [{"managementUnitId": unit, "startDate": START, "endDate": END}], "timeZone": "Europe/Berlin"}
    uri = organisation.post(BULK, body)["job"]["selfUri"]
    return lambda: organisation.get(uri)["job"]["status"]


def _export(organisation: Organisation) -> Callable[[], str]:
    organisation.post(EXPORTS, {**EXPORT, "filter": {"queueIds": [organisation.id_of("Billing")]}})
    return lambda: organisation.get(EXPORTS)["entities"][0]["status"]


def _guide(organisation: Organisation) -> Callable[[], str]:
    body = {"reportingType": "summary", "columns": [{"id": "queueName"}], "dateFrom": START, "dateTo": END}
    export = organisation.post("/api/v2/reporting/reports/emea/export", body)["exportId"]
    return lambda: organisation.get(f"/api/v2/reporting/exports/{export}")["status"]


KINDS: list[Any] = [
    pytest.param(_adherence, "Processing", "Complete", "Error", id="adherence"),
    pytest.param(_export, "RUNNING", "COMPLETED", "FAILED", id="exports"),
    pytest.param(_guide, "processing", "completed", "failed", id="guide"),
]


@pytest.mark.parametrize(("start", "running", "ended", "failed"), KINDS)
def test_a_slow_job_runs_for_its_seconds(make: Any, start: Any, running: str, ended: str, failed: str) -> None:
    organisation = make(trouble=[{"kind": "slow_export", "seconds": 90}])
    status = start(organisation)
    organisation.wait(89)
    assert status() == running
    organisation.wait(1)
    assert status() == ended


@pytest.mark.parametrize(("start", "running", "ended", "failed"), KINDS)
def test_a_job_can_fail(make: Any, start: Any, running: str, ended: str, failed: str) -> None:
    organisation = make(trouble=[{"kind": "failed", "reason": "FAILED_LONG_RUNNING_EXPORT"}])
    status = start(organisation)
    organisation.wait()
    assert status() == failed


def test_a_failed_export_states_its_reason(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "failed", "reason": "FAILED_LONG_RUNNING_EXPORT"}])
    _export(organisation)
    organisation.wait()
    (entity,) = organisation.get(EXPORTS)["entities"]
    assert entity["exportErrorMessagesType"] == "FAILED_LONG_RUNNING_EXPORT"
    assert "downloadUrl" not in entity


def test_a_partial_export_says_so(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "partial"}])
    status = _export(organisation)
    organisation.wait()
    assert status() == "COMPLETED_WITH_PARTIAL_RESULTS"


def test_an_export_is_missing_from_the_list_and_then_the_list_answers_503(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "not_yet", "not_found": 1, "unavailable": 2}])
    _export(organisation)
    assert organisation.get(EXPORTS)["entities"] == []
    for _ in range(2):
        with pytest.raises(ApiError, match="unavailable") as refused:
            organisation.get(EXPORTS)
        assert refused.value.status == 503
    assert len(organisation.get(EXPORTS)["entities"]) == 1


def test_adherence_can_be_answered_at_once(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "immediate"}])
    unit = organisation.site.organisation.groups["emea"].unit_id
    body = {"items": [{"managementUnitId": unit, "startDate": START, "endDate": END}], "timeZone": "Europe/Berlin"}
    answer = organisation.request("POST", BULK, body)
    (url,) = answer.body["downloadUrls"]
    content = organisation.site.jobs.file(url.rpartition("/")[2]).content
    assert (answer.status, answer.body["job"]["status"]) == (200, "Complete")
    assert len(json.loads(content)["userResults"]) == 12


def test_an_unsupported_view_fails_as_on_the_platform(organisation: Organisation) -> None:
    organisation.post(EXPORTS, {**EXPORT, "viewType": "ABANDON_INSIGHTS_VIEW"})
    organisation.wait()
    (entity,) = organisation.get(EXPORTS)["entities"]
    assert (entity["status"], entity["exportErrorMessagesType"]) == ("FAILED", "EXPORT_TYPE_NOT_IMPLEMENTED")
