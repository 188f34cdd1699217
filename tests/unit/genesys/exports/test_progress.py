"""What is kept between steps is texts by key, and nothing gets lost in them."""

from __future__ import annotations

import json

from worker.genesys.exports.progress import AGENTS, PDF_LOOKS, QUEUES, Progress
from worker.genesys.source import ExportJob


def test_exports_are_known_by_kind_in_batches_too() -> None:
    progress = Progress({"queues": "1", "queues-2": "2", "agents": "3", "pdf": "4", "adherence_job": "5"})
    assert list(progress.exports()) == ["queues", "queues-2", "agents", "pdf"]
    assert list(progress.exports(QUEUES)) == ["queues", "queues-2"]
    assert list(progress.exports(AGENTS)) == ["agents"]


def test_a_restarted_export_is_counted_and_survives_json() -> None:
    progress = Progress({"queues": "1", "agents": "2"})
    progress.schedule_restart("agents")
    reloaded = Progress(*json.loads(json.dumps([progress.ids, progress.memory])))
    assert (reloaded.ids, reloaded.to_restart()) == ({"queues": "1"}, ["agents"])
    assert (reloaded.restarts("agents"), reloaded.restarts("queues")) == (1, 0)


def test_the_adherence_job_is_read_back_unchanged() -> None:
    progress = Progress({"queues": "1"})
    progress.update_adherence(ExportJob("queries", "running", {"adherence_job": "a"}))
    assert (progress.adherence.state, progress.adherence.ids) == ("running", {"adherence_job": "a"})
    progress.update_adherence(ExportJob("queries", "done", {"adherence_refused": "no licence"}))
    assert (progress.adherence.state, progress.adherence.ids) == ("done", {"adherence_refused": "no licence"})
    assert progress.ids["queues"] == "1"


def test_ids_contain_only_the_job_ids_of_the_source() -> None:
    progress = Progress({"queues": "1", "agents": "2"})
    progress.update_adherence(ExportJob("queries", "running", {"adherence_job": "a"}))
    progress.schedule_restart("queues")
    progress.may_wait_for_pdf()
    assert progress.ids == {"agents": "2", "adherence_job": "a"}
    progress.started({"queues": "3"})
    assert (progress.ids["queues"], progress.to_restart()) == ("3", [])


def test_the_pdf_alone_is_looked_for_a_few_times() -> None:
    progress = Progress({"pdf": "1"})
    assert [progress.may_wait_for_pdf() for _ in range(PDF_LOOKS + 2)] == [True] * PDF_LOOKS + [False, False]
