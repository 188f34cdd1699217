"""What the first release stored is read, continued and deleted by today's code."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis

from tests.integration.state.releases import BUCKET, load_redis, write_rows
from worker.domain.briefing.codec import decode_rows
from worker.domain.metrics import Metric
from worker.domain.runs import RunId, RunState, Step
from worker.services.expiring import Expiry
from worker.state.ageing.compaction import Compaction
from worker.state.ageing.retention import Retention
from worker.state.deliveries import Deliveries
from worker.state.files.artifacts import ROWS, Artifacts, of_run
from worker.state.history import History
from worker.state.index.building import RunIndex
from worker.state.runs import Runs
from worker.state.token_bucket import TokenBucket

DELIVERED = RunId("northgate-support", date(2026, 11, 27))
PARTLY = RunId("three-readers", date(2026, 11, 27))
NOTIFIED = RunId("harbour-claims", date(2026, 11, 27))
FAILED = RunId("broken-exports", date(2026, 11, 28))
AFTER = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _first_release(redis: Redis, tmp_path: Path) -> None:
    load_redis(redis)
    write_rows(tmp_path, PARTLY)


def expire(redis: Redis, tmp_path: Path, now: datetime) -> dict[str, int]:
    """Delete what is older than 400 days, and make old records small."""
    days = dict.fromkeys(("rows", "documents", "records", "history"), 400)
    retention = Retention(Artifacts(str(tmp_path)), redis)
    return dict(Expiry(retention, Compaction(redis), RunIndex(redis), days, lambda: now).expire())


def test_its_runs_are_listed_with_their_ends(redis: Redis) -> None:
    assert {run.id: run.state for run in Runs(redis).newest()} == {
        DELIVERED: RunState.DELIVERED,
        PARTLY: RunState.PARTLY_DELIVERED,
        NOTIFIED: RunState.NOTIFIED,
        FAILED: RunState.FAILED,
    }


def test_a_run_is_explained_with_its_timeline_and_deliveries(redis: Redis) -> None:
    texts = [event.text for event in Runs(redis).timeline(PARTLY)]
    assert texts[0] == "claimed by beat"
    assert {"rows fetched", "documents made"} < set(texts)
    states = {record.recipient: record.state for record in Deliveries(redis).records(PARTLY)}
    assert states == {
        "first@example.com": "sent",
        "third@example.com": "sent",
        "left-last-month@example.com": "refused",
    }


def test_its_rows_are_read(tmp_path: Path) -> None:
    rows = decode_rows(Artifacts(str(tmp_path)).get(of_run(PARTLY, ROWS)))
    assert rows.agents[0].name == "Adaeze Lindqvist"
    assert sum(row.offered or 0 for row in rows.intervals) == 680


def test_its_days_are_compared_with(redis: Redis) -> None:
    figures = History(redis).days(DELIVERED.group)[DELIVERED.reporting_day]
    assert figures.counts.offered == 1504
    assert figures.ratios[Metric.SERVICE_LEVEL].denominator == 1504


def test_its_failed_run_is_resumed_at_the_export(redis: Redis) -> None:
    assert Runs(redis).resume(FAILED, "operator") == Step.EXPORT
    assert Runs(redis).enter(FAILED, Step.EXPORT, "worker")[0] == "mine"


def test_its_token_bucket_is_replaced_instead_of_stopping_all_requests(redis: Redis) -> None:
    assert redis.type(f"standup:bucket:{BUCKET}") == "hash"
    assert TokenBucket(redis, BUCKET, 300).reserve(10).granted


def test_its_old_runs_become_small_and_say_the_same(redis: Redis, tmp_path: Path) -> None:
    timelines = {run.id: Runs(redis).timeline(run.id) for run in Runs(redis).newest()}
    deliveries = Deliveries(redis).records_of(list(timelines))
    assert expire(redis, tmp_path, AFTER + timedelta(days=20)) == {}
    assert not redis.exists(f"standup:timeline:{PARTLY}")
    assert {run.id: Runs(redis).timeline(run.id) for run in Runs(redis).newest()} == timelines
    assert Deliveries(redis).records_of(list(timelines)) == deliveries


def test_its_runs_expire_and_nothing_of_them_is_left(redis: Redis, tmp_path: Path) -> None:
    assert expire(redis, tmp_path, AFTER + timedelta(days=401))["rows"] == 1
    assert Runs(redis).newest() == []
    assert [
        key for key in redis.scan_iter() if any(run.group in key for run in (DELIVERED, PARTLY, NOTIFIED, FAILED))
    ] == []
    assert list(tmp_path.rglob("*.json")) == []
