"""A parcel, a ledger, and an installation's channels, built from settings as the programs build them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from sandbox.receivers.mailbox import Mailbox
from worker.channels.mail.smime import Certificates
from worker.channels.parcel import Attachment, Channel, Parcel
from worker.domain.backoff import Patience
from worker.domain.runs import RunId
from worker.services.delivering import Tally, Turn, hand_over
from worker.settings import Settings
from worker.state.deliveries import Deliveries
from worker.wiring.channels import Channels, Routes

RUN = RunId("support", date(2026, 11, 20))
NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
PARCEL = Parcel(
    run_id=str(RUN),
    group_key="support",
    reporting_day=RUN.reporting_day,
    revision=1,
    sent_at=NOW,
    subject="Daily Standup Report - 2026-11-20",
    text="all well",
    html="<p>all well</p>",
    attachments=(Attachment("daily-standup.pdf", "application/pdf", b"%PDF-1.7 all well"),),
)


class Desk:
    """The handing over of one parcel, with the settings that a test gives it."""

    def __init__(self, deliveries: Deliveries, **settings: Any) -> None:
        self.deliveries = deliveries
        self.parcel = PARCEL
        self.now = NOW
        self._routes = Routes(Settings(**settings), Certificates(None), lambda: NOW)

    def hand_over(self, *wanted: tuple[str, str], turn: Turn | None = None) -> Tally:
        with self.channels() as channels:
            return hand_over(channels, self.deliveries, RUN, wanted, lambda *_: self.parcel, turn or self.turn())

    def turn(self, *, minutes: float = 30, seconds: float = 30) -> Turn:
        """A turn at this moment of the test's clock, which `wait` moves on."""
        return Turn(lambda: self.now, Patience(timedelta(minutes=minutes)), seconds)

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def channels(self, guarded: Callable[[str, Channel], Channel] = lambda _, channel: channel) -> Channels:
        return Channels(self._routes, guarded)

    def states(self) -> dict[str, str]:
        return {each.recipient: each.state for each in self.deliveries.of(RUN)}


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
        made = Post(tmp_path / "mail", getattr(request, "param", {}))
        stack.callback(made.mailbox.stop)
        yield made
