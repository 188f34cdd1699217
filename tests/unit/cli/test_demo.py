"""`standup demo` without the distribution that it plays against."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from worker.cli import demo


def test_without_its_libraries_the_demo_names_the_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_LIBRARIES", ("json", "no_such_library"))
    result = CliRunner().invoke(demo.demo, [])
    assert result.exit_code == 1
    assert "The demo needs no_such_library, which" in result.output
    assert 'Install the distribution "standup-sandbox"' in result.output


@pytest.mark.parametrize("module", ["no_such_package", "no_such_package.scenario"])
def test_without_the_sandbox_the_demo_names_it(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    monkeypatch.setattr(demo, "_SANDBOX", module)
    result = CliRunner().invoke(demo.demo, [])
    assert result.exit_code == 1
    assert "The demo needs the sandbox, which" in result.output
