"""Lookups: exact names, all pages, asked but once."""

from __future__ import annotations

import pytest

from tests.integration.genesys.conftest import MemoryAnswers, Reply, ScriptedApi
from worker import errors
from worker.domain.rows import Queue
from worker.genesys.answer_cache import AnswerCache
from worker.genesys.api.session import Session
from worker.genesys.lookups.queues import Lookups

QUEUES = "/api/v2/routing/queues"


def queue(number: str, name: str, **fields: object) -> dict[str, object]:
    return {"id": number, "name": name, **fields}


def page(*entities: object, number: int = 1, count: int = 1) -> Reply:
    return Reply({"entities": list(entities), "pageNumber": number, "pageSize": 100, "pageCount": count})


@pytest.fixture
def lookups(session: Session, answers: MemoryAnswers) -> Lookups:
    return Lookups(session, AnswerCache(answers, "client"))


def test_a_name_must_match_to_the_letter(api: ScriptedApi, lookups: Lookups) -> None:
    api.script("GET", QUEUES, page(queue("1", "support"), queue("2", "Support"), queue("3", "Support 2")))
    (collected_rows,) = lookups.queues(["Support"])
    assert collected_rows.queue == Queue("2", "Support")
    assert api.calls(QUEUES)[0].query["name"] == ["Support"]


def test_a_long_name_from_the_api_is_cut_when_it_is_read(api: ScriptedApi, lookups: Lookups) -> None:
    api.script("GET", QUEUES, page(queue("1", "x" * 5000)))
    (found_queue,) = lookups.queues(["id:1"])
    assert len(found_queue.queue.name) == 300


def test_a_name_that_matches_nothing_lists_what_is_near(api: ScriptedApi, lookups: Lookups) -> None:
    near = page(queue("1", "Support Engineering"), queue("2", "Support Billing"))
    api.script("GET", QUEUES, page(), near)
    with pytest.raises(errors.LookupFailed) as caught:
        lookups.queues(["Support_Engineering"])
    assert "'Support_Engineering'" in str(caught.value)
    assert "'Support Engineering'" in str(caught.value)
    assert api.calls(QUEUES)[1].query["name"] == ["*Engi*"]


def test_a_name_that_matches_several_lists_their_ids(api: ScriptedApi, lookups: Lookups) -> None:
    api.script("GET", QUEUES, page(queue("1", "Support"), queue("2", "Support")))
    with pytest.raises(errors.LookupFailed, match=r"id:1, id:2.*Use one of the ids"):
        lookups.queues(["Support"])


def test_a_queue_by_id_is_asked_by_id(api: ScriptedApi, lookups: Lookups) -> None:
    api.script("GET", QUEUES, page(queue("7f", "Sales")))
    assert lookups.queues(["id:7f"])[0].queue == Queue("7f", "Sales")
    assert api.calls(QUEUES)[0].query["id"] == ["7f"]


def test_an_id_that_does_not_exist_is_named(api: ScriptedApi, lookups: Lookups) -> None:
    api.script("GET", QUEUES, page())
    with pytest.raises(errors.LookupFailed, match="id:7f"):
        lookups.queues(["id:7f"])


def test_a_queue_named_twice_in_two_ways_comes_once(api: ScriptedApi, lookups: Lookups) -> None:
    api.script("GET", QUEUES, page(queue("7f", "Sales")))
    assert len(lookups.queues(["id:7f", "Sales"])) == 1


def test_a_looked_up_queue_is_not_requested_again(api: ScriptedApi, lookups: Lookups) -> None:
    api.script(
        "GET", QUEUES, page(queue("7f", "Sales", mediaSettings={"call": {"serviceLevel": {"durationMs": 20000}}}))
    )
    assert lookups.queues(["Sales"]) == lookups.queues(["Sales"])
    assert lookups.queues(["Sales"])[0].threshold_ms == {"voice": 20000}
    assert len(api.calls(QUEUES)) == 1


def test_members_are_read_to_the_last_page_without_a_page_count(api: ScriptedApi, lookups: Lookups) -> None:
    full = [{"id": f"u{n}", "name": f"Agent {n}"} for n in range(100)]
    api.script("GET", f"{QUEUES}/q/members", Reply({"entities": full}), Reply({"entities": [{"id": "last"}]}))
    members = lookups.members("q")
    assert len(members) == 101
    assert members["last"] == ""
    assert [item.query["pageNumber"] for item in api.calls(f"{QUEUES}/q/members")] == [["1"], ["2"]]


def test_users_are_asked_a_hundred_at_a_time_leavers_too(api: ScriptedApi, lookups: Lookups) -> None:
    api.script("GET", "/api/v2/users", page({"id": "u000", "name": "Ada"}), page({"id": "u100", "name": "Grace"}))
    names = lookups.names(f"u{n:03d}" for n in range(101))
    request = api.calls("/api/v2/users")
    assert [len(item.query["id"]) for item in request] == [100, 1]
    assert request[0].query["state"] == ["any"]
    assert names == {"u000": "Ada", "u100": "Grace"}


def test_an_endless_list_is_given_up(api: ScriptedApi, lookups: Lookups) -> None:
    api.script("GET", QUEUES, page(queue("1", "A"), count=10**9))
    with pytest.raises(errors.MalformedAnswer, match="page 2 is the same"):
        lookups.queues(["Support"])


@pytest.mark.parametrize("body", [{}, {"entities": None}, {"entities": {"id": 1}}, {"entities": [{"name": "no id"}]}])
def test_a_page_that_is_not_as_promised_is_malformed(api: ScriptedApi, lookups: Lookups, body: object) -> None:
    api.script("GET", QUEUES, Reply(body))
    with pytest.raises(errors.MalformedAnswer):
        lookups.queues(["Support"])
