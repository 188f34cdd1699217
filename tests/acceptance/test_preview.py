"""`standup preview --open-as` shows what would be sent, with whatever this machine opens such files with."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pypdfium2
import pytest

from tests.acceptance.installation import Installation
from tests.acceptance.test_shell import DAY, GROUP, furnish

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="on other systems no xdg-open is asked")


def desk(folder: Path) -> Path:
    """A desktop whose opener notes what it is asked to open; the note."""
    opener, note = folder / "desk" / "xdg-open", folder / "opened"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$1" > {note}.part && mv {note}.part {note}\n')
    opener.chmod(0o755)
    return note


@pytest.mark.parametrize(("kind", "begins"), [("png", b"\x89PNG"), ("xlsx", b"PK")])
def test_a_preview_is_opened_as_what_was_asked_for(installation: Installation, kind: str, begins: bytes) -> None:
    furnish(installation)
    note = desk(installation.folder)
    installation.environment["PATH"] = f"{installation.folder / 'desk'}:{os.environ['PATH']}"
    out = installation.folder / "preview"
    said = json.loads(
        installation.standup("preview", "support", "--date", str(DAY), "--out", str(out), "--open-as", kind, "--json")
    )
    give_up_at = time.monotonic() + 10
    while not note.exists() and time.monotonic() < give_up_at:
        time.sleep(0.05)
    opened = Path(note.read_text().strip())
    assert opened.suffix == f".{kind}"
    assert opened.read_bytes().startswith(begins)
    assert str(opened) in said["files"]


@pytest.mark.parametrize(
    ("source", "behind", "titles"),
    [
        ("queries", ["queues", "half_hours", "agents"], ["All queues", "All half-hours", "All agents"]),
        ("exports", ["source", "queues"], ["From the source", "All queues"]),
    ],
)
def test_a_preview_has_behind_its_pages_what_the_group_wants(
    installation: Installation, source: str, behind: list[str], titles: list[str]
) -> None:
    furnish(installation)
    installation.write_groups({"support": {**GROUP, "source": source, "behind": behind}})
    said = json.loads(
        installation.standup("preview", "support", "--date", str(DAY), "--out", str(installation.folder), "--json")
    )
    (path,) = (path for path in said["files"] if path.endswith(".pdf"))
    outline = [item.get_title() for item in pypdfium2.PdfDocument(Path(path).read_bytes()).get_toc()]
    assert outline[-len(titles) :] == titles
