"""A group in New York and a whole small day of it, small enough to calculate by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from worker.domain.briefing.content import Briefing
from worker.domain.compose import build
from worker.domain.groups import Deliver, Group, Targets
from worker.domain.rows import AgentDay, Queue, QueueInterval, Rows, Window

DAY = date(2026, 10, 21)


@pytest.fixture(scope="session")
def make_group() -> Callable[..., Group]:
    def make(**changes: Any) -> Group:
        fields: dict[str, Any] = {
            "key": "support",
            "title": "Support",
            "zone": "America/New_York",
            "standup_at": time(7),
            "catch_up_until": time(12),
            "queues": ("Billing", "Sales"),
            "targets": Targets(service_level=0.8, abandonment=0.05, occupancy=(0.78, 0.86), adherence=0.92),
            "deliver": Deliver(),
        }
        return Group(**{**fields, **changes})

    return make


@pytest.fixture(scope="session")
def make_briefing(make_group: Callable[..., Group]) -> Callable[..., Briefing]:
    def make(
        rows: Rows, *, day: date = DAY, history: Any = None, business_days: Any = (), earlier: Any = None, **group: Any
    ) -> Briefing:
        group_of_day = make_group(**group)
        start = datetime.combine(day, time(), group_of_day.tz)
        end = datetime.combine(day + timedelta(days=1), time(), group_of_day.tz)
        return build(
            run_id=f"support:{day}",
            group=group_of_day,
            reporting_day=day,
            revision=1,
            window=Window(start, end),
            generated_at=datetime(2026, 10, 22, 10, 5, 12, tzinfo=UTC),
            rows=rows,
            history=history or {},
            business_days=business_days,
            earlier=earlier,
        )

    return make


@pytest.fixture(scope="session")
def half_hour() -> Callable[..., QueueInterval]:
    """Calls of a queue in a half-hour: in time, late and abandoned, each handled in 300 s and answered in 30 s."""

    def make(
        queue_id: str, start: datetime, in_time: int, late: int, abandoned: int, media: str = "voice"
    ) -> QueueInterval:
        answered = in_time + late
        return QueueInterval(
            queue_id,
            media,
            start.astimezone(UTC),
            offered=answered + abandoned,
            answered=answered,
            answered_late=late,
            abandoned=abandoned,
            handled=answered,
            handle_ms=answered * 300_000,
            answer_ms=answered * 30_000,
        )

    return make


@pytest.fixture(scope="session")
def small_day(half_hour: Callable[..., QueueInterval], make_group: Callable[..., Group]) -> Rows:
    """Two queues, four half-hours, three agents.

    ============  =========  =====  =========  ============
    09:00-11:00   in time    late   abandoned  offered
    Billing                                    .
      09:00       9          1      0          10
      10:00       10         8      2          20
      10:30       11         7      2          20
    Sales                                      .
      09:00       10         0      0          10
      10:30       38         1      1          40
    sum           78         17     5          100
    ============  =========  =====  =========  ============
    """
    zone = make_group().tz
    nine, ten, half_past = (
        datetime(2026, 10, 21, hour, minute, tzinfo=zone) for hour, minute in ((9, 0), (10, 0), (10, 30))
    )
    hour = 3_600_000
    return Rows(
        queues=(Queue("b", "Billing"), Queue("s", "Sales")),
        intervals=(
            half_hour("b", nine, 9, 1, 0),
            half_hour("b", ten, 10, 8, 2),
            half_hour("b", half_past, 11, 7, 2),
            half_hour("s", nine, 10, 0, 0),
            half_hour("s", half_past, 38, 1, 1),
        ),
        agents=(
            AgentDay("u1", "Ada", ("Billing",), 5 * hour, hour, hour, 28_800, 1_440, 1, 0),
            AgentDay("u2", "Ben", ("Sales",), 3 * hour, 0, 0, 14_400, 3_600, 2, 1),
            AgentDay("u3", "Cy", ("Sales",)),
        ),
        service_level_seconds=20,
        fetched_at=datetime(2026, 10, 22, 10, tzinfo=UTC),
    )
