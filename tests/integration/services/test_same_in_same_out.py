"""The same rows give the same documents and the same message, byte for byte, in whatever process."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = [sys.executable, "-m", "tests.integration.services.one_morning"]


def printed(seed: str) -> str:
    surroundings = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "UTC" if seed == "1" else "America/St_Johns"}
    return subprocess.run(PROGRAM, env=surroundings, capture_output=True, text=True, check=True).stdout


def test_processes_with_other_hash_seeds_and_other_clocks_send_the_same_bytes() -> None:
    first = printed("1")
    assert [len(line.split()) for line in first.splitlines()] == [3, 3]
    assert len(set(first.split())) == 6
    assert printed("2") == first
