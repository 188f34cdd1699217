"""The official SDK's client gets from the sandbox what its models expect, at every endpoint that the product uses."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.contract.conformity import SCHEMA, comparable, faults
from tests.contract.conftest import DAY
from tests.contract.sdk import Client, Sdk
from tests.integration.genesys.conftest import order
from tests.waiting import wait_until
from worker.genesys.adherence.figures import bulk_query
from worker.genesys.api.instants import utc_text
from worker.genesys.exports.views import QUEUE_VIEW, ViewOffer, body
from worker.genesys.queries.aggregates import queue_query, user_query

ZONE = "Europe/Berlin"


class Caller:
    """Calls the SDK's methods by name, with the arguments that they need."""

    def __init__(self, client: Client, group: dict[str, Any]) -> None:
        self._client = client
        self._exports, self._architect = Sdk.AnalyticsApi(client), Sdk.ArchitectApi(client)
        self._queues, users = list(group["queues"].values()), list(group["agents"].values())
        unit = group["managementUnit"]
        self._bulk = bulk_query(DAY, ZONE, [unit])
        self._arguments: dict[str, Callable[[], Sequence[Any]]] = {
            "post_analytics_conversations_aggregates_query": lambda: [queue_query(DAY, ZONE, self._queues, ["voice"])],
            "post_analytics_users_aggregates_query": lambda: [user_query(DAY, ZONE, users)],
            "post_analytics_reporting_exports": lambda: [self._export()],
            "get_download": lambda: [self._finished_export()],
            "get_workforcemanagement_adherence_historical_bulk_job": lambda: [self._adherence_job()],
            "get_workforcemanagement_managementunit_users": lambda: [unit],
            "get_routing_queue": lambda: self._queues[:1],
            "get_routing_queue_members": lambda: self._queues[:1],
            "get_architect_schedulegroup": lambda: [self._architect.get_architect_schedulegroups().entities[0].id],
            "get_architect_schedule": lambda: [self._architect.get_architect_schedules().entities[0].id],
            "get_organizations_limits_namespace": lambda: ["platform.api"],
            **self._of_business_units(group["businessUnit"]),
        }
        self._keywords: dict[str, dict[str, Any]] = {
            "get_download": {"issue_redirect": False},
            "get_users": {"id": users, "state": "any"},
            "post_workforcemanagement_adherence_historical_bulk": {"body": self._bulk},
            "get_workforcemanagement_businessunit": {"expand": ["settings.timeZone", "settings.startDayOfWeek"]},
            "post_workforcemanagement_businessunit_agentschedules_search": {
                "body": {"startDate": utc_text(DAY.start), "endDate": utc_text(DAY.end), "userIds": users}
            },
        }

    def _of_business_units(self, unit: str) -> dict[str, Callable[[], Sequence[Any]]]:
        """Return the arguments of the calls about business units. The day is a Monday, so the week begins with it."""
        week = DAY.start.date().isoformat()
        workforce = Sdk.WorkforceManagementApi(self._client)

        def schedule() -> Any:
            (entity,) = workforce.get_workforcemanagement_businessunit_week_schedules(unit, week).entities
            return entity

        get = "get_workforcemanagement_businessunit"
        return {
            get: lambda: [unit],
            f"{get}_activitycodes": lambda: [unit],
            f"{get}_intraday_planninggroups": lambda: [unit, week],
            f"{get}_week_schedules": lambda: [unit, week],
            f"{get}_week_schedule_headcountforecast": lambda: [unit, week, schedule().id],
            f"{get}_week_schedule_performancepredictions": lambda: [unit, week, schedule().id],
            f"{get}_week_shorttermforecast_data": lambda: [unit, week, schedule().short_term_forecast.id],
            "post_workforcemanagement_businessunit_agentschedules_search": lambda: [unit],
        }

    def call(self, name: str) -> Any:
        """Return what the method returns."""
        api, _, method = name.partition(".")
        arguments = self._arguments.get(method, list)()
        return getattr(getattr(Sdk, api)(self._client), method)(*arguments, **self._keywords.get(method, {}))

    @property
    def raw(self) -> Any:
        """The last answer, unchanged."""
        return json.loads(self._client.get_http_client().last.data)

    def _adherence_job(self) -> str:
        workforce = Sdk.WorkforceManagementApi(self._client)
        started = workforce.post_workforcemanagement_adherence_historical_bulk(body=self._bulk)
        return str(started.job.id)

    def _export(self) -> dict[str, object]:
        export_order = order(window=DAY, zone=ZONE, queues=())
        by_queue = {"queueIds": self._queues, "mediaTypes": ["voice"]}
        return body(QUEUE_VIEW, export_order, "by the SDK", by_queue, ViewOffer())

    def _finished_export(self) -> str:
        started = self._exports.post_analytics_reporting_exports(self._export())

        def download_url() -> str:
            jobs = self._exports.get_analytics_reporting_exports(page_size=100).entities
            (job,) = (job for job in jobs if job.id == started.id)
            return str(job.download_url) if job.status == "COMPLETED" else ""

        return wait_until(download_url, "the export has ended").rpartition("/")[2]


@pytest.fixture(scope="module")
def caller(sdk: Client, group: dict[str, Any]) -> Caller:
    return Caller(sdk, group)


@pytest.mark.parametrize("endpoint", SCHEMA["endpoints"].values(), ids=lambda endpoint: endpoint["call"])
def test_an_answer_is_what_the_sdks_model_expects(caller: Caller, sdk: Client, endpoint: dict[str, Any]) -> None:
    read = caller.call(endpoint["call"])
    assert type(read).__name__ == endpoint["answer"]
    assert faults(caller.raw, endpoint["answer"]) == []
    json_again = sdk.sanitize_for_serialization(read)
    assert "outdated_sdk_version" not in json.dumps(json_again)
    assert comparable(json_again) == comparable(caller.raw)


def test_an_error_is_read_as_the_sdks_error_body(sdk: Client) -> None:
    with pytest.raises(Sdk.rest.ApiException) as caught:
        Sdk.RoutingApi(sdk).get_routing_queue_members("00000000-0000-4000-8000-000000000000")
    assert caught.value.status == 404
    assert faults(json.loads(caught.value.body), "ErrorBody") == []
