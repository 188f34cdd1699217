"""Operations hear early of a channel that accepts nothing, and only of such a channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis

from tests.integration.alerts.test_redis_outage import Webhook
from worker.alerts.receivers import ReceiverAlerts
from worker.alerts.sending import AlertSender
from worker.domain.runs import NextStep, RunId, Step
from worker.state.counters import Counters, Measures
from worker.state.deliveries import Deliveries
from worker.state.runs import Runs
from worker.state.watch import Watch

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ONE, TWO = RunId("one", date(2026, 11, 19)), RunId("two", date(2026, 11, 19))
BUSY = "451 try again later"


class Morning:
    """Two runs at the deliver step, each with a mail and a Slack message that were tried once."""

    def __init__(self, redis: Redis, folder: Path) -> None:
        self.runs, counters, self.webhook = Runs(redis), Counters(redis), Webhook()
        measures = Measures(counters)
        self.deliveries = Deliveries(redis, lambda delivery: measures.delivered(delivery.channel, delivery.state))
        self.now = NOON
        sender = AlertSender(lambda: self.webhook, folder / "alerts.jsonl")
        self.alerts = ReceiverAlerts(self.runs, self.deliveries, counters, Watch(redis), sender, lambda: self.now)
        for run_id in (ONE, TWO):
            self.runs.claim(run_id, "beat")
            self.runs.enter(run_id, Step.HOLIDAY_CHECK, "worker")
            self.runs.settle(run_id, Step.HOLIDAY_CHECK, "worker", NextStep(Step.DELIVER, "packed"))
            self.deliveries.plan(run_id, [("email", f"{run_id.group}@example.com"), ("slack", "team")])

    def attempt(self, run_id: RunId, channel: str, *, is_sent: bool) -> None:
        [delivery] = [record for record in self.deliveries.records(run_id) if record.channel == channel]
        tried = replace(delivery, tries=delivery.tries + 1)
        record = tried.sent("250 ok", "id") if is_sent else tried.busy(BUSY, NOON.isoformat())
        self.deliveries.move(run_id, record, expected=("planned",))

    def look(self, minutes: int) -> list[str]:
        """Look this many minutes after noon; return the headings of all alerts so far."""
        self.now = NOON + timedelta(minutes=minutes)
        self.alerts.look()
        return [alert.title for alert in self.webhook.alerts]


@pytest.fixture
def morning(redis: Redis, tmp_path: Path) -> Morning:
    return Morning(redis, tmp_path)


def test_a_channel_that_accepts_nothing_is_reported_once_after_three_minutes(morning: Morning) -> None:
    for run_id in (ONE, TWO):
        morning.attempt(run_id, "email", is_sent=False)
        morning.attempt(run_id, "slack", is_sent=True)
    assert morning.look(0) == morning.look(1) == []
    heading = "Nothing is accepted by the channel email"
    assert morning.look(2) == morning.look(3) == morning.look(30) == [heading]
    [alert] = morning.webhook.alerts
    assert "2 messages of 2 runs" in alert.sentence
    assert BUSY in alert.sentence


def test_a_channel_that_accepts_some_messages_is_not_reported(morning: Morning) -> None:
    morning.attempt(ONE, "email", is_sent=False)
    assert morning.look(0) == []
    morning.attempt(TWO, "email", is_sent=True)
    assert morning.look(2) == morning.look(3) == []


def test_messages_that_were_never_tried_are_no_sign_of_an_outage(morning: Morning) -> None:
    assert morning.look(0) == morning.look(10) == []


def test_a_second_outage_is_reported_too(morning: Morning) -> None:
    morning.attempt(ONE, "email", is_sent=False)
    morning.look(0)
    assert len(morning.look(2)) == 1
    morning.attempt(ONE, "email", is_sent=True)
    assert len(morning.look(3)) == 2, "its end is reported"
    morning.attempt(TWO, "email", is_sent=False)
    morning.look(10)
    assert len(morning.look(12)) == 3


def test_the_end_of_an_outage_is_reported_once_something_was_accepted(morning: Morning) -> None:
    for run_id in (ONE, TWO):
        morning.attempt(run_id, "email", is_sent=False)
    for minute in (0, 1, 2):
        outage = morning.look(minute)
    assert outage == ["Nothing is accepted by the channel email"]
    assert morning.look(3) == outage, "nothing has been accepted yet"
    morning.attempt(ONE, "email", is_sent=True)
    for minute in (4, 5):
        headings = morning.look(minute)
    assert headings == [*outage, "The channel email accepts messages again"]
    assert "next attempt: 1." in morning.webhook.alerts[-1].sentence
