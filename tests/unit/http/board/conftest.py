"""A group whose stand-up is at 08:30 in Berlin, and its runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from worker.domain.groups import Group
from worker.domain.runs import Run, RunId, RunState, Step

GROUP = Group.model_validate(
    {
        "key": "support",
        "title": "Support",
        "zone": "Europe/Berlin",
        "standup_at": "08:30",
        "catch_up_until": "11:00",
        "queues": ["Billing"],
        "deliver": {"email": ["ana@example.com", "bo@example.com"]},
    }
)
DAY = date(2026, 11, 25)
"""Wednesday, which the stand-up of Thursday is about."""


def berlin(text: str, day: int = 26) -> datetime:
    """Return an instant of Thursday 26 November 2026, or of another day, by the clocks of Berlin."""
    hour, minute = map(int, text.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=GROUP.tz).astimezone(UTC)


MakeRun = Callable[..., Run]


@pytest.fixture
def run() -> MakeRun:
    """Return a function that makes a run which began at 07:45."""

    def make(state: RunState = RunState.OPEN, step: Step = Step.POLL, revision: int = 1, **fields: Any) -> Run:
        values = {"created_at": berlin("07:45"), "briefed_day": DAY} | fields
        return Run(RunId("support", DAY, revision), state, step, "beat", **values)

    return make
