"""A receiver that answers nobody: a worker's threads do not all wait for it."""

from __future__ import annotations

import contextlib
import threading
import time
from datetime import date

import pytest
from redis import Redis

from tests.integration.services.conftest import NOW, OUTGOING, Post
from tests.mail_server import HANG, MailServer, Trouble
from worker.channels import guards as turnstile
from worker.channels.guards import SlowReceiverGate
from worker.channels.mail.smime import Certificates
from worker.domain.backoff import RetryPeriod
from worker.domain.deliveries import Progress
from worker.domain.runs import RunId
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown
from worker.services.delivering import DeliveryRound
from worker.settings import Settings
from worker.state.deliveries import Deliveries
from worker.wiring.channels import ChannelFactory, OpenChannels

SLOW, OTHER = "slow@example.com", "other@example.com"


@pytest.fixture(autouse=True)
def soon_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "SLOW_SECONDS", 0.2)


def run(factory: ChannelFactory, deliveries: Deliveries, group: str, *recipients: str) -> Progress:
    """One turn of a run, as a thread of a worker has it; all runs of the process share the factory."""
    wanted = [("email", each) for each in recipients]
    period, run_id = RetryPeriod(NOW - NOW, NOW.replace(hour=9)), RunId(group, date(2026, 11, 20))
    with OpenChannels(factory, lambda _, channel: channel) as channels:
        return DeliveryRound(channels, deliveries, run_id, OUTGOING, lambda: NOW, period).deliver(wanted)


def test_while_one_waits_for_a_server_that_answers_nobody_the_others_go_on(redis: Redis) -> None:
    post, reached = MailServer(), threading.Event()
    post.set_troubles(SLOW, Trouble("rcpt", HANG), Trouble("rcpt", HANG, reached=reached), None)
    smtp = {"host": "127.0.0.1", "port": post.port, "security": "none", "sender": "s@example.com"}
    factory = ChannelFactory(Settings(smtp=smtp | {"timeout_seconds": 0.5}), Certificates(None), lambda: NOW)
    deliveries = Deliveries(redis)
    run(factory, deliveries, "first", SLOW)
    at_it = threading.Thread(target=run, args=(factory, deliveries, "second", SLOW))
    at_it.start()
    assert reached.wait(5)
    turned_away = run(factory, deliveries, "third", OTHER)
    assert turned_away.busy.startswith("Receivers of this kind did not answer in time")
    assert post.tries[OTHER] == 0
    at_it.join()
    assert run(factory, deliveries, "fourth", OTHER, SLOW).count("sent") == 2
    assert run(factory, deliveries, "fifth", OTHER).count("sent") == 1
    post.stop()


def test_one_recipient_whose_server_hangs_does_not_keep_the_rest_of_the_turn(redis: Redis, post: Post) -> None:
    server = MailServer()
    server.set_troubles("a-slow@example.com", Trouble("rcpt", HANG))
    smtp = {"host": "127.0.0.1", "port": server.port, "security": "none", "sender": "s@example.com"}
    factory = ChannelFactory(Settings(smtp=smtp | {"timeout_seconds": 0.3}), Certificates(None), lambda: NOW)
    progress = run(factory, Deliveries(redis), "support", "a-slow@example.com", "b@example.com", "c@example.com")
    assert [each.state for each in progress.deliveries] == ["planned", "sent", "sent"]
    server.stop()


def go(gate: SlowReceiverGate, error: Exception | None = None, seconds: float = 0) -> None:
    """A try that takes so long and ends so."""
    with contextlib.suppress(type(error) if error else ()), gate.entered():
        time.sleep(seconds)
        if error:
            raise error


def is_narrow(gate: SlowReceiverGate) -> bool:
    """Whether a second one is turned away while one is at it."""
    try:
        with gate.entered(), gate.entered():
            return False
    except ChannelBusy:
        return True


@pytest.mark.parametrize("error", [ChannelBusy("no answer"), OutcomeUnknown("no reply")])
def test_a_slow_failure_makes_it_narrow_and_quick_ones_leave_it_as_it_is(error: Exception) -> None:
    gate = SlowReceiverGate()
    go(gate, error)
    assert not is_narrow(gate)
    go(gate, error, seconds=0.3)
    assert is_narrow(gate)
    go(gate, error)
    assert is_narrow(gate)


@pytest.mark.parametrize("answer", [None, DeliveryRefused("550")])
def test_any_answer_opens_it_again(answer: Exception | None) -> None:
    gate = SlowReceiverGate()
    go(gate, ChannelBusy("no answer"), seconds=0.3)
    go(gate, answer)
    assert not is_narrow(gate)
