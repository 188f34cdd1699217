"""Operations hear of mistakes in the group files, and whether a group is stopped by them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis

from tests.integration.alerts.test_redis_outage import Webhook
from worker.alerts.group_files import GroupFileAlerts
from worker.alerts.sending import AlertSender
from worker.groupfiles import reading
from worker.state.alert_dedup import AlertDedup

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("a.toml", "Group files with mistakes: the groups named below do not run"),
        ("a.TOML", "Group files that have no effect"),
    ],
)
def test_the_heading_says_that_groups_do_not_run_only_if_a_mistake_stops_one(
    name: str, title: str, redis: Redis, tmp_path: Path
) -> None:
    (tmp_path / name).write_text("[groups.sick]\nzone = 1\n", "utf-8")
    webhook = Webhook()
    alerts = GroupFileAlerts(AlertDedup(redis), AlertSender(lambda: webhook, tmp_path / "alerts.jsonl"))
    for _ in range(2):
        alerts.report(reading.read(tmp_path), NOW)
    (alert,) = webhook.alerts
    assert alert.title == title
    assert name in alert.sentence
