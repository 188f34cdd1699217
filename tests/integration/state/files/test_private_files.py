"""Files with names and figures are created for their owner only, whatever the umask."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.integration.services.conftest import OUTGOING
from worker.alerts.forms import Alert
from worker.alerts.sending import AlertSender
from worker.cli import preview
from worker.state.files.answers import StoredAnswers
from worker.state.files.artifacts import Artifacts
from worker.state.files.decoded_answers import DecodedAnswers


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    umask = os.umask(0)
    yield
    os.umask(umask)


def modes(folder: Path) -> set[tuple[bool, str]]:
    return {(path.is_dir(), f"{path.stat().st_mode & 0o777:o}") for path in folder.rglob("*")}


PRIVATE = {(True, "700"), (False, "600")}


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_artifacts_are_private(scheme: str, tmp_path: Path) -> None:
    artifacts = Artifacts(f"{scheme}{tmp_path}/var/artifacts")
    artifacts.put("runs/support/2026-11-20/r1/rows.json", b"old")
    artifacts.put("runs/support/2026-11-20/r1/rows.json", b"new")
    assert artifacts.get("runs/support/2026-11-20/r1/rows.json") == b"new"
    assert modes(tmp_path) == PRIVATE


def test_an_artifact_is_on_the_disk_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that loses power must not leave a name without content."""
    calls: list[str] = []
    fsync, replace = os.fsync, os.replace

    def recorded_fsync(descriptor: int) -> None:
        calls.append(
            "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else f"{os.fstat(descriptor).st_size} bytes"
        )
        fsync(descriptor)

    def recorded_replace(draft: Path, path: Path) -> None:
        calls.append("name")
        replace(draft, path)

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    monkeypatch.setattr(os, "replace", recorded_replace)
    Artifacts(str(tmp_path)).put("runs/rows.json", b"rows")
    assert calls == ["4 bytes", "name", "folder"]
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["rows.json"]


def test_what_can_be_asked_for_again_is_not_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: pytest.fail("a stored answer was synced"))
    artifacts = Artifacts(str(tmp_path))
    StoredAnswers(artifacts, "main", lambda: datetime(2026, 11, 20, tzinfo=UTC), DecodedAnswers()).put("queue", 1, 60)
    assert len(artifacts.names("answers/main")) == 1


def test_an_existing_folder_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "artifacts").mkdir(0o755)
    Artifacts(str(tmp_path / "artifacts")).put("rows.json", b"rows")
    assert modes(tmp_path) == {(True, "755"), (False, "600")}


def test_the_alerts_file_is_private_and_keeps_earlier_lines(tmp_path: Path) -> None:
    file = tmp_path / "log" / "alerts.jsonl"
    alert = Alert("support:2026-11-20", "Support", "render", "x", "Ä", "", datetime(2026, 11, 20, tzinfo=UTC))
    for _ in range(2):
        AlertSender(lambda: None, file).write_down(alert, "no webhook")
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2
    assert modes(tmp_path) == PRIVATE


def test_the_files_of_a_preview_are_private(tmp_path: Path) -> None:
    assert preview._write(OUTGOING, tmp_path / "new" / "preview", "standup@example.com")
    assert modes(tmp_path) == PRIVATE
