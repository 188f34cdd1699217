"""An outgoing message, a ledger, and an installation's channels, built from settings as the programs build them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from sandbox.receivers.mailbox import Mailbox
from worker.channels.channel import Channel, OutgoingMessage
from worker.channels.mail.certificates import CertificateFolder
from worker.domain.countdowns import RetryPeriod
from worker.domain.deliveries import Progress, Recipient
from worker.domain.documents import Document
from worker.domain.runs import RunId
from worker.services.delivering.rounds import DeliveryRound
from worker.settings import Settings
from worker.state.deliveries import Deliveries
from worker.wiring.channels import ChannelFactory, OpenChannels

RUN = RunId("support", date(2026, 11, 20))
NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
OUTGOING = OutgoingMessage(
    run_id=str(RUN),
    group_key="support",
    reporting_day=RUN.reporting_day,
    revision=1,
    sent_at=NOW,
    subject="Daily Standup Report - 2026-11-20",
    text="all well",
    html="<p>all well</p>",
    documents=(Document("daily-standup.pdf", "application/pdf", b"%PDF-1.7 all well"),),
)


HALF_AN_HOUR = RetryPeriod(timedelta(minutes=30))


class Desk:
    """The deliveries of one message, with the settings that a test gives it."""

    def __init__(self, deliveries: Deliveries, **settings: Any) -> None:
        self.deliveries = deliveries
        self.outgoing = OUTGOING
        self.now = NOW
        self._factory = ChannelFactory(Settings(**settings), CertificateFolder(None), lambda: NOW)

    def deliver(self, *recipients: Recipient, minutes: float = 30, seconds: float = 30) -> Progress:
        """Deliver one round. ``minutes``: the retry period, ``seconds``: the length of the round."""
        return self.deliver_within(RetryPeriod(timedelta(minutes=minutes)), *recipients, seconds=seconds)

    def deliver_within(self, period: RetryPeriod, *recipients: Recipient, seconds: float = 30) -> Progress:
        with self.channels() as channels:
            return self.round(channels, period, seconds).deliver(recipients)

    def round(self, channels: OpenChannels, period: RetryPeriod = HALF_AN_HOUR, seconds: float = 30) -> DeliveryRound:
        """Return a round at the present instant of the test's clock, which `wait` moves on."""
        return DeliveryRound(channels, self.deliveries, RUN, self.outgoing, lambda: self.now, period, seconds)

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def channels(self, guard: Callable[[str, Channel], Channel] = lambda _, channel: channel) -> OpenChannels:
        return OpenChannels(self._factory, guard)

    def states(self) -> dict[str, str]:
        return {delivery.recipient: delivery.state for delivery in self.deliveries.records(RUN)}


@pytest.fixture
def deliveries(redis: Redis) -> Deliveries:
    return Deliveries(redis)


class Post:
    """A running mailbox, and the settings that lead to it."""

    def __init__(self, folder: Path, refuse: dict[str, str]) -> None:
        self.folder = folder
        self.mailbox = Mailbox("127.0.0.1", 0, folder, refuse)
        host, port = self.mailbox.start()
        self.smtp = {"host": host, "port": port, "security": "none", "sender": "standup@example.com"}

    def arrived(self) -> list[str]:
        return sorted(path.stem.partition("-")[2] for path in self.folder.glob("*.eml"))


@pytest.fixture
def post(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Post]:
    with ExitStack() as stack:
        mailbox = Post(tmp_path / "mail", getattr(request, "param", {}))
        stack.callback(mailbox.mailbox.stop)
        yield mailbox
