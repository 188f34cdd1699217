"""Alerts for runs that have ended, with a webhook that the test controls."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from kombu.exceptions import OperationalError
from redis import Redis

from worker.alerts.forms import Alert
from worker.alerts.rules import AlertRules
from worker.alerts.runs import RunAlerts
from worker.alerts.sending import AlertSender
from worker.domain.runs import Finished, RunId, RunState, Step
from worker.errors import ChannelBusy, DeliveryRefused
from worker.groupfiles.reloading import Groups
from worker.state.alert_dedup import AlertDedup
from worker.state.runs import Runs
from worker.state.watch import Watch

RUN = RunId("support", date(2026, 11, 20))


class Operations:
    """Operations' side: the webhook, and a broker that may be away."""

    def __init__(self) -> None:
        self.alerts: list[Alert] = []
        self.queue: list[RunId] = []
        self.error: Exception | None = None
        self.broker_is_away = False
        self.at_arrival: Callable[[], object] = lambda: None

    def send(self, alert: Alert) -> None:
        if self.error:
            raise self.error
        self.alerts.append(alert)
        self.at_arrival()

    def queue_alert(self, run_id: RunId) -> None:
        if self.broker_is_away:
            raise OperationalError
        self.queue.append(run_id)


@pytest.fixture
def operations() -> Operations:
    return Operations()


@pytest.fixture
def run_alerts(redis: Redis, operations: Operations, tmp_path: Path) -> RunAlerts:
    """Alerts of an installation with one failed run."""
    runs, dedup, sender = Runs(redis), AlertDedup(redis), AlertSender(lambda: operations, tmp_path / "alerts.jsonl")
    runs.claim(RUN, "beat", source="queries")
    runs.enter(RUN, Step.HOLIDAY_CHECK, "worker")
    changes = {"code": "poll_timeout", "sentence": "No rows."}
    runs.settle(RUN, Step.HOLIDAY_CHECK, "worker", Finished(RunState.FAILED, "failed", changes))
    rules = AlertRules(dedup, Groups(tmp_path / "groups.toml"), clock)
    return RunAlerts(runs, dedup, Watch(redis), rules, sender, operations.queue_alert, clock)


def clock() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def test_a_failed_run_gives_one_alert_and_is_marked(run_alerts: RunAlerts, operations: Operations) -> None:
    for _ in range(2):
        run_alerts.send(RUN, last_attempt=False)
    (alert,) = operations.alerts
    assert (alert.run_id, alert.code, alert.rerun_command) == (
        str(RUN),
        "poll_timeout",
        "standup run support --date 2026-11-20",
    )
    assert run_alerts.runs.timeline(RUN)[-1].text == "operations alerted"


def test_a_busy_webhook_is_left_to_the_next_attempt_and_at_last_to_the_file(
    run_alerts: RunAlerts, operations: Operations, tmp_path: Path
) -> None:
    operations.error = ChannelBusy("429")
    with pytest.raises(ChannelBusy):
        run_alerts.send(RUN, last_attempt=False)
    assert not (tmp_path / "alerts.jsonl").exists()
    run_alerts.send(RUN, last_attempt=True)
    (line,) = (tmp_path / "alerts.jsonl").read_text().splitlines()
    assert (json.loads(line)["run_id"], json.loads(line)["not_delivered"]) == (str(RUN), "429")


def test_a_webhook_that_refuses_leaves_the_alert_in_the_file(
    run_alerts: RunAlerts, operations: Operations, tmp_path: Path
) -> None:
    operations.error = DeliveryRefused("404")
    run_alerts.send(RUN, last_attempt=False)
    assert json.loads((tmp_path / "alerts.jsonl").read_text())["code"] == "poll_timeout"


def test_without_a_broker_the_alert_is_sent_from_this_process(run_alerts: RunAlerts, operations: Operations) -> None:
    operations.broker_is_away = True
    run_alerts.report(RUN, RunState.FAILED, "poll_timeout", "No rows.")
    assert [alert.sentence for alert in operations.alerts] == ["No rows."]


def test_good_news_are_reported_only_for_a_group_that_was_failing(
    run_alerts: RunAlerts, operations: Operations
) -> None:
    run_alerts.report(RUN, RunState.DELIVERED, "", "")
    assert operations.queue == []
    run_alerts.send(RUN, last_attempt=False)
    run_alerts.report(RUN, RunState.DELIVERED, "", "")
    assert operations.queue == [RUN]


def test_a_run_that_ends_again_while_its_alert_is_sent_has_a_second_alert(
    run_alerts: RunAlerts, operations: Operations
) -> None:
    def deliver() -> None:
        run_alerts.runs.reopen(RUN, Step.DELIVER, "a proof that came late")
        run_alerts.runs.enter(RUN, Step.DELIVER, "worker")
        run_alerts.runs.settle(RUN, Step.DELIVER, "worker", Finished(RunState.DELIVERED, "delivered", {}))
        operations.at_arrival = lambda: None

    operations.at_arrival = deliver
    for _ in range(3):
        run_alerts.send(RUN, last_attempt=False)
    assert [alert.heading.partition(":")[0] for alert in operations.alerts][1:] == ["Delivered again"]


def test_an_ending_without_an_alert_is_reported_by_one_worker(run_alerts: RunAlerts, operations: Operations) -> None:
    for _ in range(3):
        run_alerts.report_unreported(RUN)
    assert operations.queue == [RUN]


def test_an_unexpected_error_leaves_the_alert_in_the_file(
    run_alerts: RunAlerts, operations: Operations, tmp_path: Path
) -> None:
    operations.error = OverflowError("https://hooks.example/planted-secret")
    run_alerts.send(RUN, last_attempt=False)
    operations.broker_is_away = True
    run_alerts.report(RUN, RunState.FAILED, "poll_timeout", "No rows.")
    lines = (tmp_path / "alerts.jsonl").read_text().splitlines()
    assert [json.loads(line)["not_delivered"] for line in lines] == ["OverflowError"] * 2


class Mornings:
    """Looks for lost alerts at chosen instants after the run has ended."""

    def __init__(self, run_alerts: RunAlerts) -> None:
        self._run_alerts = run_alerts

    def look(self, minutes: float) -> None:
        run = self._run_alerts.runs.get(RUN)
        assert run is not None
        assert run.finished_at is not None
        instant = run.finished_at + timedelta(minutes=minutes)
        replace(self._run_alerts, clock=lambda: instant).look()


@pytest.fixture
def mornings(run_alerts: RunAlerts) -> Mornings:
    """The looks of an installation that has looked before the run ended."""
    mornings = Mornings(run_alerts)
    mornings.look(-1)
    return mornings


def test_a_failure_whose_alert_was_lost_is_reported_by_a_later_look(
    mornings: Mornings, run_alerts: RunAlerts, operations: Operations
) -> None:
    for minutes in (0, 1, 4):
        mornings.look(minutes)
    assert operations.queue == [], "its task may still be under way"
    for minutes in (6, 7, 8):
        mornings.look(minutes)
    assert operations.queue == [RUN]


def test_an_end_that_operations_know_is_left_alone(
    mornings: Mornings, run_alerts: RunAlerts, operations: Operations
) -> None:
    run_alerts.send(RUN, last_attempt=False)
    mornings.look(6)
    assert operations.queue == []


@pytest.mark.parametrize("error", [DeliveryRefused("404"), ChannelBusy("429")])
def test_an_alert_in_the_file_is_not_sent_again(
    error: Exception, mornings: Mornings, run_alerts: RunAlerts, operations: Operations
) -> None:
    operations.error = error
    run_alerts.send(RUN, last_attempt=True)
    mornings.look(6)
    assert operations.queue == []


def test_an_alert_that_was_sent_without_a_broker_is_not_sent_again(
    mornings: Mornings, run_alerts: RunAlerts, operations: Operations
) -> None:
    operations.broker_is_away = True
    run_alerts.report(RUN, RunState.FAILED, "poll_timeout", "No rows.")
    operations.broker_is_away = False
    mornings.look(6)
    assert (len(operations.alerts), operations.queue) == (1, [])


def test_ends_from_before_the_first_look_are_left_alone(run_alerts: RunAlerts, operations: Operations) -> None:
    for minutes in (6, 20):
        Mornings(run_alerts).look(minutes)
    assert operations.queue == []
