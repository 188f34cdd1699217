"""The sandbox as a program of its own, for tests that talk to its API over the wire."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running_sandbox(scenario: str, folder: Path) -> Iterator[str]:
    """Run a sandbox with the scenario's text in the folder, and give the address of its API. It ends with the block."""
    path = folder / "scenario.toml"
    path.write_text(scenario, encoding="utf-8")
    command = [sys.executable, "-m", "sandbox", "--scenario", str(path), "--out", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            yield json.loads(program.stdout.readline())["api"]
        finally:
            program.terminate()
