"""`standup demo` without the extra that has its libraries."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from worker.cli import demo


def test_without_its_libraries_the_demo_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_LIBRARIES", ("json", "no_such_library"))
    result = CliRunner().invoke(demo.demo, [])
    assert result.exit_code == 1
    assert 'The demo needs no_such_library: install "standup-briefings[sandbox]"' in result.output
