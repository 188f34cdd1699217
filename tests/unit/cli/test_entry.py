"""Ctrl-C before the commands are imported ends as it does later: one line, exit status 130."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

from worker import shell


def test_ctrl_c_while_the_commands_are_imported_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    original = builtins.__import__

    def interrupted(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "worker.cli":
            raise KeyboardInterrupt
        return original(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", interrupted)
    with pytest.raises(SystemExit) as ending:
        shell.main()
    assert ending.value.code == 130
    assert capsys.readouterr().err == "Interrupted.\n"
