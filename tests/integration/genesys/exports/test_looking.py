"""One look at the list says how an order's exports stand."""

from __future__ import annotations

import pytest

from tests.integration.genesys.conftest import Reply, ScriptedApi
from tests.integration.genesys.exports.conftest import LIST, NAME, Platform
from worker.errors import ExportFailed
from worker.genesys.exports.source import ExportsSource
from worker.genesys.source import ExportJob, Order

JOB = ExportJob("exports", "running", {"queues": "e1", "agents": "e2"})
PASSING = "FAILED_GETTING_DATA_FROM_SERVICE"


def test_exports_are_waited_for_until_both_are_completed(
    platform: Platform, source: ExportsSource, the_order: Order
) -> None:
    queues, agents = platform.job("e1"), platform.job("e2", agents=True)
    platform.lists(
        [],
        [queues | {"status": "SUBMITTED"}, agents | {"status": "RUNNING", "percentageComplete": 40}],
        [agents, queues | {"status": "SOMETHING_NEW"}],
        [agents, queues],
    )
    looks = [source.look(the_order, JOB) for _ in range(4)]
    assert [(look.state, look.progress) for look in looks] == [
        ("running", "queues: not listed yet; agents: not listed yet"),
        ("running", "queues: SUBMITTED; agents: RUNNING 40 %"),
        ("running", "queues: SOMETHING_NEW"),
        ("done", "COMPLETED"),
    ]
    assert not any(look.dispensable for look in looks[:3])


@pytest.mark.parametrize("says", [Reply(status=503), Reply(status=502), Reply(hang_up=True)])
def test_a_list_that_is_away_is_waited_for_like_a_job_that_is_not_there(
    platform: Platform, source: ExportsSource, the_order: Order, says: Reply
) -> None:
    platform.lists(says, [platform.job("e1"), platform.job("e2", agents=True)])
    looked = source.look(the_order, JOB)
    assert (looked.state, looked.ids, looked.dispensable) == ("running", JOB.ids, False)
    assert looked.progress.startswith("not there yet (GET /api/v2/analytics/reporting/exports")
    assert source.look(the_order, looked).state == "done"


def test_a_job_that_is_known_to_be_completed_is_not_asked_about_again(
    platform: Platform, source: ExportsSource, the_order: Order, api: ScriptedApi
) -> None:
    platform.finished()
    assert source.look(the_order, JOB).state == "done"
    platform.lists([])
    assert source.look(the_order, JOB).state == "done"
    assert len(api.calls(LIST)) == 1


def test_a_temporary_failure_is_restarted_and_the_third_ends_the_run(
    platform: Platform, source: ExportsSource, the_order: Order
) -> None:
    agents = platform.job("a1", agents=True)

    def failed(*ids: str) -> list[dict[str, object]]:
        return [agents] + [
            platform.job(
                item, name=NAME if n == 0 else f"{NAME}~{n + 1}", status="FAILED", exportErrorMessagesType=PASSING
            )
            for n, item in enumerate(ids)
        ]

    platform.lists(failed("e0"))
    noticed = source.look(the_order, ExportJob("exports", "running", {**JOB.ids, "queues": "e0", "agents": "a1"}))
    assert (noticed.state, "queues" in noticed.ids) == ("running", False)
    assert f"queues: failed ({PASSING}), is restarted" in noticed.progress
    assert platform.posted() == []

    restarted = source.look(the_order, noticed)
    assert (restarted.ids["queues"], platform.posted()[0]["name"]) == ("e1", f"{NAME}~2")

    platform.lists(failed("e0", "e1"))
    third = source.look(the_order, source.look(the_order, restarted))
    assert third.ids["queues"] == "e2"
    platform.lists(failed("e0", "e1", "e2"))
    with pytest.raises(ExportFailed, match=f"failed after 3 attempts: {PASSING}"):
        source.look(the_order, third)


@pytest.mark.parametrize(
    ("status", "reason", "sentence"),
    [
        ("FAILED", "TOO_MANY_SEARCH_CRITERIA", "it names too many queues or agents. Give the group fewer queues"),
        ("FAILED", None, "no reason, the platform gives no reason"),
        ("CANCELLED", None, "was cancelled in Genesys. Run the briefing again"),
    ],
)
def test_a_permanent_failure_ends_the_run_with_the_way_out(
    platform: Platform, source: ExportsSource, the_order: Order, status: str, reason: str | None, sentence: str
) -> None:
    platform.lists([platform.job("e1", status=status, exportErrorMessagesType=reason)])
    with pytest.raises(ExportFailed, match=sentence):
        source.look(the_order, JOB)
    assert platform.posted() == []


def test_the_sources_own_pdf_fails_no_run_and_is_not_waited_for_long(
    platform: Platform, source: ExportsSource, order_with_pdf: Order
) -> None:
    both_jobs = [platform.job("e1"), platform.job("e2", agents=True)]
    job = ExportJob("exports", "running", {**JOB.ids, "pdf": "e3"})
    platform.lists([*both_jobs, platform.job("e3", status="RUNNING")])
    states = []
    for _ in range(3):
        job = source.look(order_with_pdf, job)
        states.append((job.state, job.dispensable))
    assert states == [("running", True), ("running", True), ("done", True)]
    platform.lists(
        [*both_jobs, platform.job("e4", status="FAILED", exportErrorMessagesType="EXPORT_TYPE_NOT_IMPLEMENTED")]
    )
    assert source.look(order_with_pdf, ExportJob("exports", "running", {**JOB.ids, "pdf": "e4"})).state == "done"
