"""An export is started once, whatever is in the list and whatever happens to the request."""

from __future__ import annotations

import pytest

from tests.integration.genesys.conftest import Reply, ScriptedApi
from tests.integration.genesys.exports.conftest import AGENTS_NAME, LIST, NAME, Platform
from worker.errors import LookupFailed, SourceUnavailable
from worker.genesys.exports.source import ExportsSource
from worker.genesys.source import Order


def test_an_order_starts_an_export_of_queues_and_one_of_their_members(
    platform: Platform, source: ExportsSource, the_order: Order
) -> None:
    job = source.start(the_order)
    assert (job.state, job.ids["queues"], job.ids["agents"]) == ("running", "e1", "e2")
    assert [(item["name"], item["filter"]) for item in platform.posted()] == [
        (NAME, {"queueIds": ["q1"], "mediaTypes": ["voice"]}),
        (AGENTS_NAME, {"userIds": ["u1"]}),
    ]


def test_a_job_of_that_name_on_a_later_page_is_joined(
    platform: Platform, source: ExportsSource, the_order: Order, api: ScriptedApi
) -> None:
    strangers = [platform.job(f"s{n}", name=f"by hand {n}") for n in range(3)]
    first, second = (
        {"entities": strangers, "pageCount": 2},
        {"entities": [platform.job("there", status="RUNNING"), *strangers], "pageCount": 2},
    )
    platform.lists(Reply(first), Reply(second))
    assert source.start(the_order).ids["queues"] == "there"
    assert [item["name"] for item in platform.posted()] == [AGENTS_NAME]
    assert [call.query["pageNumber"] for call in api.calls(LIST) if call.method == "GET"] == [["1"], ["2"]]


@pytest.mark.parametrize(
    "changed_field",
    [
        {"interval": "2026-11-15T05:00:00.000Z/2026-11-16T05:00:00.000Z"},
        {"viewType": "QUEUE_PERFORMANCE_SUMMARY_VIEW"},
        {"filter": {"queueIds": ["q1", "q2"], "mediaTypes": ["voice"]}},
        {"status": "FAILED"},
        {"status": "CANCELLED"},
    ],
)
def test_a_useless_job_of_the_same_name_is_replaced_under_a_number(
    platform: Platform, source: ExportsSource, the_order: Order, changed_field: dict[str, object]
) -> None:
    platform.lists([platform.job("there", **changed_field)])
    assert source.start(the_order).ids["queues"] == "e1"
    assert platform.posted()[0]["name"] == f"{NAME}~2"


def test_the_second_job_of_a_name_is_joined_if_the_first_is_useless(
    platform: Platform, source: ExportsSource, the_order: Order
) -> None:
    platform.lists([platform.job("first", status="FAILED"), platform.job("second", name=f"{NAME}~2")])
    assert source.start(the_order).ids["queues"] == "second"


@pytest.mark.parametrize("trouble", [Reply(status=503), Reply(status=504), Reply(hang_up=True)])
def test_a_request_that_may_have_been_accepted_is_looked_for_before_another_is_sent(
    platform: Platform, source: ExportsSource, the_order: Order, api: ScriptedApi, trouble: Reply
) -> None:
    api.script("POST", LIST, trouble, Reply(platform.job("e2", agents=True)))
    with pytest.raises(SourceUnavailable):
        source.start(the_order)
    platform.lists([platform.job("accepted", status="SUBMITTED")])
    assert source.start(the_order).ids["queues"] == "accepted"
    assert [item["name"] for item in platform.posted()] == [NAME, AGENTS_NAME]


def test_a_repeated_step_starts_no_second_export(platform: Platform, source: ExportsSource, the_order: Order) -> None:
    first = source.start(the_order)
    platform.lists([platform.job("e1"), platform.job("e2", agents=True)])
    assert source.start(the_order).ids == first.ids
    assert len(platform.posted()) == 2


def test_the_columns_that_the_platform_offers_are_asked_for(
    platform: Platform, source: ExportsSource, the_order: Order, api: ScriptedApi
) -> None:
    offered = ["OFFERED_COUNT", "ANSWERED_COUNT", "ABANDONED_COUNT", "HANDLED_COUNT", "SOMETHING_ELSE"]
    view = {"viewType": "QUEUE_PERFORMANCE_DETAIL_VIEW", "availableColumnIds": offered}
    api.script("GET", f"{LIST}/metadata", Reply({"entities": [view]}))
    source.start(the_order)
    queues, agents = platform.posted()
    assert [item["columnName"] for item in queues["selectedColumns"]] == offered[:4]
    assert "selectedColumns" not in agents


def test_an_unknown_queue_is_reported_before_any_export_starts(
    platform: Platform, source: ExportsSource, the_order: Order, api: ScriptedApi
) -> None:
    api.script("GET", "/api/v2/routing/queues", Reply({"entities": [], "pageCount": 1}))
    with pytest.raises(LookupFailed):
        source.start(the_order)
    assert platform.posted() == []


def test_queues_without_members_ask_for_no_agents_rather_than_for_all(
    platform: Platform, source: ExportsSource, the_order: Order, api: ScriptedApi
) -> None:
    api.script("GET", "/api/v2/routing/queues/q1/members", Reply({"entities": [], "pageCount": 1}))
    assert "agents" not in source.start(the_order).ids
    assert [item["name"] for item in platform.posted()] == [NAME]


def test_the_sources_own_pdf_is_a_third_export(
    platform: Platform, source: ExportsSource, order_with_pdf: Order
) -> None:
    assert source.start(order_with_pdf).ids["pdf"] == "e3"
    assert (platform.posted()[2]["exportFormat"], platform.posted()[2]["name"]) == (
        "PDF",
        "standup-support-2026-11-16-pdf",
    )
