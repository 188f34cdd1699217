"""Old data are deleted in batches, and the records of runs that are two days old are made small."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from redis import Redis

from worker.domain.runs import RunId, RunState
from worker.services.expiring import BATCH, COMPACT_AFTER, Expiry
from worker.state.ageing.compaction import Compaction
from worker.state.ageing.retention import Retention
from worker.state.files.artifacts import ROWS, Artifacts, of_run
from worker.state.index.building import RunIndex
from worker.state.runs import Runs

DAY = date(2026, 11, 20)


def test_more_than_a_batch_is_deleted_at_its_age(redis: Redis, tmp_path: Path) -> None:
    artifacts, run_ids = Artifacts(str(tmp_path)), [RunId(f"group-{number}", DAY) for number in range(BATCH + 20)]
    Runs(redis).claim_all("beat", [(run_id, {"state": RunState.MISSED}) for run_id in run_ids])
    for run_id in run_ids[:3]:
        artifacts.put(of_run(run_id, ROWS), b"{}")
    expiry = Expiry(
        Retention(artifacts, redis),
        Compaction(redis),
        RunIndex(redis),
        {"rows": 30, "records": 400},
        lambda: datetime(2028, 1, 1, tzinfo=UTC),
    )
    counts = expiry.expire()
    assert counts["rows"] == 3
    assert counts["records"] >= 3 * len(run_ids), "a record, a timeline and an entry in the list of each"
    assert Runs(redis).newest() == []
    assert artifacts.folders("runs") == []


def test_a_run_is_made_small_two_days_after_its_claim(redis: Redis, tmp_path: Path) -> None:
    runs, run_id = Runs(redis), RunId("support", DAY)
    runs.claim(run_id, "beat", state=RunState.MISSED)
    run = runs.get(run_id)
    assert run is not None
    now = run.created_at
    expiry = Expiry(Retention(Artifacts(str(tmp_path)), redis), Compaction(redis), RunIndex(redis), {}, lambda: now)
    expiry.expire()
    assert redis.hget(f"standup:run:{run_id}", "claim")
    now += COMPACT_AFTER + timedelta(seconds=1)
    expiry.expire()
    assert not redis.hget(f"standup:run:{run_id}", "claim")
