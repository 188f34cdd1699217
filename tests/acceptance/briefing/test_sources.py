"""Groups with reporting exports as their source go through the whole chain, whatever becomes of the exports."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from tests.acceptance.installation import Installation, group, sandbox_group, yesterday
from tests.acceptance.replay_month import pdf_text
from worker.cli.demo.cast import ZONES
from worker.domain.briefing.codec import decode_rows
from worker.domain.runs import Run, RunState
from worker.state.files.artifacts import of_run

CASES: dict[str, tuple[list[dict[str, object]], dict[str, object]]] = {
    "plain": ([], {"behind": ["half_hours", "source", "agents"]}),
    "partial": ([{"kind": "partial"}], {}),
    "held": ([{"kind": "partial"}], {"on_incomplete": "hold"}),
    "broken": ([{"kind": "failed", "reason": "SEARCH_CRITERIA_VALUES_EXCEED_LIMIT"}], {}),
}
MEDIA = {"plain": ["voice"], "partial": ["voice", "chat"], "held": ["voice", "email"], "broken": ["voice", "message"]}
"""Groups that ask for the same media of the same day share their exports, and with them what goes wrong."""

ZONE = next(zone for zone in ZONES if 1 <= datetime.now(ZoneInfo(zone)).hour < 22)
DAY = yesterday(ZONE)


@pytest.fixture(scope="module")
def morning(shared_installation: Installation) -> Installation:
    """A group for each case, a worker and a beat, after every run has ended."""
    installation = shared_installation
    worlds = {key: sandbox_group(f"Queue {key}", zone=ZONE, trouble=trouble) for key, (trouble, _) in CASES.items()}
    groups = {
        key: group(key, f"Queue {key}", zone=ZONE, source="exports", media=MEDIA[key]) | settings
        for key, (_, settings) in CASES.items()
    }
    installation.start_sandbox({"groups": worlds})
    installation.write_groups(groups)
    installation.start_worker()
    installation.start_beat()
    installation.wait_for_runs([f"{key}:{DAY}" for key in CASES])
    return installation


def run_of(installation: Installation, key: str) -> Run:
    return installation.wait_for_run(f"{key}:{DAY}")


def document(installation: Installation, run: Run, suffix: str) -> bytes:
    outgoing = installation.artifacts.get(of_run(run.id, "parcel.json")).decode()
    (name,) = {word for word in outgoing.split('"') if word.endswith(f".{suffix}") and DAY.isoformat() in word}
    return installation.artifacts.get(of_run(run.id, name))


def words(text: str) -> str:
    """Return the text with single spaces in place of line ends."""
    return " ".join(text.split())


def test_rows_notes_and_the_source_s_own_pdf_come_from_the_exports(morning: Installation) -> None:
    run, artifacts = run_of(morning, "plain"), morning.artifacts
    assert run.state == RunState.DELIVERED, run.sentence
    rows = decode_rows(artifacts.get(of_run(run.id, "rows.json")))
    assert [note.what for note in rows.notes] == ["export of queues", "export of agents"]
    assert {gap.metric for gap in rows.gaps} == {"adherence"}
    assert artifacts.get(of_run(run.id, "source.pdf")).startswith(b"%PDF-")
    outline = [item.get_title() for item in pypdfium2.PdfDocument(document(morning, run, "pdf")).get_toc()]
    assert outline[-3:] == ["All half-hours", "From the source", "All agents"]


def test_an_incomplete_export_is_reported_in_pdf_and_mail(morning: Installation) -> None:
    run = run_of(morning, "partial")
    assert run.state == RunState.DELIVERED, run.sentence
    assert "export of queues is incomplete" in words(pdf_text(document(morning, run, "pdf")))
    (mail,) = morning.mails_to("partial@example.com")
    assert "export of queues is incomplete" in words(mail.read_text(errors="replace").replace("=\n", ""))


def test_a_group_can_hold_an_incomplete_briefing(morning: Installation) -> None:
    run = run_of(morning, "held")
    assert (run.state, run.code) == (RunState.FAILED, "incomplete")


def test_a_failed_export_ends_the_run_with_its_reason_and_its_cure(morning: Installation) -> None:
    run = run_of(morning, "broken")
    assert (run.state, run.code) == (RunState.FAILED, "export_failed")
    assert "names more queues or agents than the view takes" in run.sentence
    assert "Give the group fewer queues" in run.sentence


def test_only_delivered_groups_have_mail(morning: Installation) -> None:
    recipients = {mail.stem.partition("-")[2] for mail in morning.mails()}
    assert recipients == {"plain@example.com", "partial@example.com"}


def test_each_group_starts_two_exports_and_one_the_pdf(morning: Installation) -> None:
    starts = [
        request
        for request in morning.requests()
        if request["method"] == "POST" and request["path"].endswith("/reporting/exports")
    ]
    assert len(starts) == 2 * len(CASES) + 1
