from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from worker.domain.groups import Group


@pytest.fixture
def group() -> Callable[..., Group]:
    """Make a group: Berlin, Monday to Friday, 08:30, until 10:30, 45 minutes ahead, with what the test changes."""

    def make(**changes: Any) -> Group:
        fields: dict[str, Any] = {
            "key": "support",
            "title": "Support",
            "zone": "Europe/Berlin",
            "standup_at": "08:30",
            "catch_up_until": "10:30",
            "queues": ("Support",),
            "deliver": {"email": ("lead@example.com",)},
        }
        return Group.model_validate(fields | changes)

    return make
