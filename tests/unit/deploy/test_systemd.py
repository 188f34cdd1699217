"""The units of deploy/systemd and the page that installs them fit together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SERVICES = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
PAGE = (ROOT / "docs" / "watching.md").read_text("utf-8")


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_the_shell_stores_where_a_unit_does(unit: Path) -> None:
    places = re.findall(r"^Environment=(STANDUP_(?:ARTIFACTS|ALERTS_FILE)=.*)$", unit.read_text("utf-8"), re.MULTILINE)
    assert len(places) == 2
    assert set(places) <= set(PAGE.splitlines())


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_a_unit_refers_to_files_that_exist(unit: Path) -> None:
    text = unit.read_text("utf-8")
    assert [name for name in re.findall(r"docs/[\w/-]+\.md", text) if not (ROOT / name).exists()] == []
    assert "Documentation=file:" not in text, "nothing installs the pages"
