"""Several groups of one morning ask together: what is sent once, who gets what, and whose fault harms whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from tests.integration.genesys.conftest import MemoryAnswers, Reply, ScriptedApi, order
from worker import errors, step_time
from worker.domain.rows import Rows
from worker.genesys.answer_cache import AnswerCache
from worker.genesys.api.session import Session
from worker.genesys.lookups import queues
from worker.genesys.lookups.queues import Lookups
from worker.genesys.queries.source import QUEUE_ROUTE, USER_ROUTE, QueriesSource
from worker.genesys.sharing.plan import AT_ONCE, RecentPlans, RequestPlanner, Sharing
from worker.genesys.source import ExportJob, Order

QUEUES = "/api/v2/routing/queues"
BULK = "/api/v2/workforcemanagement/adherence/historical/bulk"
NAMES = ("Support", "Sales", "Claims")
ORDERS = tuple(
    order(name=f"order-{n}", queues=(name,), management_units=(f"unit-{n}",)) for n, name in enumerate(NAMES)
)
BUCKET = {"interval": "2026-11-16T14:00:00.000Z/2026-11-16T14:30:00.000Z"}
FORBIDDEN = Reply({"message": "no", "code": "missing.permissions", "status": 403}, 403)


@dataclass
class Morning:
    """The groups of a morning, and their source."""

    session: Session
    answers: MemoryAnswers
    clock: Callable[[], datetime]
    orders: tuple[Order, ...] = ORDERS
    shared: list[int] = field(default_factory=list)

    def source(self) -> QueriesSource:
        """As one run has it: nothing is remembered but in the answers."""
        sharing = Sharing(companions=lambda _: self.orders, on_shared=self.shared.append)
        return QueriesSource(self.session, self.answers, self.clock, sharing)

    def rows(self, request: Order) -> Rows:
        """All steps of one run."""
        source = self.source()
        job = source.start(request)
        while job.state == "running":
            job = self.source().look(request, job)
        return self.source().collect(request, job)


@pytest.fixture
def morning(session: Session, api: ScriptedApi, answers: MemoryAnswers, clock: Callable[[], datetime]) -> Morning:
    """Three groups with a queue, an agent and a management unit each."""
    queues = [{"id": f"q{n}", "name": name} for n, name in enumerate(NAMES)]
    api.script("GET", QUEUES, Reply({"entities": queues, "pageCount": 1}))
    for n in range(len(NAMES)):
        api.script("GET", f"{QUEUES}/q{n}/members", Reply({"entities": [{"id": f"u{n}", "name": f"Agent {n}"}]}))
        api.script("GET", f"/files/{n}", adherence_file(n))
    offered = [queue_result(n) for n in range(len(NAMES))]
    api.script("POST", QUEUE_ROUTE, Reply({"results": offered}, headers={"ININ-Correlation-Id": "corr-1"}))
    api.script("POST", USER_ROUTE, Reply({"results": [user_result(n) for n in range(len(NAMES))]}))
    api.script("POST", BULK, Reply({"job": {"id": "job-1", "status": "Processing"}}, 202))
    files = [f"{api.url}/files/{n}" for n in range(len(NAMES))]
    api.script(
        "GET",
        f"{BULK}/jobs/job-1",
        Reply({"job": {"id": "job-1", "status": "Complete"}, "downloadUrls": files}),
    )
    return Morning(session, ForgetfulOfLooks(), clock)


class Forgetful(MemoryAnswers):
    """Keeps nothing."""

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        """Forget it at once."""


class ForgetfulOfLooks(MemoryAnswers):
    """Has no clock: what is kept for seconds only is not kept at all."""

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        """Keep a value that is meant to last."""
        if lifetime_seconds > 60 or not lifetime_seconds:
            super().put(key, value, lifetime_seconds)


def queue_result(n: int) -> dict[str, object]:
    metrics = [{"metric": "nOffered", "stats": {"count": 10 + n}}]
    return {"group": {"queueId": f"q{n}", "mediaType": "voice"}, "data": [{**BUCKET, "metrics": metrics}]}


def user_result(n: int) -> dict[str, object]:
    stats = {"metric": "tAgentRoutingStatus", "qualifier": "INTERACTING", "stats": {"sum": 1000 + n}}
    return {"group": {"userId": f"u{n}"}, "data": [{"interval": "x/y", "metrics": [stats]}]}


def adherence_file(n: int) -> Reply:
    day = {"adherenceScheduleSeconds": 3600 + n, "exceptionDurationSeconds": 60, "actualLengthSeconds": 3600}
    users = [{"userId": f"u{n}", "dayMetrics": [day]}]
    return Reply({"managementUnitId": f"unit-{n}", "userResults": users})


def asked_ids(api: ScriptedApi, route: str) -> list[set[str]]:
    """The ids that each request asked for."""
    collected_rows = []
    for call in api.calls(route):
        request = call.json()["filter"]
        predicates = request["clauses"][0]["predicates"] if "clauses" in request else request["predicates"]
        collected_rows.append({item["value"] for item in predicates})
    return collected_rows


def test_three_groups_ask_once_and_each_gets_its_own(morning: Morning, api: ScriptedApi) -> None:
    for n, run_name in enumerate(ORDERS):
        rows = morning.rows(run_name)
        assert [(row.queue_id, row.offered) for row in rows.intervals] == [(f"q{n}", 10 + n)]
        assert [(agent.user_id, agent.interacting_ms) for agent in rows.agents] == [(f"u{n}", 1000 + n)]
        assert [agent.scheduled_seconds for agent in rows.agents] == [3600 + n]
        assert rows.gaps == ()
    assert asked_ids(api, QUEUE_ROUTE) == [{"q0", "q1", "q2"}]
    assert asked_ids(api, USER_ROUTE) == [{"u0", "u1", "u2"}]
    units = [[item["managementUnitId"] for item in call.json()["items"]] for call in api.calls(BULK)]
    assert units == [["unit-0", "unit-1", "unit-2"]]
    assert len(api.calls(f"{BULK}/jobs/job-1")) == 1
    assert all(len(api.calls(f"/files/{n}")) == 1 for n in range(3))
    assert morning.shared == [0, 3, 3]


def test_all_queues_are_looked_up_in_one_list(morning: Morning, api: ScriptedApi) -> None:
    morning.rows(ORDERS[0])
    assert [call.query.get("name") for call in api.calls(QUEUES)] == [None]


def test_groups_whose_look_ups_take_too_long_begin_the_next_plan(morning: Morning, api: ScriptedApi) -> None:
    for n in (0, 2):
        with step_time.limited_to(90.0, lambda: 30.0 * len(members_requests(api))) as time_of_step:
            assert morning.rows(ORDERS[n]).gaps == ()
            assert time_of_step.exceeded is None
    assert asked_ids(api, QUEUE_ROUTE) == [{"q0", "q1"}, {"q2"}]


def members_requests(api: ScriptedApi) -> list[object]:
    return [call for n in range(len(NAMES)) for call in api.calls(f"{QUEUES}/q{n}/members")]


def test_a_step_that_is_over_its_time_leaves_no_group_out_of_the_plan(morning: Morning, api: ScriptedApi) -> None:
    with (
        step_time.limited_to(90.0, lambda: (0.0, 10.0, 100.0)[len(members_requests(api))]),
        pytest.raises(errors.StepTooLong),
    ):
        morning.rows(ORDERS[0])
    morning.rows(ORDERS[0])
    assert asked_ids(api, QUEUE_ROUTE) == [{"q0", "q1", "q2"}]


def test_a_group_whose_queue_does_not_exist_fails_alone(morning: Morning, api: ScriptedApi) -> None:
    broken = order(name="broken", queues=("Suport",))
    morning.orders = (*ORDERS, broken)
    assert morning.rows(ORDERS[0]).intervals
    with pytest.raises(errors.LookupFailed, match="Suport"):
        morning.rows(broken)
    assert morning.rows(ORDERS[1]).intervals
    assert asked_ids(api, QUEUE_ROUTE) == [{"q0", "q1", "q2"}]


@pytest.mark.parametrize("refusal", [FORBIDDEN, Reply({"status": 400, "code": "bad.request"}, 400), Reply(b"<html>")])
def test_after_a_shared_refusal_each_group_asks_alone(morning: Morning, api: ScriptedApi, refusal: Reply) -> None:
    good = Reply({"results": [queue_result(n) for n in range(3)]})
    api.script("POST", QUEUE_ROUTE, refusal, good, refusal, good)
    assert morning.rows(ORDERS[0]).intervals
    with pytest.raises((errors.PermissionMissing, errors.RequestRefused, errors.MalformedAnswer)):
        morning.rows(ORDERS[1])
    assert morning.rows(ORDERS[2]).intervals
    assert asked_ids(api, QUEUE_ROUTE) == [{"q0", "q1", "q2"}, {"q0"}, {"q1"}, {"q2"}]


@pytest.mark.parametrize("trouble", [Reply(status=503), Reply({"status": 429}, 429, {"Retry-After": "7"})])
def test_a_temporary_failure_for_several_groups_splits_them_after_three_attempts(
    morning: Morning, api: ScriptedApi, trouble: Reply
) -> None:
    good = Reply({"results": [queue_result(n) for n in range(3)]})
    api.script("POST", QUEUE_ROUTE, trouble, trouble, trouble, good, trouble)
    waits = []
    for _ in range(3):
        with pytest.raises(errors.NotYet) as answers_by_source:
            morning.rows(ORDERS[0])
        waits.append(answers_by_source.value.retry_after_seconds)
    assert waits == ([20, 20, 20] if trouble.status == 503 else [7, 7, 7])
    assert morning.rows(ORDERS[0]).intervals
    with pytest.raises((errors.SourceUnavailable, errors.RateLimited)):
        morning.rows(ORDERS[1])
    planner = {"q0", "q1", "q2"}
    assert asked_ids(api, QUEUE_ROUTE) == [planner, planner, planner, {"q0"}, {"q1"}]


def test_a_temporary_failure_that_passes_costs_nothing_but_time(morning: Morning, api: ScriptedApi) -> None:
    api.script("POST", QUEUE_ROUTE, Reply(status=503), Reply({"results": [queue_result(n) for n in range(3)]}))
    with pytest.raises(errors.NotYet):
        morning.rows(ORDERS[0])
    assert all(morning.rows(run_name).intervals for run_name in ORDERS)
    assert len(api.calls(QUEUE_ROUTE)) == 2


def test_a_group_whose_members_are_unavailable_is_left_out_and_fails_alone(morning: Morning, api: ScriptedApi) -> None:
    api.script("GET", f"{QUEUES}/q1/members", Reply(status=503))
    assert morning.rows(ORDERS[0]).intervals
    with pytest.raises(errors.SourceUnavailable):
        morning.rows(ORDERS[1])
    assert asked_ids(api, QUEUE_ROUTE) == [{"q0", "q2"}]


def test_a_shared_adherence_job_that_is_refused_or_fails_is_started_by_each_alone(
    morning: Morning, api: ScriptedApi
) -> None:
    started = [Reply({"job": {"id": f"job-{n}", "status": "Processing"}}, 202) for n in range(1, 4)]
    api.script("POST", BULK, *started)
    api.script("GET", f"{BULK}/jobs/job-1", Reply({"job": {"id": "job-1", "status": "Error"}}))
    for n in (2, 3):
        finished_job = {"job": {"id": f"job-{n}", "status": "Complete"}, "downloadUrls": [f"{api.url}/files/{n - 2}"]}
        api.script("GET", f"{BULK}/jobs/job-{n}", Reply(finished_job))
    assert [agent.scheduled_seconds for agent in morning.rows(ORDERS[0]).agents] == [3600]
    assert [agent.scheduled_seconds for agent in morning.rows(ORDERS[1]).agents] == [3601]
    units = [[item["managementUnitId"] for item in call.json()["items"]] for call in api.calls(BULK)]
    assert units == [["unit-0", "unit-1", "unit-2"], ["unit-0"], ["unit-1"]]


def test_a_groups_own_adherence_job_that_also_fails_is_a_gap(morning: Morning, api: ScriptedApi) -> None:
    api.script("POST", BULK, *(Reply({"job": {"id": f"job-{n}", "status": "Processing"}}, 202) for n in (1, 2)))
    for n in (1, 2):
        api.script("GET", f"{BULK}/jobs/job-{n}", Reply({"job": {"id": f"job-{n}", "status": "Error"}}))
    rows = morning.rows(ORDERS[0])
    assert [gap.metric for gap in rows.gaps] == ["adherence"]


def test_a_group_that_changed_after_planning_starts_a_new_plan(morning: Morning, api: ScriptedApi) -> None:
    morning.rows(ORDERS[0])
    changed = order(name="order-1", queues=("Sales", "Claims"), management_units=("unit-1",))
    morning.orders = (ORDERS[0], changed, ORDERS[2])
    assert {row.queue_id for row in morning.rows(changed).intervals} == {"q1", "q2"}
    assert asked_ids(api, QUEUE_ROUTE) == [{"q0", "q1", "q2"}, {"q1", "q2"}]


def test_without_a_working_store_a_group_asks_for_its_own_queues(morning: Morning, api: ScriptedApi) -> None:
    morning.answers = Forgetful()
    request = order(name="order-0", queues=("Support",))
    assert morning.source().collect(request, ExportJob("queries", "done")).intervals
    assert asked_ids(api, QUEUE_ROUTE) == [{"q0"}]


def test_a_plan_has_its_orders_by_their_stand_ups_and_never_too_many(
    morning: Morning, session: Session, answers: MemoryAnswers
) -> None:
    orders = [order(name=f"order-{n}", queues=("Support",)) for n in range(AT_ONCE + 50)]
    stored = AnswerCache(answers, "client")
    planner = RequestPlanner(stored, Lookups(session, stored), lambda _: orders)
    first = [part.name for part in planner.plan(orders[7]).parts]
    assert first == [run_name.name for run_name in orders[:AT_ONCE]]
    last = [part.name for part in planner.plan(orders[-1]).parts]
    assert last == [run_name.name for run_name in orders[AT_ONCE:]]
    late = order(name="late", queues=("Support",))
    assert [part.name for part in planner.plan(late).parts] == ["late"]


def test_a_rerun_asks_again_and_for_itself_alone(morning: Morning, api: ScriptedApi) -> None:
    morning.rows(ORDERS[0])
    rerun = order(name="order-0-r2", queues=("Support",))
    source = QueriesSource(morning.session, morning.answers, morning.clock)
    source.collect(rerun, ExportJob("queries", "done"))
    assert asked_ids(api, QUEUE_ROUTE) == [{"q0", "q1", "q2"}, {"q0"}]


def test_other_media_are_not_asked_together(morning: Morning, api: ScriptedApi) -> None:
    morning.rows(ORDERS[0])
    chat = order(name="chat", queues=("Support",), media=("chat",))
    morning.orders = (chat,)
    morning.rows(chat)
    media = [call.json()["filter"]["clauses"][1]["predicates"][0]["value"] for call in api.calls(QUEUE_ROUTE)]
    assert media == ["voice", "chat"]


def test_a_list_longer_than_the_names_that_are_wanted_is_not_read(
    api: ScriptedApi, session: Session, answers: MemoryAnswers
) -> None:
    api.script("GET", QUEUES, Reply({"entities": [{"id": "q1", "name": "Support"}], "pageCount": 40}))
    Lookups(session, AnswerCache(answers, "client")).learn(["Support", "Sales"])
    assert len(api.calls(QUEUES)) == 1


def test_a_page_count_without_reason_makes_no_endless_refresh(
    api: ScriptedApi, session: Session, answers: MemoryAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "MAX_PAGES", 3)
    api.script("GET", QUEUES, Reply({"entities": [{"id": "q0", "name": "Support"}], "pageCount": 1_000_000_000}))
    assert queues.QueueDirectory(session, AnswerCache(answers, "client")).refresh_stale()
    assert [call.query["pageNumber"] for call in api.calls(QUEUES)] == [["1"], ["2"], ["3"]]


def test_look_ups_are_refreshed_page_by_page_and_not_again_soon(
    morning: Morning, api: ScriptedApi, session: Session, answers: MemoryAnswers
) -> None:
    lookups = Lookups(session, AnswerCache(answers, "client"))
    lookups.refresh_stale([*NAMES, "Suport"])
    first = len(api.requests)
    lookups.refresh_stale([*NAMES])
    assert len(api.requests) == first
    lookups.members("q1")
    lookups.queues(NAMES)
    assert len(api.requests) == first


@pytest.mark.parametrize(("name", "page_count"), [("id:q1", 1), ("Support", 40)])
def test_a_queue_that_the_list_does_not_give_is_refreshed_too(
    api: ScriptedApi, session: Session, answers: MemoryAnswers, name: str, page_count: int
) -> None:
    def script(queue_id: str, target: float, *page_counts: int) -> None:
        goal = {"mediaSettings": {"call": {"serviceLevel": {"percentage": target}}}}
        queue = {"id": queue_id, "name": "Support", **goal}
        api.script("GET", QUEUES, *(Reply({"entities": [queue], "pageCount": count}) for count in page_counts))
        api.script("GET", f"{QUEUES}/{queue_id}/members", Reply({"entities": []}))

    lookups = Lookups(session, AnswerCache(answers, "client"))
    script("q1", 0.8, 1)
    assert lookups.queues([name])[0].target == {"voice": 0.8}
    script("q2" if name == "Support" else "q1", 0.9, page_count, 1)
    lookups.refresh_stale([name])
    asked_count = len(api.requests)
    lookups.refresh_stale([name])
    (found_queue,) = lookups.queues([name])
    assert (found_queue.queue.id, found_queue.target) == ("q2" if name == "Support" else "q1", {"voice": 0.9})
    assert len(api.requests) == asked_count


def test_a_plan_is_read_once_and_few_are_held() -> None:
    plans, stored = RecentPlans(most=2), {"window": "2026-11-16", "parts": []}
    first_plan = plans.read("a", stored)
    assert plans.read("a", "not looked at") is first_plan
    plans.read("b", stored)
    plans.read("c", stored)
    assert plans.read("c", "not looked at").window == "2026-11-16"
    with pytest.raises(errors.MalformedAnswer):
        plans.read("a", "forgotten, so it is read again")
