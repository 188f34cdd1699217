"""A trace never stops a step."""

from __future__ import annotations

from datetime import date

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from worker.domain.runs import RunId
from worker.state.runs import Runs
from worker.wiring import stores, tracing


def test_a_redis_that_is_away_leaves_a_run_without_a_timeline(monkeypatch: pytest.MonkeyPatch) -> None:
    unreachable = Runs(Redis(port=1, retry=Retry(NoBackoff(), 0)))
    monkeypatch.setattr(stores, "runs", lambda: unreachable)
    assert tracing.timeline(RunId("support-emea", date(2026, 11, 20))) == []
