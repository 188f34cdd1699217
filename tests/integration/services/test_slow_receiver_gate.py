"""A receiver that does not answer: a worker's threads do not all wait for it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest

from tests.integration.channels.conftest import CLIENT_SECONDS
from tests.integration.services.conftest import NOW, OUTGOING
from tests.mail_server import CUT, MailServer, Trouble
from tests.manual_clock import ManualClock
from tests.waiting import HANG_SECONDS
from worker.channels import guards
from worker.channels.guards import SlowReceiverGate
from worker.channels.mail.certificates import CertificateFolder
from worker.domain.countdowns import RetryPeriod
from worker.domain.deliveries import Progress
from worker.domain.runs import RunId
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown
from worker.services.delivering.rounds import DeliveryRound
from worker.settings import Settings
from worker.state.deliveries import Deliveries
from worker.wiring.channels import ChannelFactory, OpenChannels

SLOW, OTHER = "slow@example.com", "other@example.com"


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


@dataclass
class Silence:
    """A mail server's silence at a recipient, until it hangs up."""

    start: threading.Event = field(default_factory=threading.Event)
    end: threading.Event = field(default_factory=threading.Event)

    @property
    def trouble(self) -> Trouble:
        return Trouble("rcpt", CUT, reached=self.start, released=self.end)

    @contextlib.contextmanager
    def during(self, attempt: Callable[[], object]) -> Iterator[None]:
        """Make the attempt in another thread. It waits for the server as long as the block lasts."""
        thread = threading.Thread(target=attempt)
        thread.start()
        try:
            assert self.start.wait(HANG_SECONDS)
            yield
        finally:
            self.end.set()
            thread.join()


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def factory(server: MailServer) -> ChannelFactory:
    smtp = {"host": "127.0.0.1", "port": server.port, "security": "none", "sender": "s@example.com"}
    return ChannelFactory(
        Settings(smtp=smtp | {"timeout_seconds": CLIENT_SECONDS}), CertificateFolder(None), lambda: NOW
    )


def test_one_thread_waits_for_a_silent_server_and_the_others_go_on(
    server: MailServer, factory: ChannelFactory, deliveries: Deliveries, clock: ManualClock
) -> None:
    long_silence, next_silence = Silence(), Silence()
    server.set_troubles(SLOW, long_silence.trouble, next_silence.trouble, None)
    with long_silence.during(lambda: run(factory, deliveries, "first", SLOW)):
        clock.advance(guards.SLOW_SECONDS)
    with next_silence.during(lambda: run(factory, deliveries, "second", SLOW)):
        progress = run(factory, deliveries, "third", OTHER)
    assert progress.busy.startswith("Receivers of this kind did not answer in time")
    assert server.tries[OTHER] == 0
    assert run(factory, deliveries, "fourth", OTHER, SLOW).count("sent") == 2
    assert run(factory, deliveries, "fifth", OTHER).count("sent") == 1


def test_one_recipient_whose_server_is_silent_does_not_block_the_round(
    server: MailServer, factory: ChannelFactory, deliveries: Deliveries, clock: ManualClock
) -> None:
    silence, rounds = Silence(), []
    server.set_troubles(SLOW, silence.trouble)
    with silence.during(lambda: rounds.append(run(factory, deliveries, "support", SLOW, "x@example.com"))):
        clock.advance(guards.SLOW_SECONDS)
    (progress,) = rounds
    assert {delivery.recipient: delivery.state for delivery in progress.deliveries} == {
        SLOW: "planned",
        "x@example.com": "sent",
    }


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
