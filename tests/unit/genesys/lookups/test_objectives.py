"""The service level that a queue is set to have, from its media settings."""

from __future__ import annotations

from typing import Any

import pytest

from worker.domain.rows import Queue, ServiceObjective
from worker.genesys.api.shapes import QueueEntity, read
from worker.genesys.lookups.queues import FoundQueue, _targets, _thresholds, objectives


def queue_with(settings: Any) -> FoundQueue:
    entity = read(QueueEntity, {"id": "q", "name": "Q", "mediaSettings": settings}, "a queue")
    return FoundQueue(Queue(entity.id, entity.name), dict(_thresholds(entity)), dict(_targets(entity)))


def level(**parts: float) -> dict[str, Any]:
    return {"serviceLevel": parts}


def test_each_medium_has_its_own_share_and_seconds_and_a_call_is_voice() -> None:
    settings = {
        "call": level(percentage=0.8, durationMs=20_000),
        "email": level(percentage=0.95, durationMs=86_400_000),
    }
    assert objectives([queue_with(settings)], ("voice", "email")) == (
        ServiceObjective("q", "voice", 0.8, 20.0),
        ServiceObjective("q", "email", 0.95, 86_400.0),
    )


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"call": level(percentage=0.8)}, (ServiceObjective("q", "voice", 0.8, None),)),
        ({"call": level(durationMs=500)}, (ServiceObjective("q", "voice", None, 0.5),)),
        ({"call": level(percentage=0, durationMs=1_000)}, (ServiceObjective("q", "voice", 0.0, 1.0),)),
        ({"call": level(percentage=80, durationMs=1_000)}, (ServiceObjective("q", "voice", None, 1.0),)),
        ({"call": {}}, ()),
        ({"call": None}, ()),
        ({"chat": level(percentage=0.8, durationMs=1_000)}, ()),
        ({}, ()),
        (None, ()),
    ],
)
def test_what_a_queue_does_not_say_is_not_known(settings: Any, expected: tuple[ServiceObjective, ...]) -> None:
    assert objectives([queue_with(settings)], ("voice",)) == expected
