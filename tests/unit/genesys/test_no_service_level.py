"""A queue for which the platform computes no service level has none: that is neither 0 % nor 100 %."""

from __future__ import annotations

from datetime import UTC, datetime

from worker.domain.metrics import service_level
from worker.domain.rows import Window
from worker.genesys.api.shapes import Aggregates
from worker.genesys.queries.aggregates import queue_intervals

WINDOW = Window(datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC))
BUCKET = "2026-11-20T09:00:00.000Z/2026-11-20T09:30:00.000Z"


def answer(*metrics: dict[str, object]) -> Aggregates:
    group = {"group": {"queueId": "q", "mediaType": "voice"}, "data": [{"interval": BUCKET, "metrics": list(metrics)}]}
    return Aggregates.model_validate({"results": [group]})


def level_of(*metrics: dict[str, object]) -> float | None:
    rows = tuple(queue_intervals(answer(*metrics), WINDOW, ["q"], ["voice"], "there"))
    collected_rows = service_level(rows)
    return collected_rows.value if collected_rows else None


ANSWERED = {"metric": "tAnswered", "stats": {"count": 7, "sum": 70000}}
OFFERED = {"metric": "nOffered", "stats": {"count": 8}}


def test_answered_contacts_without_a_service_level_are_no_hundred_percent() -> None:
    assert level_of(OFFERED, ANSWERED) is None


def test_the_platforms_own_numerator_and_denominator_count() -> None:
    level = {"metric": "oServiceLevel", "stats": {"ratio": 0.5, "numerator": 4, "denominator": 8}}
    assert level_of(OFFERED, ANSWERED, level) == 0.5


def test_a_service_level_with_no_contact_in_time_is_zero() -> None:
    level = {"metric": "oServiceLevel", "stats": {"ratio": 0.0, "numerator": 0, "denominator": 40}}
    assert level_of(OFFERED, ANSWERED, level) == 0.0
