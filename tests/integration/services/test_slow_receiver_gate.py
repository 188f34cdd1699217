"""A receiver that does not answer: a worker's threads do not all wait for it."""

from __future__ import annotations

import contextlib
import threading
from datetime import date

import pytest
from redis import Redis

from tests.integration.services.conftest import NOW, OUTGOING, Post
from tests.mail_server import HANG, MailServer, Trouble
from tests.manual_clock import ManualClock
from tests.waiting import HANG_SECONDS
from worker.channels import guards
from worker.channels.guards import SlowReceiverGate
from worker.channels.mail.smime import Certificates
from worker.domain.countdowns import RetryPeriod
from worker.domain.deliveries import Progress
from worker.domain.runs import RunId
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown
from worker.services.delivering import DeliveryRound
from worker.settings import Settings
from worker.state.deliveries import Deliveries
from worker.wiring.channels import ChannelFactory, OpenChannels

SLOW, OTHER = "slow@example.com", "other@example.com"


WAIT_SECONDS = 2
"""How long a channel waits for a mail server here. What a server that works needs is far below, on any machine."""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count an attempt as slow when it has run into the time-out."""
    monkeypatch.setattr(guards, "SLOW_SECONDS", WAIT_SECONDS / 2)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> ManualClock:
    """The clock that measures attempts."""
    clock = ManualClock()
    clock.install(monkeypatch, guards)
    return clock


def run(factory: ChannelFactory, deliveries: Deliveries, group: str, *recipients: str) -> Progress:
    """One turn of a run, as a thread of a worker has it; all runs of the process share the factory."""
    addresses = [("email", recipient) for recipient in recipients]
    period, run_id = RetryPeriod(NOW - NOW, NOW.replace(hour=9)), RunId(group, date(2026, 11, 20))
    with OpenChannels(factory, lambda _, channel: channel) as channels:
        return DeliveryRound(channels, deliveries, run_id, OUTGOING, lambda: NOW, period).deliver(addresses)


@pytest.mark.usefixtures("impatient")
def test_one_thread_waits_for_a_silent_server_and_the_others_go_on(redis: Redis) -> None:
    server, reached = MailServer(), threading.Event()
    server.set_troubles(SLOW, Trouble("rcpt", HANG), Trouble("rcpt", HANG, reached=reached), None)
    smtp = {"host": "127.0.0.1", "port": server.port, "security": "none", "sender": "s@example.com"}
    factory = ChannelFactory(Settings(smtp=smtp | {"timeout_seconds": WAIT_SECONDS}), Certificates(None), lambda: NOW)
    deliveries = Deliveries(redis)
    run(factory, deliveries, "first", SLOW)
    waiting_thread = threading.Thread(target=run, args=(factory, deliveries, "second", SLOW))
    waiting_thread.start()
    assert reached.wait(HANG_SECONDS)
    progress = run(factory, deliveries, "third", OTHER)
    assert progress.busy.startswith("Receivers of this kind did not answer in time")
    assert server.tries[OTHER] == 0
    waiting_thread.join()
    assert run(factory, deliveries, "fourth", OTHER, SLOW).count("sent") == 2
    assert run(factory, deliveries, "fifth", OTHER).count("sent") == 1
    server.stop()


def test_one_recipient_whose_server_hangs_does_not_block_the_round(redis: Redis, post: Post) -> None:
    server = MailServer()
    server.set_troubles("a-slow@example.com", Trouble("rcpt", HANG))
    smtp = {"host": "127.0.0.1", "port": server.port, "security": "none", "sender": "s@example.com"}
    factory = ChannelFactory(Settings(smtp=smtp | {"timeout_seconds": WAIT_SECONDS}), Certificates(None), lambda: NOW)
    progress = run(factory, Deliveries(redis), "support", "a-slow@example.com", "b@example.com", "c@example.com")
    assert [recipient.state for recipient in progress.deliveries] == ["planned", "sent", "sent"]
    server.stop()


class Attempt:
    """Attempts that take some time of the clock."""

    def __init__(self, gate: SlowReceiverGate, clock: ManualClock) -> None:
        self._gate = gate
        self._clock = clock

    def make(self, error: Exception | None = None, seconds: float = 0) -> None:
        """Make an attempt that takes so long and ends with the error."""
        with contextlib.suppress(type(error) if error else ()), self._gate.entered():
            self._clock.advance(seconds)
            if error:
                raise error


def admits_one(gate: SlowReceiverGate) -> bool:
    """Tell whether a second attempt is refused during another."""
    try:
        with gate.entered(), gate.entered():
            return False
    except ChannelBusy:
        return True


@pytest.mark.parametrize("error", [ChannelBusy("no answer"), OutcomeUnknown("no reply")])
def test_after_a_slow_failure_one_attempt_is_admitted_at_a_time(error: Exception, clock: ManualClock) -> None:
    gate = SlowReceiverGate()
    attempt = Attempt(gate, clock)
    attempt.make(error, seconds=guards.SLOW_SECONDS - 1)
    assert not admits_one(gate)
    attempt.make(error, seconds=guards.SLOW_SECONDS)
    assert admits_one(gate)
    attempt.make(error)
    assert admits_one(gate)


@pytest.mark.parametrize("answer", [None, DeliveryRefused("550")])
def test_any_answer_admits_all_attempts_again(answer: Exception | None, clock: ManualClock) -> None:
    gate = SlowReceiverGate()
    attempt = Attempt(gate, clock)
    attempt.make(ChannelBusy("no answer"), seconds=guards.SLOW_SECONDS)
    attempt.make(answer)
    assert not admits_one(gate)
