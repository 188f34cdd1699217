"""Intervals and agents with as few figures as a test needs."""

from collections.abc import Callable
from typing import Any

import pytest

from worker.domain.rows import AgentDay, QueueInterval


@pytest.fixture(scope="session")
def interval() -> Callable[..., QueueInterval]:
    def make(queue_id: str = "q1", media_type: str = "voice", **figures: Any) -> QueueInterval:
        return QueueInterval(queue_id, media_type, figures.pop("start", None), **figures)

    return make


@pytest.fixture(scope="session")
def agent() -> Callable[..., AgentDay]:
    def make(user_id: str = "u1", **figures: Any) -> AgentDay:
        return AgentDay(user_id, f"Agent {user_id}", **figures)

    return make
