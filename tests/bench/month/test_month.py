"""The month is filled and measured to its end. No figure is judged here."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.system


def test_a_small_month_is_filled_read_and_expired() -> None:
    command = [sys.executable, "-m", "tests.bench.month", "--groups", "4", "--days", "4", "--files"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = {line.partition(":")[0].strip() for line in output.splitlines()}
    assert {"used memory per run", "archive", "standup runs --state failed", "briefing.expire", "idle tick"} <= lines
