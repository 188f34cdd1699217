"""A group file that cannot be reported does not keep the groups of the other files from their briefing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from worker.cli.demo.processes import python
from worker.domain.runs import RunId

ONE_TICK = "from tasks.start import start_due; start_due()"


@pytest.fixture
def prepared(installation: Installation) -> Installation:
    """An installation with a correct file, and one with a mistake whose name is Latin-1."""
    installation.start_sandbox({"groups": {"support": sandbox_group("Q1")}})
    installation.write_groups({"support": group("Support", "Q1")})
    folder = installation.folder / "groups"
    folder.mkdir()
    Path(installation.folder, "groups.toml").rename(folder / "a.toml")
    (folder / "k\udcf6ln.toml").write_text("[groups.cologne]\nzone = 1\n")
    installation.configure(GROUPS=str(folder))
    return installation


def tick(installation: Installation) -> None:
    installation.run(python("-c", ONE_TICK))


def test_a_file_whose_name_is_not_utf_8_stops_only_its_groups(prepared: Installation) -> None:
    tick(prepared)
    assert prepared.runs.get(RunId("support", DAY)) is not None
    (alert,) = prepared.alerts()
    assert "k\N{REPLACEMENT CHARACTER}ln.toml:2" in json.dumps(alert, ensure_ascii=False)
    output = prepared.standup("groups", expect=1)
    assert "k\N{REPLACEMENT CHARACTER}ln.toml:2" in output


def test_groups_begin_although_mistakes_of_others_cannot_be_reported(prepared: Installation) -> None:
    prepared.configure(ALERTS__WEBHOOK_URL="nonsense")
    tick(prepared)
    assert prepared.runs.get(RunId("support", DAY)) is not None
