"""Busy receivers: each delivery is tried again at its own instants until its retry period ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.integration.channels.conftest import ScriptedServer, Wire
from tests.integration.services.conftest import NOW, RUN, Desk, Post
from tests.manual_clock import ManualClock
from tests.receivers import HttpReceiver, Reply
from worker import deadline
from worker.channels.smtp import cooldown
from worker.domain.countdowns import RetryPeriod
from worker.domain.deliveries import Delivery
from worker.state.deliveries import Deliveries

ONE, TWO, THREE = "one@example.com", "two@example.com", "three@example.com"
ALL = tuple(("email", delivery) for delivery in (ONE, TWO, THREE))
GREY = {TWO: "451 4.7.1 greylisted, come back in five minutes"}


@pytest.fixture
def desk(post: Post, deliveries: Deliveries, tmp_path: Path) -> Desk:
    return Desk(deliveries, smtp=post.smtp, buckets={"archive": {"url": str(tmp_path / "archive")}})


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    http_receiver = HttpReceiver()
    yield http_receiver
    http_receiver.stop()


def delivery_to(desk: Desk, recipient: str) -> Delivery:
    return next(delivery for delivery in desk.deliveries.records(RUN) if delivery.recipient == recipient)


@pytest.mark.parametrize("post", [GREY], indirect=True)
def test_a_server_that_asks_for_five_minutes_gets_them_and_others_do_not_wait(post: Post, desk: Desk) -> None:
    progress = desk.deliver(*ALL)
    assert post.arrived() == [ONE, THREE]
    assert "451 4.7.1" in progress.busy
    while progress.wait_seconds is not None:
        assert progress.wait_seconds <= 66
        desk.wait(progress.wait_seconds)
        if desk.now - NOW >= timedelta(seconds=300):
            post.mailbox.refuse(TWO, "")
        progress = desk.deliver(*ALL)
    assert post.arrived() == sorted([ONE, TWO, THREE])
    record = delivery_to(desk, TWO)
    assert (record.state, record.why, record.again_at) == ("sent", "", "")
    assert timedelta(seconds=300) <= desk.now - NOW < timedelta(seconds=370)


@pytest.mark.parametrize("post", [GREY], indirect=True)
def test_a_busy_receiver_is_given_up_at_the_end_of_the_period_with_its_reply(post: Post, desk: Desk) -> None:
    progress = desk.deliver(*ALL, minutes=10)
    while progress.wait_seconds is not None:
        desk.wait(progress.wait_seconds)
        progress = desk.deliver(*ALL, minutes=10)
    record = delivery_to(desk, TWO)
    assert record.state == "refused"
    assert "451 4.7.1 greylisted" in record.why
    assert f"Given up after {record.tries} tries; STANDUP_DELIVERY_PATIENCE_MINUTES" in record.why
    assert record.tries > 10
    assert desk.now - NOW == timedelta(minutes=10)
    assert post.arrived() == [ONE, THREE]


@pytest.mark.parametrize("post", [GREY], indirect=True)
def test_a_retry_period_of_zero_gives_one_attempt(post: Post, desk: Desk) -> None:
    progress = desk.deliver(*ALL, minutes=0)
    assert (progress.wait_seconds, progress.busy, progress.count("refused")) == (None, "", 1)
    assert "Given up after 1 try;" in delivery_to(desk, TWO).why


@pytest.mark.parametrize("post", [GREY], indirect=True)
def test_the_retry_period_lasts_until_the_stand_up_if_that_is_later(post: Post, desk: Desk) -> None:
    stand_up = NOW + timedelta(hours=2)
    desk.deliver_within(RetryPeriod(timedelta(minutes=30), stand_up), *ALL)
    assert delivery_to(desk, TWO).until == stand_up.isoformat()


@pytest.mark.parametrize("post", [GREY], indirect=True)
def test_a_busy_receiver_is_not_tried_before_its_time(post: Post, desk: Desk) -> None:
    desk.deliver(*ALL)
    post.mailbox.refuse(TWO, "")
    desk.wait(1)
    progress = desk.deliver(*ALL)
    assert progress.count("sent") == 2
    assert progress.busy == ""
    assert 0 < (progress.wait_seconds or 0) <= 1.2


def test_a_wait_that_the_receiver_asks_for_is_kept_and_costs_no_attempt(
    receiver: HttpReceiver, deliveries: Deliveries
) -> None:
    url = receiver.script("/ops", Reply(429, "slow down", {"Retry-After": "600"}), Reply())
    desk = Desk(deliveries, slack={"ops": {"webhook_url": url}})
    progress = desk.deliver(("slack", "ops"))
    assert progress.wait_seconds == 600
    for _ in range(9):
        desk.wait(60)
        assert desk.deliver(("slack", "ops")).busy == ""
        assert len(receiver.arrived) == 1
    desk.wait(60)
    assert desk.deliver(("slack", "ops")).count("sent") == 1
    assert delivery_to(desk, "ops").tries == 2


def test_a_wait_longer_than_the_retry_period_is_a_refusal_at_once(
    receiver: HttpReceiver, deliveries: Deliveries
) -> None:
    url = receiver.script("/ops", Reply(429, "slow down", {"Retry-After": "7200"}))
    progress = Desk(deliveries, slack={"ops": {"webhook_url": url}}).deliver(("slack", "ops"))
    assert (progress.wait_seconds, progress.count("refused")) == (None, 1)
    assert "429 slow down. It asks for a wait of 7200 s. Given up after 1 try" in progress.failures


def test_a_round_out_of_time_leaves_the_rest_to_the_next_in_a_fair_order(post: Post, desk: Desk) -> None:
    """With no time at all delivery turn makes one delivery, and the least tried is next."""
    post.mailbox.refuse(ONE, "451 4.7.1 busy")
    recipients = (*ALL, ("bucket", "archive"))
    tries = []
    for _ in range(6):
        desk.deliver(*recipients, seconds=0)
        tries.append({delivery.recipient: delivery.tries for delivery in desk.deliveries.records(RUN)})
        desk.wait(100)
    assert tries[0] == {"archive": 1, ONE: 0, TWO: 0, THREE: 0}
    assert tries[3] == {"archive": 1, ONE: 1, TWO: 1, THREE: 1}
    assert tries[5] == {"archive": 1, ONE: 3, TWO: 1, THREE: 1}
    assert post.arrived() == sorted([TWO, THREE])


def test_the_rest_of_a_round_is_due_at_once(post: Post, desk: Desk) -> None:
    progress = desk.deliver(*ALL, seconds=0)
    assert (progress.wait_seconds, progress.busy) == (0.0, "")


def test_unconfirmed_mail_is_resent_once_and_never_a_third_time(
    deliveries: Deliveries,
) -> None:
    def talk(wire: Wire) -> None:
        wire.up_to_the_message()
        wire.hear_message()
        wire.cut()

    server = ScriptedServer(talk, connections=5)
    smtp = {"host": "127.0.0.1", "security": "none", "sender": "standup@example.com", "resend_unknown": True}
    desk = Desk(deliveries, smtp=smtp | {"port": server.port})
    progress = desk.deliver(("email", ONE))
    assert delivery_to(desk, ONE).state == "sending"
    while progress.wait_seconds is not None:
        desk.wait(progress.wait_seconds)
        progress = desk.deliver(("email", ONE))
    assert server.heard().messages == 2
    assert delivery_to(desk, ONE).state == "unknown"


def test_a_worker_that_dies_while_it_sends_the_second_copy_leaves_it_unknown(
    post: Post, deliveries: Deliveries
) -> None:
    desk = Desk(deliveries, smtp=post.smtp | {"resend_unknown": True})
    unconfirmed = Delivery("email", ONE, "sending", unsure=True)
    deliveries.move(RUN, unconfirmed, expected=("",))
    desk.deliver(("email", ONE))
    assert delivery_to(desk, ONE).state == "unknown"
    deliveries.move(RUN, replace(unconfirmed, unsure=False), expected=("unknown",))
    desk.deliver(("email", ONE))
    assert delivery_to(desk, ONE).state == "sent"
    assert post.arrived() == [ONE]


def test_a_mail_server_that_hangs_costs_one_wait_for_all_recipients(
    deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ManualClock()  # the first conversation ends by its time-out alone, and the cooldown lasts
    clock.install(monkeypatch, deadline)
    clock.install(monkeypatch, cooldown)
    server = ScriptedServer(Wire.hold, connections=9)
    smtp = {"host": "127.0.0.1", "security": "none", "sender": "standup@example.com", "timeout_seconds": 0.5}
    desk = Desk(deliveries, smtp=smtp | {"port": server.port})
    progress = desk.deliver(*ALL)
    assert [delivery.tries for delivery in progress.deliveries] == [1, 1, 1]
    assert progress.busy.count("timed out") == 1
    assert server.heard().connections == 1


def test_a_wrong_password_is_tried_once_for_all_recipients(deliveries: Deliveries) -> None:
    def talk(wire: Wire) -> None:
        wire.say("220 scripted")
        wire.answer("250-scripted\r\n250 AUTH CRAM-MD5 PLAIN LOGIN")
        while wire.hear():
            wire.say("535 5.7.8 wrong")

    server = ScriptedServer(talk, connections=9)
    smtp = {"host": "127.0.0.1", "security": "none", "sender": "s@example.com", "username": "u", "password": "p"}
    desk = Desk(deliveries, smtp=smtp | {"port": server.port})
    assert desk.deliver(*ALL).count("refused") == 3
    desk.deliveries.plan(RUN, ALL)
    desk.deliver(*ALL)
    assert server.heard().verbs() == ["EHLO", "AUTH", "QUIT"]
