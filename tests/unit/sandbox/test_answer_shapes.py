"""Every answer has the fields, types and enums of the Platform API's models."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.wire.errors import forbidden, invalid, not_found, too_many
from tests.unit.sandbox.conftest import EXPORT, FRIDAY, Organisation
from tests.unit.sandbox.models import faults

METRICS = ["nOffered", "nOverSla", "oServiceLevel", "oServiceTarget", "tAnswered", "tAbandon", "tShortAbandon"]
METRICS += ["tFlowOut", "tHandle", "tTalkComplete", "tHeldComplete", "tAcw", "tWait", "nTransferred"]
BULK = "/api/v2/workforcemanagement/adherence/historical/bulk"
EXPORTS = "/api/v2/analytics/reporting/exports"


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/api/v2/routing/queues", "QueueEntityListing"),
        ("/api/v2/routing/queues/divisionviews/all", "QueueEntityListing"),
        ("/api/v2/routing/queues/{queue}", "Queue"),
        ("/api/v2/routing/queues/{queue}/members", "QueueMemberEntityListing"),
        ("/api/v2/users", "UserEntityListing"),
        ("/api/v2/authorization/divisions", "AuthzDivisionEntityListing"),
        ("/api/v2/workforcemanagement/managementunits", "ManagementUnitListing"),
        ("/api/v2/workforcemanagement/managementunits/{unit}/users", "WfmUserEntityListing"),
        ("/api/v2/workforcemanagement/agents/{agent}/managementunit", "AgentManagementUnitReference"),
        ("/api/v2/architect/schedulegroups", "ScheduleGroupEntityListing"),
        ("/api/v2/architect/schedules", "ScheduleEntityListing"),
        ("/api/v2/tokens/me", "TokenInfo"),
        ("/api/v2/organizations/me", "Organization"),
        ("/api/v2/organizations/limits/namespaces/platform.api", "LimitsEntityListing"),
        ("/api/v2/analytics/reporting/exports/metadata", "ReportingExportMetadataJobListing"),
    ],
)
def test_a_lookup_answers_with_its_model(make: Any, path: str, model: str) -> None:
    organisation = make(trouble=[{"kind": "holiday", "date": "2026-12-25"}])
    group = organisation.site.organisation.groups["emea"]
    filled_path = path.format(queue=group.queues[0].id, unit=group.unit_id, agent=group.agents[0].id)
    answer = organisation.get(filled_path)
    assert faults(answer, model) == []
    assert answer.get("entities", True)


@pytest.mark.parametrize("granularity", [None, "PT30M"])
def test_conversation_aggregates_answer_with_their_model(organisation: Organisation, granularity: str | None) -> None:
    body = {"interval": FRIDAY, "metrics": METRICS, "groupBy": ["queueId", "mediaType"], "granularity": granularity}
    answer = organisation.post("/api/v2/analytics/conversations/aggregates/query", body)
    assert faults(answer, "ConversationAggregateQueryResponse") == []
    assert len(answer["results"]) == 4


def test_user_aggregates_answer_with_their_model(organisation: Organisation) -> None:
    body = {"interval": FRIDAY, "metrics": ["tAgentRoutingStatus", "tSystemPresence"], "groupBy": ["userId"]}
    answer = organisation.post("/api/v2/analytics/users/aggregates/query", body)
    assert faults(answer, "UserAggregateQueryResponse") == []
    assert len(answer["results"]) == 17


def test_an_adherence_job_and_its_file_have_their_models(organisation: Organisation) -> None:
    start, end = FRIDAY.split("/")
    unit = organisation.site.organisation.groups["emea"].unit_id
    item = {
        "managementUnitId": unit,
        "startDate": start,
        "endDate": end,
        "includeExceptions": True,
        "includeActuals": True,
    }
    started = organisation.post(BULK, {"items": [item], "timeZone": "Europe/Berlin"})
    organisation.wait()
    ended = organisation.get(started["job"]["selfUri"])
    content = organisation.site.jobs.file(ended["downloadUrls"][0].rpartition("/")[2]).content
    assert faults(started, "WfmHistoricalAdherenceBulkResponse") == []
    assert faults(ended, "WfmHistoricalAdherenceBulkResponse") == []
    assert faults(json.loads(content), "WfmHistoricalAdherenceBulkResult") == []
    assert len(json.loads(content)["userResults"]) == 12


def test_an_export_job_has_its_model_from_start_to_download(organisation: Organisation) -> None:
    started = organisation.post(EXPORTS, EXPORT)
    early = organisation.get(EXPORTS)
    organisation.wait()
    late = organisation.get(EXPORTS)
    url = organisation.get(f"/api/v2/downloads/{started['id']}", issueRedirect="false")
    assert faults(started, "ReportingExportJobResponse") == []
    assert faults(early, "ReportingExportJobListing") == faults(late, "ReportingExportJobListing") == []
    assert faults(url, "UrlResponse") == []
    assert [answer["entities"][0]["status"] for answer in (early, late)] == ["SUBMITTED", "COMPLETED"]


@pytest.mark.parametrize(
    "error", [invalid("name", "no"), not_found("queue", "1"), forbidden(("a:b:c",)), too_many(42)], ids=lambda e: e.code
)
def test_a_refusal_is_an_error_body(error: Any) -> None:
    assert faults(error.body("c0ffee"), "ErrorBody") == []


def test_a_403_names_the_missing_permission() -> None:
    body = forbidden(("routing:queue:view",)).body("c0ffee")
    assert body["code"] == "missing.permissions"
    assert body["messageParams"] == {"permissions": "routing:queue:view"}
