"""The queries source against scripted answers: bodies sent, rows made, gaps told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.integration.genesys.conftest import MemoryAnswers, Reply, ScriptedApi, order
from worker import errors
from worker.domain.gap_texts import GapText
from worker.domain.rows import Queue, gap
from worker.genesys.api.session import Session
from worker.genesys.queries.source import QUEUE_ROUTE, USER_ROUTE, QueriesSource
from worker.genesys.source import ExportJob, Order

QUEUES = "/api/v2/routing/queues"
BULK = "/api/v2/workforcemanagement/adherence/historical/bulk"
UNIT = "unit-1"
WFM_ORDER = order(queues=("Support",), management_units=(UNIT,))
DONE = ExportJob("queries", "done")


def metric(name: str, **stats: float) -> dict[str, object]:
    return {"metric": name, "stats": stats}


HALF_HOUR = {
    "interval": "2026-11-16T14:00:00.000Z/2026-11-16T14:30:00.000Z",
    "metrics": [
        metric("nOffered", count=200.0),
        metric("nOverSla", count=34),
        metric("tAnswered", count=170, sum=5100000, max=412000, min=1200),
        metric("tAbandon", count=24, sum=960000),
        metric("tShortAbandon", count=4, sum=9000),
        metric("tFlowOut", count=6, sum=900000),
        metric("oServiceLevel", ratio=0.7010309, numerator=136, denominator=194, target=0.8),
        metric("tHandle", count=168, sum=50400000.0),
    ],
}


def aggregates(*data: object, queue: str = "q1", media: str = "voice") -> Reply:
    return Reply(
        {"results": [{"group": {"queueId": queue, "mediaType": media}, "data": list(data)}]},
        headers={"ININ-Correlation-Id": "corr-1"},
    )


def statuses(user: str, **times: float) -> dict[str, object]:
    metrics = [{"metric": "tAgentRoutingStatus", "qualifier": name, "stats": {"sum": ms}} for name, ms in times.items()]
    return {"group": {"userId": user}, "data": [{"interval": "x/y", "metrics": metrics}]}


@pytest.fixture
def source(session: Session, answers: MemoryAnswers, clock: Callable[[], datetime], api: ScriptedApi) -> QueriesSource:
    setting = {"mediaSettings": {"call": {"serviceLevel": {"percentage": 0.8, "durationMs": 20000}}}}
    api.script("GET", QUEUES, Reply({"entities": [{"id": "q1", "name": "Support", **setting}], "pageCount": 1}))
    api.script("GET", f"{QUEUES}/q1/members", Reply({"entities": [{"id": "u1", "name": "Ada"}, {"id": "u2"}]}))
    api.script("GET", "/api/v2/users", Reply({"entities": [{"id": "u2", "name": "Bo"}], "pageCount": 1}))
    api.script("POST", QUEUE_ROUTE, aggregates(HALF_HOUR))
    api.script("POST", USER_ROUTE, Reply({"results": [statuses("u1", INTERACTING=600000.0, IDLE=200000, OFF_QUEUE=9)]}))
    return QueriesSource(session, answers, clock)


def test_a_half_hour_becomes_a_row_with_whole_counts(source: QueriesSource) -> None:
    (row,) = source.collect(order(queues=("Support",)), DONE).intervals
    assert (row.queue_id, row.media_type) == ("q1", "voice")
    assert row.start == datetime(2026, 11, 16, 14, tzinfo=UTC)
    assert (row.offered, row.answered, row.answered_late) == (200, 170, 34)
    assert (row.abandoned, row.short_abandoned, row.flowed_out) == (24, 4, 6)
    assert (row.service_level_numerator, row.service_level_denominator) == (136, 194)
    assert (row.handled, row.handle_ms, row.answer_ms) == (168, 50400000, 5100000)
    assert isinstance(row.offered, int)


def test_trap_timezone_drift_the_window_goes_out_in_utc_with_the_groups_zone(
    source: QueriesSource, api: ScriptedApi
) -> None:
    source.collect(order(queues=("Support",)), DONE)
    body = api.calls(QUEUE_ROUTE)[0].json()
    assert body["interval"] == "2026-11-16T05:00:00.000Z/2026-11-17T05:00:00.000Z"
    assert (body["granularity"], body["timeZone"]) == ("PT30M", "America/New_York")
    assert body["groupBy"] == ["queueId", "mediaType"]
    assert {item["value"] for clause in body["filter"]["clauses"] for item in clause["predicates"]} == {"q1", "voice"}


def test_in_a_group_an_absent_count_is_zero_and_an_absent_ratio_unknown(
    source: QueriesSource, api: ScriptedApi
) -> None:
    api.script("POST", QUEUE_ROUTE, aggregates({**HALF_HOUR, "metrics": [metric("nOffered", count=3)]}))
    (row,) = source.collect(order(queues=("Support",)), DONE).intervals
    assert (row.offered, row.answered, row.abandoned, row.handle_ms) == (3, 0, 0, 0)
    assert (row.service_level_numerator, row.service_level_denominator) == (None, None)


@pytest.mark.parametrize("body", [{}, {"results": []}, {"results": None}])
def test_an_empty_answer_gives_no_rows_and_the_queue_all_the_same(
    source: QueriesSource, api: ScriptedApi, body: object
) -> None:
    api.script("POST", QUEUE_ROUTE, Reply(body))
    rows = source.collect(order(queues=("Support",)), DONE)
    assert rows.intervals == ()
    assert rows.queues == (Queue("q1", "Support"),)


def test_a_ratio_without_its_counts_is_stated_and_reported_as_a_gap(source: QueriesSource, api: ScriptedApi) -> None:
    api.script("POST", QUEUE_ROUTE, aggregates({**HALF_HOUR, "metrics": [metric("oServiceLevel", ratio=0.75)]}))
    rows = source.collect(order(queues=("Support",)), DONE)
    assert rows.intervals[0].stated == {"service_level": 0.75}
    assert [gap.kind for gap in rows.gaps if gap.metric == "service_level"] == ["percent_only"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([{**HALF_HOUR, "interval": "2026-11-15T14:00:00.000Z/x"}], "not of that day"),
        ([{**HALF_HOUR, "interval": "2026-11-17T05:00:00.000Z/x"}], "not of that day"),
        ([{**HALF_HOUR, "interval": "2026-11-16T14:00:00"}], "no interval with an offset"),
        ([{**HALF_HOUR, "interval": "yesterday"}], "no interval with an offset"),
        ([HALF_HOUR, HALF_HOUR], "twice"),
        ([{**HALF_HOUR, "metrics": [metric("nOffered", count=-1)]}], "metrics.0.stats.count"),
        ([{**HALF_HOUR, "metrics": [metric("nOffered", count="many")]}], "metrics.0.stats.count"),
    ],
)
def test_figures_that_would_give_wrong_sums_are_refused(
    source: QueriesSource, api: ScriptedApi, data: list[object], message: str
) -> None:
    api.script("POST", QUEUE_ROUTE, aggregates(*data))
    with pytest.raises(errors.MalformedAnswer, match=message):
        source.collect(order(queues=("Support",)), DONE)


def test_an_infinite_count_is_refused(source: QueriesSource, api: ScriptedApi) -> None:
    body = aggregates({**HALF_HOUR, "metrics": [metric("nOffered", count=1)]}).content.replace(b": 1}", b": 1e400}")
    api.script("POST", QUEUE_ROUTE, Reply(body))
    with pytest.raises(errors.MalformedAnswer, match="JSON with 1e400"):
        source.collect(order(queues=("Support",)), DONE)


def test_queues_and_media_that_were_not_asked_for_are_dropped(source: QueriesSource, api: ScriptedApi) -> None:
    for stranger in (aggregates(HALF_HOUR, queue="q9"), aggregates(HALF_HOUR, media="chat")):
        api.script("POST", QUEUE_ROUTE, stranger)
        assert source.collect(order(queues=("Support",), name=repr(stranger)), DONE).intervals == ()


def test_only_members_with_figures_become_agents(source: QueriesSource) -> None:
    (agent,) = source.collect(order(queues=("Support",)), DONE).agents
    assert (agent.user_id, agent.name, agent.queues) == ("u1", "Ada", ("Support",))
    assert (agent.interacting_ms, agent.communicating_ms, agent.idle_ms) == (600000, 0, 200000)
    assert agent.scheduled_seconds is None


def test_users_are_asked_a_hundred_at_a_time(source: QueriesSource, api: ScriptedApi) -> None:
    first = [{"id": f"u{n:03d}", "name": f"Agent {n}"} for n in range(100)]
    api.script(
        "GET",
        f"{QUEUES}/q1/members",
        Reply({"entities": first}),
        Reply({"entities": [{"id": "u100", "name": "Z"}]}),
    )
    source.collect(order(queues=("Support",)), DONE)
    assert [len(request.json()["filter"]["predicates"]) for request in api.calls(USER_ROUTE)] == [100, 1]


def test_the_threshold_is_stated_if_all_queues_agree(source: QueriesSource) -> None:
    assert source.collect(order(queues=("Support",)), DONE).service_level_seconds == 20
    assert source.collect(order(queues=("Support",), media=("voice", "chat")), DONE).service_level_seconds is None


def test_a_repeated_step_sends_no_request_twice(source: QueriesSource, session: Session) -> None:
    first = source.collect(order(queues=("Support",)), DONE)
    sent = session.requests_sent
    assert source.collect(order(queues=("Support",)), DONE) == first
    assert session.requests_sent == sent


def test_another_run_asks_for_fresh_figures(source: QueriesSource, api: ScriptedApi) -> None:
    source.collect(order(queues=("Support",)), DONE)
    source.collect(order(queues=("Support",), name="another"), DONE)
    assert len(api.calls(QUEUE_ROUTE)) == 2


def test_a_missing_permission_for_queue_figures_is_an_error(source: QueriesSource, api: ScriptedApi) -> None:
    api.script("POST", QUEUE_ROUTE, Reply({"message": "[analytics:conversationAggregate:view]"}, 403))
    with pytest.raises(errors.PermissionMissing, match="analytics:conversationAggregate:view"):
        source.collect(order(queues=("Support",)), DONE)


def test_figures_fetched_before_the_windows_end_are_reported_as_a_gap(
    session: Session, answers: MemoryAnswers, source: QueriesSource
) -> None:
    early = QueriesSource(session, answers, lambda: datetime(2026, 11, 16, 20, tzinfo=UTC))
    kinds = [gap.kind for gap in early.collect(order(queues=("Support",)), DONE).gaps]
    assert "late_data" in kinds


def test_without_management_units_adherence_is_a_gap_that_says_so(source: QueriesSource) -> None:
    job = source.start(order(queues=("Support",)))
    assert job.state == "done"
    assert source.collect(order(queues=("Support",)), job).gaps == (
        gap("unavailable", GapText.NO_UNIT_NAMED, "adherence"),
    )


# --- adherence ---


def adherence_file(**user: object) -> dict[str, object]:
    day = {
        "adherenceScheduleSeconds": 28800,
        "exceptionDurationSeconds": 1440,
        "exceptionCount": 2,
        "actualLengthSeconds": 28000,
    }
    late = {
        "startOffsetSeconds": 28800,
        "endOffsetSeconds": 29400,
        "scheduledActivityCategory": "OnQueueWork",
        "actualActivityCategory": "Unscheduled",
        "systemPresence": "Offline",
    }
    actual = {"actualActivityCategory": "OnQueueWork", "startOffsetSeconds": 29400, "endOffsetSeconds": 57600}
    result = {"userId": "u1", "dayMetrics": [day], "exceptionInfo": [late], "actuals": [actual], **user}
    return {"managementUnitId": UNIT, "userResults": [result, {"userId": "stranger", "dayMetrics": [day]}]}


def complete(api: ScriptedApi) -> Reply:
    return Reply({"job": {"id": "job-1", "status": "Complete"}, "downloadUrls": [f"{api.url}/files/1"]})


def running() -> Reply:
    return Reply({"job": {"id": "job-1", "status": "Processing"}}, 202)


def test_the_adherence_job_is_polled_until_its_files_are_ready(source: QueriesSource, api: ScriptedApi) -> None:
    api.script("POST", BULK, running())
    api.script("GET", f"{BULK}/jobs/job-1", running(), complete(api))
    api.script("GET", "/files/1", Reply(adherence_file()))
    started = source.start(WFM_ORDER)
    looked = source.look(WFM_ORDER, started)
    finished_job = source.look(WFM_ORDER, looked)
    assert [started.state, looked.state, finished_job.state] == ["running", "running", "done"]
    (agent,) = source.collect(WFM_ORDER, finished_job).agents
    assert (agent.scheduled_seconds, agent.exception_seconds, agent.exceptions) == (28800, 1440, 2)
    assert agent.late_logins == 1
    assert "Authorization" not in api.calls("/files/1")[0].headers


def test_adherence_in_another_unit_is_a_gap(source: QueriesSource, api: ScriptedApi) -> None:
    api.script("POST", BULK, running())
    api.script("GET", f"{BULK}/jobs/job-1", complete(api))
    day = {"adherenceScheduleSeconds": 28_800_000, "exceptionDurationSeconds": 1000, "actualLengthSeconds": 28_800_000}
    api.script("GET", "/files/1", Reply(adherence_file(dayMetrics=[day])))
    rows = source.collect(WFM_ORDER, source.look(WFM_ORDER, source.start(WFM_ORDER)))
    assert [agent.scheduled_seconds for agent in rows.agents] == [None]
    (detail,) = (gap.detail for gap in rows.gaps if gap.metric == "adherence")
    assert detail.startswith("The adherence result has more scheduled time than the day has (agents: ")


def test_the_adherence_job_is_asked_with_exceptions_and_in_utc(source: QueriesSource, api: ScriptedApi) -> None:
    api.script("POST", BULK, running())
    source.start(WFM_ORDER)
    body = api.calls(BULK)[0].json()
    assert body["timeZone"] == "America/New_York"
    assert body["items"] == [
        {
            "managementUnitId": UNIT,
            "startDate": "2026-11-16T05:00:00.000Z",
            "endDate": "2026-11-17T05:00:00.000Z",
            "includeExceptions": True,
            "includeActuals": True,
        }
    ]


def test_a_start_that_is_done_again_joins_the_job(source: QueriesSource, api: ScriptedApi) -> None:
    api.script("POST", BULK, running())
    assert source.start(WFM_ORDER) == source.start(WFM_ORDER)
    assert len(api.calls(BULK)) == 1


def test_adherence_that_is_answered_at_once_needs_no_poll(source: QueriesSource, api: ScriptedApi) -> None:
    api.script("POST", BULK, complete(api))
    api.script("GET", "/files/1", Reply(adherence_file()))
    job = source.start(WFM_ORDER)
    assert job.state == "done"
    assert source.collect(WFM_ORDER, job).agents[0].scheduled_seconds == 28800


@pytest.mark.parametrize(
    ("says", "detail"),
    [
        (Reply({"message": "[wfm:historicalAdherence:view]"}, 403), "wfm:historicalAdherence:view"),
        (Reply({"message": "not found"}, 404), "no workforce management"),
    ],
)
def test_an_organisation_without_workforce_management_has_a_gap_and_no_error(
    source: QueriesSource, api: ScriptedApi, says: Reply, detail: str
) -> None:
    api.script("POST", BULK, says)
    job = source.start(WFM_ORDER)
    assert job.state == "done"
    assert source.look(WFM_ORDER, job).state == "done"
    (gap,) = source.collect(WFM_ORDER, job).gaps
    assert (gap.kind, gap.metric) == ("unavailable", "adherence")
    assert detail in gap.detail


@pytest.mark.parametrize("says", [Reply(status=404), Reply(status=503), Reply(hang_up=True)])
def test_a_job_that_is_not_there_yet_is_running(source: QueriesSource, api: ScriptedApi, says: Reply) -> None:
    api.script("POST", BULK, running())
    api.script("GET", f"{BULK}/jobs/job-1", says)
    assert source.look(WFM_ORDER, source.start(WFM_ORDER)).state == "running"


def test_an_unknown_job_state_is_waited_on(source: QueriesSource, api: ScriptedApi) -> None:
    api.script("POST", BULK, running())
    api.script("GET", f"{BULK}/jobs/job-1", Reply({"job": {"id": "job-1", "status": "Reticulating"}}))
    looked = source.look(WFM_ORDER, source.start(WFM_ORDER))
    assert looked.state == "running"
    assert "Reticulating" in looked.progress


def test_a_failed_calculation_is_a_gap_and_a_rerun_starts_another(source: QueriesSource, api: ScriptedApi) -> None:
    api.script("POST", BULK, running())
    api.script("GET", f"{BULK}/jobs/job-1", Reply({"job": {"id": "job-1", "status": "Error"}}))
    job = source.look(WFM_ORDER, source.start(WFM_ORDER))
    assert job.state == "done"
    assert [gap.kind for gap in source.collect(WFM_ORDER, job).gaps] == ["unavailable"]
    source.start(WFM_ORDER)
    assert len(api.calls(BULK)) == 2


def test_a_job_that_runs_too_long_can_be_collected_without_adherence(source: QueriesSource, api: ScriptedApi) -> None:
    api.script("POST", BULK, running())
    rows = source.collect(WFM_ORDER, source.start(WFM_ORDER))
    assert rows.intervals
    assert [(gap.kind, gap.metric) for gap in rows.gaps] == [("unavailable", "adherence")]


def test_an_expired_link_is_asked_for_once_more(source: QueriesSource, api: ScriptedApi) -> None:
    api.script("POST", BULK, complete(api))
    api.script("GET", f"{BULK}/jobs/job-1", complete(api))
    api.script("GET", "/files/1", Reply(status=403), Reply(adherence_file()))
    assert source.collect(WFM_ORDER, source.start(WFM_ORDER)).agents[0].scheduled_seconds == 28800


def test_a_unit_whose_file_is_missing_is_a_gap(source: QueriesSource, api: ScriptedApi) -> None:
    both_jobs = order(queues=("Support",), management_units=(UNIT, "unit-2"))
    api.script("POST", BULK, complete(api))
    api.script("GET", "/files/1", Reply(adherence_file()))
    gaps = source.collect(both_jobs, source.start(both_jobs)).gaps
    assert [(gap.kind, gap.metric) for gap in gaps] == [("partial", "adherence")]
    assert "unit-2" in gaps[0].detail


WEB_PAGE = Reply(b"<html>Sign in</html>", headers={"Content-Type": "text/html"})


def adherence_gap(source: QueriesSource, wfm_order: Order) -> str:
    """The reason for which a briefing, whose queues are known, has no adherence."""
    rows = source.collect(wfm_order, source.look(wfm_order, source.start(wfm_order)))
    assert rows.intervals
    (adherence,) = (gap for gap in rows.gaps if gap.metric == "adherence")
    assert adherence.kind == "unavailable"
    return adherence.detail


@pytest.mark.parametrize("says", [Reply(status=400), WEB_PAGE, Reply({"job": {"id": 7}}, 202)])
def test_a_start_that_is_refused_or_makes_no_sense_is_a_gap(
    source: QueriesSource, api: ScriptedApi, says: Reply
) -> None:
    api.script("POST", BULK, says)
    assert adherence_gap(source, WFM_ORDER) == GapText.ADHERENCE_FAILED.value


@pytest.mark.parametrize("says", [Reply(status=400), Reply(status=403), WEB_PAGE, Reply({"job": 7})])
def test_a_look_that_is_refused_or_makes_no_sense_is_a_gap(
    source: QueriesSource, api: ScriptedApi, says: Reply
) -> None:
    api.script("POST", BULK, running())
    api.script("GET", f"{BULK}/jobs/job-1", says)
    assert adherence_gap(source, WFM_ORDER) == GapText.ADHERENCE_FAILED.value


@pytest.mark.parametrize("says", [Reply(status=403), Reply(status=400), WEB_PAGE, Reply({"userResults": 7})])
def test_a_file_that_is_refused_or_makes_no_sense_is_a_gap(
    source: QueriesSource, api: ScriptedApi, says: Reply
) -> None:
    api.script("POST", BULK, complete(api))
    api.script("GET", f"{BULK}/jobs/job-1", complete(api))
    api.script("GET", "/files/1", says)
    assert adherence_gap(source, WFM_ORDER) == GapText.ADHERENCE_FAILED.value


@pytest.mark.parametrize("place", ["start", "file"])
def test_an_outage_of_adherence_is_tried_again_and_is_a_gap_at_the_last_attempt(
    source: QueriesSource, api: ScriptedApi, place: str
) -> None:
    api.script("POST", BULK, Reply(status=503) if place == "start" else complete(api))
    api.script("GET", "/files/1", Reply(status=503))
    with pytest.raises(errors.SourceUnavailable):
        source.collect(WFM_ORDER, source.start(WFM_ORDER))
    assert adherence_gap(source, replace(WFM_ORDER, is_last_attempt=True)) == GapText.ADHERENCE_FAILED.value


def test_one_odd_agent_leaves_the_adherence_of_the_others(source: QueriesSource, api: ScriptedApi) -> None:
    odd_day = {"adherenceScheduleSeconds": 28800, "actualLengthSeconds": -5}
    file = adherence_file()
    file["userResults"] += [{"userId": "u2", "dayMetrics": [odd_day], "exceptionInfo": [{}], "actuals": [{}]}]
    api.script("POST", BULK, complete(api))
    api.script("GET", "/files/1", Reply(file))
    rows = source.collect(WFM_ORDER, source.start(WFM_ORDER))
    assert {agent.user_id: agent.scheduled_seconds for agent in rows.agents} == {"u1": 28800, "u2": None}
    assert rows.gaps == ()


def test_adherence_from_a_foreign_host_is_refused(source: QueriesSource, api: ScriptedApi) -> None:
    answer = {"job": {"id": "job-1"}, "downloadUrls": ["https://evil.example/file"]}
    api.script("POST", BULK, Reply(answer))
    with pytest.raises(errors.MalformedAnswer, match="STANDUP_ORGANISATIONS__MAIN__DOWNLOAD_HOSTS"):
        source.collect(WFM_ORDER, source.start(WFM_ORDER))
