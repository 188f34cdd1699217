"""Every request that we send is one that the official SDK could have sent."""

from __future__ import annotations

import re
from pathlib import Path

from PureCloudPlatformClientV2 import ApiClient

import worker
from tests.contract.conformity import SCHEMA, comparable, endpoint_of, faults, through_the_sdk
from tests.contract.conftest import Sent

GATEWAY = ("/api/v2/reporting/",)
"""The guide's wire, which is in no version of the SDK."""

ASKED_BY_THE_DOCTOR_ALONE = {
    "GET /api/v2/architect/schedules",
    "GET /api/v2/organizations/limits/namespaces/{namespaceName}",
    "GET /api/v2/tokens/me",
    "GET /api/v2/workforcemanagement/managementunits/{managementUnitId}/users",
}
ASKED_ONLY_WHERE_SOMETHING_IS_HIDDEN_OR_GIVEN_BY_ID = {
    "GET /api/v2/architect/schedulegroups/{scheduleGroupId}",
    "GET /api/v2/users",
}


def test_every_path_in_the_code_is_known_to_the_sdk() -> None:
    known = {re.sub(r"\{\w+\}", "{}", one["path"]) for one in SCHEMA["endpoints"].values()}
    found = {
        path
        for file in Path(worker.__file__).parent.rglob("*.py")
        for path in re.findall(r'"(/api/v2/[^"]*)"', file.read_text(encoding="utf-8"))
    }
    public = {re.sub(r"\{\w+\}", "{}", path) for path in found if not path.startswith(GATEWAY)}
    assert public - known == set()


def test_a_day_asks_every_endpoint_that_we_have_a_use_for(sent: list[Sent]) -> None:
    asked = {f"{end['method']} {end['path']}" for one in sent if (end := endpoint_of(one.method, one.path))}
    missing = SCHEMA["endpoints"].keys() - asked
    assert missing == ASKED_BY_THE_DOCTOR_ALONE | ASKED_ONLY_WHERE_SOMETHING_IS_HIDDEN_OR_GIVEN_BY_ID


def test_every_request_goes_where_the_sdk_would_send_it(sent: list[Sent]) -> None:
    assert [f"{one.method} {one.path}" for one in sent if endpoint_of(one.method, one.path) is None] == []


def test_every_query_parameter_is_one_of_the_endpoints(sent: list[Sent]) -> None:
    for one in sent:
        endpoint = endpoint_of(one.method, one.path)
        assert endpoint
        assert one.params.keys() <= set(endpoint["query"]), one.path


def test_every_body_has_all_that_its_model_needs_and_nothing_that_it_does_not_know(sent: list[Sent]) -> None:
    bodies = [one for one in sent if one.body is not None]
    assert {endpoint_of(one.method, one.path)["body"] for one in bodies} == {
        "ConversationAggregationQuery",
        "UserAggregationQuery",
        "ReportingExportJobRequest",
        "WfmHistoricalAdherenceBulkQuery",
    }
    for one in bodies:
        assert faults(one.body, endpoint_of(one.method, one.path)["body"]) == [], one.path


def test_every_body_comes_out_of_the_sdks_models_as_it_went_in(sent: list[Sent], sdk: ApiClient) -> None:
    for one in sent:
        if one.body is not None:
            model = endpoint_of(one.method, one.path)["body"]
            assert comparable(through_the_sdk(sdk, one.body, model)) == comparable(one.body), one.path
