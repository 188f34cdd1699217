"""Operations hear once of the runs that are held, and those are not reported as late as well."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from redis import Redis

from tests.integration.alerts.test_redis_outage import Webhook
from worker.alerts.lost_ledger import MOST_NAMED, LostRunAlerts
from worker.alerts.sending import AlertSender
from worker.domain.runs import RunId
from worker.state.alert_dedup import AlertDedup
from worker.state.watch import Watch

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
RUNS = [RunId(f"group-{number:02}", date(2026, 11, 19)) for number in range(MOST_NAMED + 3)]


def test_held_runs_are_reported_once_with_the_command_that_sends_one(redis: Redis, tmp_path: Path) -> None:
    webhook, watch = Webhook(), Watch(redis)
    alerts = LostRunAlerts(
        AlertDedup(redis), watch, AlertSender(lambda: webhook, tmp_path / "alerts.jsonl"), lambda: NOW
    )
    alerts.report([])
    for _ in range(3):
        alerts.report(RUNS[:-1])
    alerts.report(RUNS)
    first, second = webhook.alerts
    assert first.title == "Briefings are held: the record of what was sent is gone"
    assert "14 runs" in first.sentence
    assert first.rerun_command == "standup recover-ledger"
    assert second.run_id == str(RUNS[-1])
    assert not any(watch.claim(run_id) for run_id in RUNS), "none is reported as late as well"
