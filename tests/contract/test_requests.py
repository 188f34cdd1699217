"""Every request of the product is one that the official SDK could have sent."""

from __future__ import annotations

import re
from pathlib import Path

import worker
from tests.contract.conformity import SCHEMA, comparable, endpoint_of, faults, through_the_sdk
from tests.contract.conftest import SentRequest
from tests.contract.sdk import Client

GATEWAY = ("/api/v2/reporting/",)
"""The guide's API, which is in no version of the SDK."""

ONLY_THE_DOCTOR_ASKS = {
    "GET /api/v2/architect/schedules",
    "GET /api/v2/organizations/limits/namespaces/{namespaceName}",
    "GET /api/v2/tokens/me",
    "GET /api/v2/workforcemanagement/businessunits",
    "GET /api/v2/workforcemanagement/managementunits/{managementUnitId}/users",
}
ONLY_SOME_GROUPS_ASK = {
    "GET /api/v2/architect/schedulegroups/{scheduleGroupId}",
    "GET /api/v2/routing/queues/{queueId}",
    "GET /api/v2/users",
}


def test_every_path_in_the_code_is_known_to_the_sdk() -> None:
    documented = {re.sub(r"\{\w+\}", "{}", endpoint["path"]) for endpoint in SCHEMA["endpoints"].values()}
    paths = {
        path
        for file in Path(worker.__file__).parent.rglob("*.py")
        for path in re.findall(r'"(/api/v2/[^"]*)"', file.read_text(encoding="utf-8"))
    }
    public = {re.sub(r"\{\w+\}", "{}", path) for path in paths if not path.startswith(GATEWAY)}
    assert public - documented == set()


def test_a_day_uses_every_documented_endpoint(sent: list[SentRequest]) -> None:
    endpoints = (endpoint_of(request.method, request.path) for request in sent)
    requested = {f"{endpoint['method']} {endpoint['path']}" for endpoint in endpoints if endpoint}
    assert SCHEMA["endpoints"].keys() - requested == ONLY_THE_DOCTOR_ASKS | ONLY_SOME_GROUPS_ASK


def test_every_request_goes_where_the_sdk_would_send_it(sent: list[SentRequest]) -> None:
    assert [request for request in sent if endpoint_of(request.method, request.path) is None] == []


def test_every_query_parameter_is_one_of_the_endpoints(sent: list[SentRequest]) -> None:
    for request in sent:
        endpoint = endpoint_of(request.method, request.path)
        assert endpoint
        assert request.params.keys() <= set(endpoint["query"]), request.path


def test_every_body_has_only_known_fields_and_all_required_ones(sent: list[SentRequest]) -> None:
    bodies = [request for request in sent if request.body is not None]
    assert {endpoint_of(request.method, request.path)["body"] for request in bodies} == {
        "ConversationAggregationQuery",
        "UserAggregationQuery",
        "ReportingExportJobRequest",
        "WfmHistoricalAdherenceBulkQuery",
        "BuSearchAgentSchedulesRequest",
    }
    for request in bodies:
        assert faults(request.body, endpoint_of(request.method, request.path)["body"]) == [], request.path


def test_every_body_is_unchanged_by_the_sdks_models(sent: list[SentRequest], sdk: Client) -> None:
    for request in sent:
        if request.body is not None:
            model = endpoint_of(request.method, request.path)["body"]
            assert comparable(through_the_sdk(sdk, request.body, model)) == comparable(request.body), request.path
