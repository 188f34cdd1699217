"""Stored rows and messages that a machine without power has written in part."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tests.integration.services.conftest import OUTGOING, RUN
from worker.domain.briefing.codec import encode_rows
from worker.domain.groups import Group
from worker.domain.rows import Rows
from worker.domain.runs import Run
from worker.services import packing
from worker.services.delivering import Delivering
from worker.services.rendering import Rendering
from worker.state.deliveries import Deliveries
from worker.state.files.artifacts import MESSAGE, ROWS, ArtifactDamaged, Artifacts, of_run
from worker.state.runs import Runs

GROUP = Group(
    key=RUN.group, title="Support", zone="UTC", standup_at=time(8), catch_up_until=time(9), queues=("Q",), deliver={}
)


def unused(*_: Any) -> Any:
    raise AssertionError("the step has gone on with a damaged input")


@pytest.fixture
def run(redis: Redis) -> Run:
    runs = Runs(redis)
    runs.claim(RUN, "beat")
    run = runs.get(RUN)
    assert run is not None
    return run


@pytest.mark.parametrize("size", [0, 1, 30, -1])
def test_torn_rows_are_named_as_damaged(size: int, run: Run, tmp_path: Path) -> None:
    artifacts = Artifacts(str(tmp_path))
    artifacts.put(of_run(RUN, ROWS), encode_rows(Rows((), ()))[:size])
    rendering = Rendering(artifacts, unused, unused, unused, unused, unused, unused, lambda: datetime.now(UTC))  # type: ignore[arg-type]
    with pytest.raises(ArtifactDamaged, match=r"rows\.json is damaged .*`standup run`"):
        rendering.render(GROUP, run)


@pytest.mark.parametrize("size", [0, 1, 200, -1])
def test_a_torn_message_is_named_as_damaged(size: int, run: Run, redis: Redis, tmp_path: Path) -> None:
    artifacts = Artifacts(str(tmp_path))
    artifacts.put(of_run(RUN, MESSAGE), packing.encode(OUTGOING)[:size])
    delivering = Delivering(
        Runs(redis), Deliveries(redis), artifacts, unused, unused, lambda: datetime.now(UTC), timedelta(minutes=30)
    )
    with pytest.raises(ArtifactDamaged, match=r"parcel\.json is damaged"):
        delivering.deliver(GROUP, run)
