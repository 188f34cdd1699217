"""The watchdog: a late run is reported once, and a busy webhook is tried again at the next look."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import tomli_w
from pydantic import SecretStr
from redis import Redis

from worker.alerts.late import LateRunAlerts
from worker.alerts.sending import AlertSender
from worker.alerts.webhook import AlertWebhook
from worker.domain.calendar.schedule import due_groups
from worker.domain.runs import RunId, RunState, Step
from worker.groupfiles.reloading import Groups
from worker.state.runs import Runs
from worker.state.watch import Watch

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Webhook(ThreadingHTTPServer):
    """Takes alerts, or answers as the test wishes."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Take)
        self.alerts: list[dict[str, str]] = []


class _Take(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status == 200:
            self.server.alerts.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    server = Webhook()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class Watchdog:
    """The watchdog of two groups whose stand-up was at midnight. A test sets its clock."""

    def __init__(self, redis: Redis, group_file: Path, webhook: Webhook) -> None:
        self.redis = redis
        self.runs = Runs(redis)
        self.now = NOON
        self.groups = Groups(group_file)
        url = SecretStr(f"http://127.0.0.1:{webhook.server_port}/alerts")
        sender = AlertSender(lambda: AlertWebhook(url), group_file.parent / "alerts.jsonl")
        self.alerts = LateRunAlerts(self.runs, Watch(redis), self.groups, sender, lambda: self.now)

    def look(self, minutes: float) -> None:
        """Look this many minutes after noon."""
        self.now = NOON + timedelta(minutes=minutes)
        self.alerts.look()

    def run_of(self, key: str) -> RunId:
        [due] = [due for due in due_groups(NOON, self.groups.file().groups) if due.group.key == key]
        return RunId(key, due.reporting_day)


GROUP = {
    "title": "T",
    "zone": "UTC",
    "standup_at": "00:00",
    "lead_minutes": 0,
    "catch_up_until": "23:59",
    "workdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "queues": ["Q"],
    "deliver": {"email": []},
}


@pytest.fixture
def watchdog(redis: Redis, tmp_path: Path, webhook: Webhook) -> Watchdog:
    path = tmp_path / "groups.toml"
    path.write_text(tomli_w.dumps({"groups": {"one": GROUP, "two": GROUP}}))
    return Watchdog(redis, path, webhook)


def watchdog_of(group_count: int, redis: Redis, folder: Path, webhook: Webhook) -> tuple[Watchdog, list[str]]:
    """Return a watchdog and the keys of its groups."""
    keys = [f"group-{number:02}" for number in range(group_count)]
    (folder / "groups.toml").write_text(tomli_w.dumps({"groups": dict.fromkeys(keys, GROUP)}))
    return Watchdog(redis, folder / "groups.toml", webhook), keys


def test_an_open_run_is_reported_late_once_and_its_own_alert_is_still_to_come(
    watchdog: Watchdog, webhook: Webhook
) -> None:
    late_run, two = watchdog.run_of("one"), watchdog.run_of("two")
    for run_id in (late_run, two):
        watchdog.runs.claim(run_id, "beat", source="queries")
    watchdog.redis.hset(f"standup:run:{two}", "state", RunState.DELIVERED)
    watchdog.redis.hset(f"standup:run:{late_run}", "created_ms", int(NOON.timestamp() * 1000))
    watchdog.look(9)
    assert webhook.alerts == []
    for _ in range(3):
        watchdog.look(11)
    [alert] = webhook.alerts
    assert (alert["run_id"], alert["code"]) == (str(late_run), "late")
    run = watchdog.runs.get(late_run)
    assert run is not None
    assert not run.alerted
    assert watchdog.runs.timeline(late_run)[-1].text == "late: operations told"


def test_a_run_that_never_began_is_reported_ten_minutes_after_that_was_seen(
    watchdog: Watchdog, webhook: Webhook
) -> None:
    watchdog.look(0)
    watchdog.look(9)
    assert webhook.alerts == []
    watchdog.look(10)
    watchdog.look(11)
    assert [alert["code"] for alert in webhook.alerts] == ["not_begun", "not_begun"]
    assert f"standup run one --date {watchdog.run_of('one').reporting_day}" in str(webhook.alerts)


def test_a_busy_webhook_is_tried_again_at_the_next_look(watchdog: Watchdog, webhook: Webhook) -> None:
    watchdog.look(0)
    webhook.status = 503
    watchdog.look(10)
    assert webhook.alerts == []
    webhook.status = 200
    watchdog.look(11)
    assert len(webhook.alerts) == 2


def test_two_watchdogs_report_once(watchdog: Watchdog, webhook: Webhook) -> None:
    watchdog.look(0)
    watchdog.now = NOON + timedelta(minutes=10)
    threads = [threading.Thread(target=watchdog.alerts.look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_ids = sorted(str(watchdog.run_of(key)) for key in ("one", "two"))
    assert sorted(alert["run_id"] for alert in webhook.alerts) == run_ids


def test_a_look_at_many_open_or_reported_runs_takes_a_few_round_trips(
    redis: Redis, tmp_path: Path, webhook: Webhook
) -> None:
    watchdog, groups = watchdog_of(60, redis, tmp_path, webhook)
    for key in groups:
        run_id = watchdog.run_of(key)
        watchdog.runs.claim(run_id, "beat")
        redis.hset(f"standup:run:{run_id}", "created_ms", int(NOON.timestamp() * 1000))
    calls_before = redis.info("commandstats").get("cmdstat_hgetall", {"calls": 0})["calls"]
    watchdog.look(11)
    assert len(webhook.alerts) > 0
    first_calls = redis.info("commandstats")["cmdstat_hgetall"]["calls"] - calls_before
    assert first_calls >= len(groups)
    watchdog.look(12)
    assert redis.info("commandstats")["cmdstat_hgetall"]["calls"] == calls_before + first_calls


def test_more_than_three_late_runs_share_one_alert_per_cause(redis: Redis, tmp_path: Path, webhook: Webhook) -> None:
    watchdog, keys = watchdog_of(40, redis, tmp_path, webhook)
    for key, step in zip(keys[:20], [Step.DELIVER] * 14 + [Step.EXPORT, Step.POLL] * 3, strict=True):
        run_id = watchdog.run_of(key)
        watchdog.runs.claim(run_id, "beat")
        redis.hset(f"standup:run:{run_id}", mapping={"created_ms": int(NOON.timestamp() * 1000), "step": step.value})
    watchdog.look(0)
    webhook.status = 503
    watchdog.look(11)
    assert webhook.alerts == []
    webhook.status = 200
    watchdog.look(12)
    watchdog.look(13)
    alerts = {alert["step"]: (alert["heading"], alert["code"], alert["sentence"]) for alert in webhook.alerts}
    assert len(webhook.alerts) == len(alerts) == 3
    heading, code, sentence = alerts["deliver"]
    assert (heading, code) == ("Late: 14 briefings", "late")
    assert sentence.startswith("14 briefings are not delivered to everyone")
    assert ", ".join(sorted(keys)[:12]) + " and 2 more. " in sentence
    assert alerts["export, poll"][:2] == ("Late: 6 briefings", "late")
    heading, code, sentence = alerts["start"]
    assert (heading, code) == ("Late: 20 briefings", "not_begun")
    assert "group-31 and 8 more. " in sentence
    for key in keys[:20]:
        assert watchdog.runs.timeline(watchdog.run_of(key))[-1].text == "late: operations told"


def test_a_look_without_time_sends_one_alert_and_the_next_look_goes_on(watchdog: Watchdog, webhook: Webhook) -> None:
    watchdog.look(0)
    watchdog.alerts = replace(watchdog.alerts, seconds=0.0)
    watchdog.look(10)
    assert len(webhook.alerts) == 1
    watchdog.look(11)
    assert len({alert["run_id"] for alert in webhook.alerts}) == 2
    watchdog.look(12)
    assert len(webhook.alerts) == 2
