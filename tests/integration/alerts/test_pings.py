"""A monitor outside hears of each question of beat, and once of each morning whose runs all reached people."""

from __future__ import annotations

from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from pydantic import SecretStr
from redis import Redis

from worker.alerts.pings import Pings, send_ping
from worker.domain.runs import Finished, RunId, RunState, Step
from worker.state.runs import Runs
from worker.state.watch import Watch

TICK, MORNING = SecretStr("https://monitor.example/tick"), SecretStr("https://monitor.example/morning")
ONE, TWO = RunId("one", date(2026, 11, 19)), RunId("two", date(2026, 11, 19))


class Installation:
    """The ledger, and a monitor that records the pings it gets."""

    def __init__(self, redis: Redis) -> None:
        self.runs = Runs(redis)
        self.watch = Watch(redis)
        self.answers = True
        self.pinged: list[SecretStr] = []

    def send(self, url: SecretStr) -> bool:
        self.pinged.append(url)
        return self.answers

    def tick(self, tick_url: SecretStr | None = None, morning_url: SecretStr | None = MORNING) -> list[SecretStr]:
        """Return the pings after a tick."""
        self.pinged.clear()
        Pings(tick_url, morning_url, self.runs, self.watch, self.send).after_tick()
        return list(self.pinged)

    def end(self, run_id: RunId, state: RunState) -> None:
        self.runs.enter(run_id, Step.HOLIDAY_CHECK, "worker")
        self.runs.settle(run_id, Step.HOLIDAY_CHECK, "worker", Finished(state, "ended"))


@pytest.fixture
def installation(redis: Redis) -> Installation:
    return Installation(redis)


def test_without_addresses_nothing_is_requested(installation: Installation) -> None:
    assert installation.tick(None, None) == []


def test_every_tick_is_reported(installation: Installation) -> None:
    assert installation.tick(TICK, None) == installation.tick(TICK, None) == [TICK]


def test_a_morning_is_reported_once_when_its_last_run_has_ended(installation: Installation) -> None:
    assert installation.tick() == [], "no run has ever begun"
    for run_id in (ONE, TWO):
        installation.runs.claim(run_id, "beat")
    installation.end(ONE, RunState.DELIVERED)
    assert installation.tick() == []
    installation.end(TWO, RunState.NOTIFIED)
    assert installation.tick() == [MORNING]
    assert installation.tick() == []


def test_a_failed_run_holds_the_ping_back_until_it_is_delivered(installation: Installation) -> None:
    installation.runs.claim(ONE, "beat")
    installation.end(ONE, RunState.FAILED)
    assert installation.tick() == []
    installation.runs.resume(ONE, "operator")
    installation.end(ONE, RunState.DELIVERED)
    assert installation.tick() == [MORNING]


def test_a_failure_of_the_day_before_does_not_hold_the_ping_back(installation: Installation, redis: Redis) -> None:
    installation.runs.claim(ONE, "beat")
    installation.end(ONE, RunState.FAILED)
    for key in ("standup:runs", "standup:runs:failed"):
        redis.zincrby(key, -24 * 3600 * 1000, str(ONE))
    installation.runs.claim(TWO, "beat")
    installation.end(TWO, RunState.DELIVERED)
    assert installation.tick() == [MORNING]


def test_a_ping_that_the_monitor_did_not_answer_is_sent_again(installation: Installation) -> None:
    installation.runs.claim(ONE, "beat")
    installation.end(ONE, RunState.DELIVERED)
    installation.answers = False
    assert installation.tick() == installation.tick() == [MORNING]


class Monitor(BaseHTTPRequestHandler):
    """Answers 200, and 500 below /broken."""

    def do_GET(self) -> None:
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.mark.parametrize(("path", "is_answered"), [("/check", True), ("/broken", False)])
def test_the_ping_is_a_request_to_the_address(path: str, is_answered: bool) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Monitor) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        assert send_ping(SecretStr(f"http://127.0.0.1:{server.server_port}{path}")) is is_answered
        server.shutdown()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/check", "https://hc-ping..example/check", "http://[::1/check", "http://127.0.0.1:port/"]
)
def test_a_monitor_that_cannot_be_asked_is_no_error(url: str) -> None:
    assert not send_ping(SecretStr(url))
