"""One cause that stops many groups gives two alerts: one at once, and one for all the others."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from redis import Redis

from tests.integration.alerts.test_runs import Operations
from worker.alerts import headings
from worker.alerts.rules import AlertRules
from worker.alerts.runs import RunAlerts
from worker.alerts.same_cause import SameCauseAlerts
from worker.alerts.sending import AlertSender
from worker.domain.runs import Finished, RunId, RunState, Step
from worker.errors import ChannelBusy
from worker.groupfiles.reloading import Groups
from worker.state.alert_dedup import AlertDedup
from worker.state.runs import Runs
from worker.state.watch import Watch

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


class Morning:
    """Groups that fail, and what operations hear of it."""

    def __init__(self, redis: Redis, folder: Path) -> None:
        self.operations, self.runs, self.watch = Operations(), Runs(redis), Watch(redis)
        dedup, sender = AlertDedup(redis), AlertSender(lambda: self.operations, folder / "alerts.jsonl")
        rules = AlertRules(dedup, Groups(folder / "groups.toml"), lambda: NOW)
        queue_alert = self.operations.queue_alert
        self.run_alerts = RunAlerts(self.runs, dedup, self.watch, rules, sender, queue_alert, lambda: NOW)
        self.same_cause = SameCauseAlerts(dedup, self.runs, self.watch, sender, lambda: NOW)

    def fail(
        self,
        key: str,
        sentence: str,
        code: str = "permission_missing",
        day: date = DAY,
        state: RunState = RunState.FAILED,
    ) -> RunId:
        """Let a group's run fail, and run the task that alerts operations, twice as after a lost acknowledgement."""
        run_id = RunId(key, day)
        self.runs.claim(run_id, "beat", source="queries")
        self.runs.enter(run_id, Step.HOLIDAY_CHECK, "worker")
        outcome = Finished(state, "failed", {"code": code, "sentence": sentence})
        self.runs.settle(run_id, Step.HOLIDAY_CHECK, "worker", outcome)
        for _ in range(2):
            self.run_alerts.send(run_id, last_attempt=False)
        return run_id

    def recover(self, key: str) -> None:
        """Resume a failed run, let it be delivered, and run the task that alerts operations."""
        run_id = RunId(key, DAY)
        self.runs.resume(run_id, "operator")
        self.runs.enter(run_id, Step.HOLIDAY_CHECK, "worker")
        self.runs.settle(run_id, Step.HOLIDAY_CHECK, "worker", Finished(RunState.DELIVERED, "1 sent, 0 not"))
        for _ in range(2):
            self.run_alerts.send(run_id, last_attempt=False)

    @property
    def headings(self) -> list[str]:
        """The headings of all alerts."""
        return [alert.title for alert in self.operations.alerts]


@pytest.fixture
def morning(redis: Redis, tmp_path: Path) -> Morning:
    return Morning(redis, tmp_path)


def test_the_others_follow_in_one_alert_with_one_command(morning: Morning) -> None:
    for number in range(15):
        morning.fail(
            f"group-{number:02}", f"403 (contextId 8d0{number:05}-4536-439f-8d75-2380beb06fc7): no permission."
        )
    assert morning.headings == ["No briefing for group-00"]
    for _ in range(2):
        morning.same_cause.look()
    assert morning.headings == ["No briefing for group-00", "The same cause: 14 more groups without a briefing"]
    alert = morning.operations.alerts[-1]
    assert "group-01, group-02" in alert.sentence
    assert "group-12 and 2 others." in alert.sentence
    assert alert.rerun_command == "standup rerun --failed"
    assert morning.runs.timeline(RunId("group-07", DAY))[-1].detail == "with other groups of the same cause"
    assert not morning.watch.claim(RunId("group-07", DAY)), "it is not reported as late as well"


def test_forty_groups_that_work_again_are_two_messages_and_no_failure(morning: Morning) -> None:
    keys = [f"group-{number:02}" for number in range(40)]
    for key in keys:
        morning.fail(key, "No permission.")
    morning.same_cause.look()
    for key in keys:
        morning.recover(key)
    for _ in range(2):
        morning.same_cause.look()
    assert morning.headings[2:] == ["Delivered again: group-00", "Delivered again: 39 more groups"]
    alert = morning.operations.alerts[-1]
    assert (alert.code, alert.rerun_command) == ("recovered", "")
    assert "group-01, group-02" in alert.sentence
    assert "and 27 others." in alert.sentence


def test_a_group_that_works_again_before_the_look_is_only_good_news(morning: Morning) -> None:
    for key in ("first", "second", "third"):
        morning.fail(key, "No permission.")
    morning.recover("third")
    morning.same_cause.look()
    assert morning.headings == [
        "No briefing for first",
        "Delivered again: third",
        "The same cause: 1 more group without a briefing",
    ]


def test_good_news_takes_no_place_of_a_failures_alert(morning: Morning) -> None:
    for number in range(12):
        morning.fail(f"group-{number:02}", f"There is no queue named '{'x' * number}'.", f"lookup_failed_{number}")
        morning.recover(f"group-{number:02}")
    morning.fail("last", "There is no queue named 'Sales'.", "lookup_failed")
    assert len(morning.headings) == 25
    assert morning.headings[-1] == "No briefing for last"


def test_groups_with_causes_of_their_own_have_alerts_of_their_own(morning: Morning) -> None:
    morning.fail("first", "There is no queue named 'Billing'.", "lookup_failed")
    morning.fail("second", "There is no queue named 'Sales'.", "lookup_failed")
    morning.same_cause.look()
    assert morning.headings == ["No briefing for first", "No briefing for second"]


def test_a_sentence_that_names_its_group_is_still_the_same_cause(morning: Morning) -> None:
    for key in ("first", "first-emea"):
        morning.fail(key, f"Gave up. standup run {key} --date 2026-11-20 continues.", "poll_timeout")
    morning.same_cause.look()
    assert morning.headings == ["No briefing for first", "The same cause: 1 more group without a briefing"]


def test_a_run_that_may_have_reached_people_has_an_alert_of_its_own(morning: Morning) -> None:
    for key in ("first", "second"):
        morning.fail(key, "It is unknown whether the message arrived.", "outcome_unknown")
    morning.same_cause.look()
    assert morning.headings == ["Unknown who got the briefing: first", "Unknown who got the briefing: second"]


def test_a_refused_login_is_one_cause_however_many_recipients_a_group_has(morning: Morning) -> None:
    reason = "Mail server mail.example.com:587 refuses the login: 535. Check STANDUP_SMTP__PASSWORD."
    recipients = {"first": ["ana", "ben"], "second": ["cleo"], "third": ["dan", "eva", "finn"]}
    for key, names in recipients.items():
        failures = "; ".join(f"{name}@example.com: {reason}" for name in names)
        morning.fail(key, f"Not delivered to everybody. {failures}", "delivery_refused")
    morning.same_cause.look()
    assert morning.headings == ["No briefing for first", "The same cause: 2 more groups without a briefing"]
    assert morning.operations.alerts[-1].rerun_command == "standup resend --all"


def test_a_chat_that_many_groups_share_is_one_cause(morning: Morning) -> None:
    sentence = "Not delivered to everybody. floor: Slack floor answered 404 no_service."
    for key in ("first", "second", "third"):
        morning.fail(key, sentence, "delivery_refused", state=RunState.PARTLY_DELIVERED)
    morning.same_cause.look()
    assert morning.headings == [
        "Not everyone got the briefing: first",
        "The same cause: 2 more groups whose briefing not everyone got",
    ]


def test_refused_mailboxes_are_causes_of_their_own(morning: Morning) -> None:
    for key in ("first", "second"):
        address = f"gone@{key}.example.com"
        reason = f"{address}: Mail server mail.example.com:25 refuses the message to {address} at the recipient: 550."
        morning.fail(key, f"Not delivered to everybody. {reason}", "delivery_refused", state=RunState.PARTLY_DELIVERED)
    morning.same_cause.look()
    assert morning.headings == ["Not everyone got the briefing: first", "Not everyone got the briefing: second"]


def test_a_busy_webhook_leaves_the_alert_to_the_next_look(morning: Morning) -> None:
    for key in ("first", "second"):
        morning.fail(key, "No permission.")
    morning.operations.error = ChannelBusy("429")
    morning.same_cause.look()
    morning.operations.error = None
    morning.same_cause.look()
    assert morning.headings[1:] == ["The same cause: 1 more group without a briefing"]


def test_the_first_group_has_an_alert_for_each_further_day(morning: Morning) -> None:
    morning.fail("first", "No permission.")
    morning.fail("first", "No permission.", day=date(2026, 11, 19))
    morning.same_cause.look()
    assert morning.headings == ["No briefing for first", "No briefing for first"]


@pytest.mark.parametrize(
    ("state", "code", "revision", "heading"),
    [
        (RunState.FAILED, "poll_timeout", 1, "No briefing for Support"),
        (RunState.MISSED, "missed", 1, "No briefing for Support"),
        (RunState.PARTLY_DELIVERED, "delivery_refused", 1, "Not everyone got the briefing: Support"),
        (RunState.PARTLY_DELIVERED, "delivery_refused", 2, "Not everyone got the correction: Support"),
        (RunState.FAILED, "outcome_unknown", 1, "Unknown who got the briefing: Support"),
        (RunState.FAILED, "poll_timeout", 2, "No correction for Support"),
    ],
)
def test_a_heading_is_true_by_itself(state: RunState, code: str, revision: int, heading: str) -> None:
    assert headings.ended_badly("Support", state, code, revision) == heading
