"""An export is started once, whatever is in the list and whatever happens to the request."""

from __future__ import annotations

import pytest

from tests.integration.genesys.conftest import Says, ScriptedApi
from tests.integration.genesys.exports.conftest import AGENTS_NAME, LIST, NAME, Platform
from worker.errors import LookupFailed, SourceUnavailable
from worker.genesys.exports.source import ExportsSource
from worker.genesys.source import Order


def test_an_order_starts_an_export_of_queues_and_one_of_their_members(
    platform: Platform, source: ExportsSource, wanted: Order
) -> None:
    job = source.start(wanted)
    assert (job.state, job.ids["queues"], job.ids["agents"]) == ("running", "e1", "e2")
    assert [(one["name"], one["filter"]) for one in platform.posted()] == [
        (NAME, {"queueIds": ["q1"], "mediaTypes": ["voice"]}),
        (AGENTS_NAME, {"userIds": ["u1"]}),
    ]


def test_a_job_of_that_name_on_a_later_page_is_joined(
    platform: Platform, source: ExportsSource, wanted: Order, api: ScriptedApi
) -> None:
    strangers = [platform.job(f"s{n}", name=f"by hand {n}") for n in range(3)]
    first, second = (
        {"entities": strangers, "pageCount": 2},
        {"entities": [platform.job("there", status="RUNNING"), *strangers], "pageCount": 2},
    )
    platform.lists(Says(first), Says(second))
    assert source.start(wanted).ids["queues"] == "there"
    assert [one["name"] for one in platform.posted()] == [AGENTS_NAME]
    assert [call.query["pageNumber"] for call in api.calls(LIST) if call.method == "GET"] == [["1"], ["2"]]


@pytest.mark.parametrize(
    "other",
    [
        {"interval": "2026-11-15T05:00:00.000Z/2026-11-16T05:00:00.000Z"},
        {"viewType": "QUEUE_PERFORMANCE_SUMMARY_VIEW"},
        {"filter": {"queueIds": ["q1", "q2"], "mediaTypes": ["voice"]}},
        {"status": "FAILED"},
        {"status": "CANCELLED"},
    ],
)
def test_a_namesake_that_is_no_use_is_not_joined_and_the_new_one_gets_a_number(
    platform: Platform, source: ExportsSource, wanted: Order, other: dict[str, object]
) -> None:
    platform.lists([platform.job("there", **other)])
    assert source.start(wanted).ids["queues"] == "e1"
    assert platform.posted()[0]["name"] == f"{NAME}~2"


def test_the_second_of_two_namesakes_is_joined_where_the_first_is_no_use(
    platform: Platform, source: ExportsSource, wanted: Order
) -> None:
    platform.lists([platform.job("first", status="FAILED"), platform.job("second", name=f"{NAME}~2")])
    assert source.start(wanted).ids["queues"] == "second"


@pytest.mark.parametrize("trouble", [Says(status=503), Says(status=504), Says(hang_up=True)])
def test_a_request_that_may_have_been_accepted_is_looked_for_before_another_is_sent(
    platform: Platform, source: ExportsSource, wanted: Order, api: ScriptedApi, trouble: Says
) -> None:
    api.on("POST", LIST, trouble, Says(platform.job("e2", agents=True)))
    with pytest.raises(SourceUnavailable):
        source.start(wanted)
    platform.lists([platform.job("accepted", status="SUBMITTED")])
    assert source.start(wanted).ids["queues"] == "accepted"
    assert [one["name"] for one in platform.posted()] == [NAME, AGENTS_NAME]


def test_the_step_that_starts_twice_starts_nothing_twice(
    platform: Platform, source: ExportsSource, wanted: Order
) -> None:
    first = source.start(wanted)
    platform.lists([platform.job("e1"), platform.job("e2", agents=True)])
    assert source.start(wanted).ids == first.ids
    assert len(platform.posted()) == 2


def test_the_columns_that_the_platform_offers_are_asked_for(
    platform: Platform, source: ExportsSource, wanted: Order, api: ScriptedApi
) -> None:
    offered = ["OFFERED_COUNT", "ANSWERED_COUNT", "ABANDONED_COUNT", "HANDLED_COUNT", "SOMETHING_ELSE"]
    view = {"viewType": "QUEUE_PERFORMANCE_DETAIL_VIEW", "availableColumnIds": offered}
    api.on("GET", f"{LIST}/metadata", Says({"entities": [view]}))
    source.start(wanted)
    queues, agents = platform.posted()
    assert [one["columnName"] for one in queues["selectedColumns"]] == offered[:4]
    assert "selectedColumns" not in agents


def test_a_queue_that_does_not_exist_is_told_before_anything_is_started(
    platform: Platform, source: ExportsSource, wanted: Order, api: ScriptedApi
) -> None:
    api.on("GET", "/api/v2/routing/queues", Says({"entities": [], "pageCount": 1}))
    with pytest.raises(LookupFailed):
        source.start(wanted)
    assert platform.posted() == []


def test_queues_without_members_ask_for_no_agents_rather_than_for_all(
    platform: Platform, source: ExportsSource, wanted: Order, api: ScriptedApi
) -> None:
    api.on("GET", "/api/v2/routing/queues/q1/members", Says({"entities": [], "pageCount": 1}))
    assert "agents" not in source.start(wanted).ids
    assert [one["name"] for one in platform.posted()] == [NAME]


def test_the_sources_own_pdf_is_an_export_more(
    platform: Platform, source: ExportsSource, wanted_with_pdf: Order
) -> None:
    assert source.start(wanted_with_pdf).ids["pdf"] == "e3"
    assert (platform.posted()[2]["exportFormat"], platform.posted()[2]["name"]) == (
        "PDF",
        "standup-support-2026-11-16-pdf",
    )
