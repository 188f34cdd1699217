"""Groups that take their figures from reporting exports go through the whole chain, whatever the exports come to."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pypdfium2

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday
from tests.acceptance.replay_month import pdf_text
from worker.cli.demo.cast import ZONES
from worker.domain.briefing.codec import decode_rows
from worker.domain.runs import Run, RunState
from worker.state.artifacts import of_run

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


def furnish(installation: Installation) -> None:
    worlds = {
        key: {"zone": ZONE, "queues": [f"Queue {key}"], "agents": 4, "workdays": ALL_WEEK, "trouble": trouble}
        for key, (trouble, _) in CASES.items()
    }
    groups = {
        key: {
            "title": key.title(),
            "zone": ZONE,
            "source": "exports",
            "queues": [f"Queue {key}"],
            "media": MEDIA[key],
            "deliver": {"email": [f"{key}@example.com"]},
            **more,
        }
        for key, (_, more) in CASES.items()
    }
    installation.start_sandbox({"groups": worlds})
    installation.write_groups(groups)
    installation.start_worker()
    installation.start_beat()


def document(installation: Installation, run: Run, ending: str) -> bytes:
    parcel = installation.parts.artifacts.get(of_run(run.id, "parcel.json")).decode()
    (name,) = {word for word in parcel.split('"') if word.endswith(f".{ending}") and DAY.isoformat() in word}
    return installation.parts.artifacts.get(of_run(run.id, name))


def test_groups_on_exports_get_their_briefing_or_a_reason(installation: Installation) -> None:
    furnish(installation)
    runs = {run.id.group: run for run in installation.wait_for_runs([f"{key}:{DAY}" for key in CASES])}

    assert runs["plain"].state == RunState.DELIVERED, runs["plain"].sentence
    rows = decode_rows(installation.parts.artifacts.get(of_run(runs["plain"].id, "rows.json")))
    assert [note.what for note in rows.notes] == ["export of queues", "export of agents"]
    assert {gap.metric for gap in rows.gaps} == {"adherence"}
    assert installation.parts.artifacts.get(of_run(runs["plain"].id, "source.pdf")).startswith(b"%PDF-")
    outline = [
        item.get_title() for item in pypdfium2.PdfDocument(document(installation, runs["plain"], "pdf")).get_toc()
    ]
    assert outline[-3:] == ["All half-hours", "From the source", "All agents"]

    assert runs["partial"].state == RunState.DELIVERED, runs["partial"].sentence
    assert "export of queues is incomplete" in " ".join(
        pdf_text(document(installation, runs["partial"], "pdf")).split()
    )
    (mail,) = (path for path in installation.mails() if "partial@" in path.name)
    assert "export of queues is incomplete" in " ".join(mail.read_text(errors="replace").replace("=\n", "").split())

    assert (runs["held"].state, runs["held"].code) == (RunState.FAILED, "incomplete")
    assert (runs["broken"].state, runs["broken"].code) == (RunState.FAILED, "export_failed")
    assert "names more queues or agents than the view takes" in runs["broken"].sentence
    assert "Give the group fewer queues" in runs["broken"].sentence

    assert {name for path in installation.mails() for name in CASES if f"{name}@" in path.name} == {"plain", "partial"}
    asked = [
        one for one in installation.requests() if one["method"] == "POST" and one["path"].endswith("/reporting/exports")
    ]
    assert len(asked) == 2 * len(CASES) + 1
