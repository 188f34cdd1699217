"""The watchdog's look: late runs are told once, over a real socket, and a busy webhook is tried at the next look."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import tomli_w
from pydantic import SecretStr

from tasks import watch
from worker import wiring
from worker.domain.calendar.schedule import due_groups
from worker.domain.runs import RunId, RunState
from worker.settings import AlertSettings, Settings
from worker.wiring import Parts


class Webhook(ThreadingHTTPServer):
    """Takes alerts, or answers as the test wishes."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Take)
        self.taken: list[dict[str, str]] = []


class _Take(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status == 200:
            self.server.taken.append(json.loads(body))
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


@pytest.fixture
def parts(redis_url: str, tmp_path: Path, webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> Parts:
    """Two groups whose stand-up was at midnight, seen in the afternoon."""
    group = {"title": "T", "zone": "UTC", "standup_at": "00:00", "lead_minutes": 0, "catch_up_until": "23:59"}
    week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    group |= {"workdays": week, "queues": ["Q"], "deliver": {"email": []}}
    path = tmp_path / "groups.toml"
    path.write_text(tomli_w.dumps({"groups": {"one": group, "two": group}}))
    url = SecretStr(f"http://127.0.0.1:{webhook.server_port}/alerts")
    settings = Settings(redis_url=redis_url, groups=path, alerts=AlertSettings(webhook_url=url, kind="json"))
    made = Parts(settings)
    monkeypatch.setattr(wiring, "parts", lambda: made)
    return made


def look(monkeypatch: pytest.MonkeyPatch, after: timedelta) -> None:
    """The watchdog's look, so long after now."""
    at = REAL_NOW() + after
    monkeypatch.setattr(wiring, "now", lambda: at)
    watch.watch()


REAL_NOW = wiring.now


def run_of(parts: Parts, key: str, at: datetime) -> RunId:
    [due] = [due for due in due_groups(at, parts.group_file().groups) if due.group.key == key]
    return RunId(key, due.reporting_day)


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Noon of today, in UTC; the day must not end while the test looks ahead."""
    at = REAL_NOW().replace(hour=12, minute=0)
    monkeypatch.setattr("tests.integration.doctor.test_watch.REAL_NOW", lambda: at)
    return at


def test_an_open_run_is_told_once_when_it_is_late_and_its_own_alert_is_still_to_come(
    parts: Parts, webhook: Webhook, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("one", "two"):
        parts.runs.claim(run_of(parts, key, noon), "beat", source="queries")
    parts.redis.hset(f"standup:run:{run_of(parts, 'two', noon)}", "state", RunState.DELIVERED)
    parts.redis.hset(f"standup:run:{run_of(parts, 'one', noon)}", "created_ms", int(noon.timestamp() * 1000))
    look(monkeypatch, timedelta(minutes=9))
    assert webhook.taken == []
    for _ in range(3):
        look(monkeypatch, timedelta(minutes=11))
    [alert] = webhook.taken
    assert (alert["run_id"], alert["code"]) == (str(run_of(parts, "one", noon)), "late")
    run = parts.runs.get(run_of(parts, "one", noon))
    assert run is not None
    assert not run.alerted
    assert parts.runs.timeline(run.id)[-1].what == "late: operations told"


def test_runs_that_were_never_begun_are_told_ten_minutes_after_that_was_seen(
    parts: Parts, webhook: Webhook, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(monkeypatch, timedelta(0))
    look(monkeypatch, timedelta(minutes=9))
    assert webhook.taken == []
    look(monkeypatch, timedelta(minutes=10))
    look(monkeypatch, timedelta(minutes=11))
    assert [alert["code"] for alert in webhook.taken] == ["not_begun", "not_begun"]
    assert f"standup run one --date {run_of(parts, 'one', noon).reporting_day}" in str(webhook.taken)


def test_a_busy_webhook_is_tried_again_at_the_next_look(
    parts: Parts, webhook: Webhook, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(monkeypatch, timedelta(0))
    webhook.status = 503
    look(monkeypatch, timedelta(minutes=10))
    assert webhook.taken == []
    webhook.status = 200
    look(monkeypatch, timedelta(minutes=11))
    assert len(webhook.taken) == 2


def test_two_watchdogs_tell_once(
    parts: Parts, webhook: Webhook, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(monkeypatch, timedelta(0))
    monkeypatch.setattr(wiring, "now", lambda: noon + timedelta(minutes=10))
    both = [threading.Thread(target=watch.watch) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(alert["run_id"] for alert in webhook.taken) == sorted(
        str(run_of(parts, key, noon)) for key in ("one", "two")
    )
