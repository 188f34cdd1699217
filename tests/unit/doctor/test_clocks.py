"""Clocks that differ."""

from __future__ import annotations

import pytest

from worker.doctor.finding import Level
from worker.doctor.redis import clock_finding


@pytest.mark.parametrize(
    ("ahead", "level", "word"),
    [
        (0.0, Level.OK, "same time"),
        (-2.0, Level.OK, "same time"),
        (2.1, Level.WARNING, "2 s ahead of"),
        (-30.0, Level.WARNING, "30 s behind"),
        (61.0, Level.WRONG, "61 s ahead of"),
        (-3600.0, Level.WRONG, "3600 s behind"),
    ],
)
def test_a_clock_is_right_off_or_wrong(ahead: float, level: Level, word: str) -> None:
    finding = clock_finding("redis", "Redis", ahead)
    assert finding.level == level
    assert word in finding.fact
    assert bool(finding.way_out) == (level != Level.OK)
