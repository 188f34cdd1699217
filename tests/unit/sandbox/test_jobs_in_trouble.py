"""Jobs take as long and end as badly as their group's script says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

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


@pytest.mark.parametrize(("start", "running", "done", "failed"), KINDS)
def test_a_slow_job_runs_for_its_seconds(make: Any, start: Any, running: str, done: str, failed: str) -> None:
    organisation = make(trouble=[{"kind": "slow_export", "seconds": 90}])
    look = start(organisation)
    organisation.wait(89)
    assert look() == running
    organisation.wait(1)
    assert look() == done


@pytest.mark.parametrize(("start", "running", "done", "failed"), KINDS)
def test_a_job_that_is_to_fail_does(make: Any, start: Any, running: str, done: str, failed: str) -> None:
    organisation = make(trouble=[{"kind": "failed", "reason": "FAILED_LONG_RUNNING_EXPORT"}])
    look = start(organisation)
    organisation.wait()
    assert look() == failed


def test_a_failed_export_states_its_reason(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "failed", "reason": "FAILED_LONG_RUNNING_EXPORT"}])
    _export(organisation)
    organisation.wait()
    (entity,) = organisation.get(EXPORTS)["entities"]
    assert entity["exportErrorMessagesType"] == "FAILED_LONG_RUNNING_EXPORT"
    assert "downloadUrl" not in entity


def test_an_export_with_partial_results_says_so(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "partial"}])
    look = _export(organisation)
    organisation.wait()
    assert look() == "COMPLETED_WITH_PARTIAL_RESULTS"


def test_adherence_may_be_answered_at_once(make: Callable[..., Organisation]) -> None:
    organisation = make(trouble=[{"kind": "immediate"}])
    unit = organisation.site.organisation.groups["emea"].unit_id
    body = {"items": [{"managementUnitId": unit, "startDate": START, "endDate": END}], "timeZone": "Europe/Berlin"}
    answer = organisation.ask("POST", BULK, body)
    (url,) = answer.body["downloadUrls"]
    content = organisation.site.jobs.file(url.rpartition("/")[2]).content
    assert (answer.status, answer.body["job"]["status"]) == (200, "Complete")
    assert len(json.loads(content)["userResults"]) == 12


def test_a_view_that_is_not_served_fails_as_on_the_platform(organisation: Organisation) -> None:
    organisation.post(EXPORTS, {**EXPORT, "viewType": "ABANDON_INSIGHTS_VIEW"})
    organisation.wait()
    (entity,) = organisation.get(EXPORTS)["entities"]
    assert (entity["status"], entity["exportErrorMessagesType"]) == ("FAILED", "EXPORT_TYPE_NOT_IMPLEMENTED")
