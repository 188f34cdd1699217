"""Plans of 22 October 2026 in New York, half-hour by half-hour from nine o'clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.unit.domain.briefing.conftest import make_group
from worker.domain.today.plan import MediumPlan, PlannedInterval, TodayPlan

__all__ = ["make_group"]

TODAY = date(2026, 10, 22)
NINE = datetime(2026, 10, 22, 9, tzinfo=ZoneInfo("America/New_York"))

Agents = tuple[float | None, float | None]
"""Required and scheduled agents of a half-hour."""


@pytest.fixture(scope="session")
def make_plan() -> Callable[..., TodayPlan]:
    def make(agents: Sequence[Agents], medium: str = "voice", offered: float | None = 100, **changes: Any) -> TodayPlan:
        intervals = tuple(
            PlannedInterval(half_hours_after(NINE, number), offered, 300, required, scheduled)
            for number, (required, scheduled) in enumerate(agents)
        )
        return TodayPlan(**{"day": TODAY, "media": (MediumPlan(medium, intervals),), **changes})

    return make


def half_hours_after(start: datetime, number: int) -> datetime:
    """Return an instant so many half-hours later, also across a clock change."""
    return (start.astimezone(UTC) + timedelta(minutes=30) * number).astimezone(start.tzinfo)
