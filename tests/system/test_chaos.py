"""A short seed of `make chaos`: worker processes die, and every briefing arrives once or is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.morning import play
from tests.chaos.plan import plan
from tests.chaos.verdict import judge

pytestmark = pytest.mark.system

SEED, RUNS = 61493, 9
"""It kills a child of a worker, a process that makes a document, and a worker before it sends a message."""


def test_no_briefing_is_lost_or_sent_twice_in_a_morning_with_faults(tmp_path: Path) -> None:
    (morning,) = plan(SEED, RUNS)
    verdict = judge([play(tmp_path / "morning", morning)])
    assert verdict.problems == ()
    for fault in ("kill_render_process before compose", "kill_worker before sending"):
        assert verdict.faults[fault] == 1, "a fault that is not at random has found its moment"
    assert (verdict.runs, verdict.unknown) == (RUNS, verdict.unknown_alerted)
