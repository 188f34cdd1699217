"""Files are fetched in two hops, and become rows with what they lack said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.integration.genesys.conftest import Reply, ScriptedApi
from tests.integration.genesys.exports.conftest import AGENTS_CSV, LIST, Platform
from worker.domain.gap_texts import GapText
from worker.domain.rows import gap
from worker.errors import SourceUnavailable
from worker.genesys.exports.source import PDF_LIMIT, ExportsSource
from worker.genesys.source import ExportJob, Order


def test_both_files_become_rows(platform: Platform, source: ExportsSource, the_order: Order) -> None:
    rows = source.collect(the_order, platform.finished())
    (interval,), (agent,) = rows.intervals, rows.agents
    assert (interval.offered, interval.service_level_numerator, interval.service_level_denominator) == (12, 10, 11)
    assert (agent.name, agent.queues, agent.interacting_ms, agent.communicating_ms) == (
        "Ana",
        ("Support",),
        3_000_000,
        0,
    )
    assert [(note.what, note.id, note.rows, note.status) for note in rows.notes] == [
        ("export of queues", "e1", 1, "complete"),
        ("export of agents", "e2", 1, "complete"),
    ]
    assert [gap.metric for gap in rows.gaps] == ["adherence"]


def test_the_access_token_goes_to_the_link_and_not_to_the_signed_address(
    platform: Platform, source: ExportsSource, the_order: Order, api: ScriptedApi
) -> None:
    source.collect(the_order, platform.finished())
    (twin,), (signed,) = api.calls("/api/v2/downloads/d-e1"), api.calls("/files/e1.csv")
    assert twin.headers["Authorization"] == "Bearer token-1"
    assert twin.query["issueRedirect"] == ["false"]
    assert "Authorization" not in signed.headers
    assert signed.query == {"signature": ["secret"]}


def test_a_signed_link_that_has_expired_is_asked_for_again(
    platform: Platform, source: ExportsSource, the_order: Order, api: ScriptedApi
) -> None:
    job = platform.finished()
    old, fresh = Reply({"url": f"{api.url}/files/old.csv"}), Reply({"url": f"{api.url}/files/e2.csv"})
    platform.file("e2", AGENTS_CSV, old, fresh)
    api.script("GET", "/files/old.csv", Reply(status=403))
    assert source.collect(the_order, job).agents
    assert len(api.calls("/api/v2/downloads/d-e2")) == 2


def test_partial_results_are_a_gap_of_the_whole_export(
    platform: Platform, source: ExportsSource, the_order: Order
) -> None:
    rows = source.collect(the_order, platform.finished(status="COMPLETED_WITH_PARTIAL_RESULTS"))
    assert rows.gaps[0] == gap("partial", GapText.EXPORT_INCOMPLETE, export="export of queues")
    assert rows.gaps[0].detail == "The source says that its export of queues is incomplete."
    assert rows.notes[0].status == "partial"


def test_figures_are_as_old_as_the_job_that_was_joined(
    platform: Platform, source: ExportsSource, the_order: Order
) -> None:
    rows = source.collect(the_order, platform.finished(createdDateTime="2026-11-17T04:59:00.000Z"))
    assert rows.fetched_at == datetime(2026, 11, 17, 4, 59, tzinfo=UTC)
    assert "late_data" in {gap.kind for gap in rows.gaps}


def test_an_unknown_occupancy_is_reported_as_a_gap(platform: Platform, source: ExportsSource, the_order: Order) -> None:
    job = platform.finished()
    platform.file("e2", AGENTS_CSV.replace(b"Communicating", b"Something"))
    rows = source.collect(the_order, job)
    assert rows.agents[0].communicating_ms is None
    assert ("unavailable", "occupancy") in {(gap.kind, gap.metric) for gap in rows.gaps}


def test_percentages_without_counts_are_reported_as_a_gap(
    platform: Platform, source: ExportsSource, the_order: Order
) -> None:
    job = platform.finished()
    platform.file(
        "e1", b"Interval Start,Queue Id,Offer,Answer,Abandon,Service Level %\n11/16/26 09:00 AM,q1,400,390,10,81\n"
    )
    rows = source.collect(the_order, job)
    assert ("percent_only", "service_level") in {(gap.kind, gap.metric) for gap in rows.gaps}


def test_adherence_comes_from_the_same_job_as_with_queries(
    platform: Platform, source: ExportsSource, the_order: Order, api: ScriptedApi
) -> None:
    bulk = "/api/v2/workforcemanagement/adherence/historical/bulk"
    day = {"adherenceScheduleSeconds": 28800, "exceptionDurationSeconds": 600, "actualLengthSeconds": 28000}
    content = {"managementUnitId": "u", "userResults": [{"userId": "u1", "dayMetrics": [day]}]}
    api.script("POST", bulk, Reply({"job": {"id": "a1", "status": "Processing"}}, 202))
    api.script(
        "GET",
        f"{bulk}/jobs/a1",
        Reply({"job": {"id": "a1", "status": "Complete"}, "downloadUrls": [f"{api.url}/a"]}),
    )
    api.script("GET", "/a", Reply(content))
    order = replace(the_order, management_units=("u",))
    started = source.start(order)
    assert started.ids["adherence_job"] == "a1"
    platform.finished()
    finished_job = source.look(order, started)
    assert finished_job.state == "done"
    (agent,) = source.collect(order, finished_job).agents
    assert (agent.scheduled_seconds, agent.exception_seconds) == (28800, 600)


@pytest.mark.parametrize(
    ("content", "stored"),
    [(b"%PDF-1.7 a page", True), (b"<html>no</html>", False), (b"%PDF-" + b" " * PDF_LIMIT, False)],
)
def test_the_sources_own_pdf_is_kept_if_it_is_one(
    platform: Platform, source: ExportsSource, order_with_pdf: Order, content: bytes, stored: bool
) -> None:
    job = platform.finished()
    platform.lists([platform.job("e3")])
    platform.file("e3", content)
    assert source.pdf(order_with_pdf, replace(job, ids={**job.ids, "pdf": "e3"})) == (content if stored else None)


@pytest.mark.parametrize("fields", [{"status": "FAILED"}, {"downloadUrl": "https://elsewhere.example/x"}])
def test_an_unavailable_pdf_is_left_out(
    platform: Platform, source: ExportsSource, order_with_pdf: Order, fields: dict[str, object]
) -> None:
    platform.lists([platform.job("e3", **fields)])
    assert source.pdf(order_with_pdf, ExportJob("exports", "done", {"pdf": "e3"})) is None


def test_files_whose_jobs_are_not_remembered_are_found_with_one_look(
    platform: Platform, source: ExportsSource, the_order: Order, api: ScriptedApi
) -> None:
    source.collect(the_order, platform.finished())
    assert len(api.calls(LIST)) == 1


def test_a_job_that_has_left_the_list_is_looked_for_again_by_the_step(
    platform: Platform, source: ExportsSource, the_order: Order
) -> None:
    job = platform.finished()
    platform.lists([platform.job("e1")])
    with pytest.raises(SourceUnavailable, match="e2 is no longer listed"):
        source.collect(the_order, job)
