"""Handing a parcel over: a real mail server, a real ledger, and every moment at which something can go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from redis import Redis

from sandbox.mailbox import Mailbox
from worker.channels.email import EmailChannel, SmtpServer
from worker.channels.parcel import Parcel
from worker.domain.runs import RunId
from worker.morning.handover import Tally, hand_over
from worker.state.deliveries import Deliveries, Delivery

RUN = RunId("support", date(2026, 11, 20))
PARCEL = Parcel(
    run_id=str(RUN),
    group_key="support",
    reporting_day=RUN.reporting_day,
    revision=1,
    sent_at=datetime(2026, 11, 23, 7, tzinfo=UTC),
    subject="Daily Standup Report - 2026-11-20",
    text="all well",
    html="<p>all well</p>",
)
THREE = ("one@example.com", "two@example.com", "three@example.com")


@pytest.fixture
def deliveries(redis: Redis) -> Deliveries:
    return Deliveries(redis)


class Post:
    """A running mailbox and a channel to it."""

    def __init__(self, folder: Path, refuse: dict[str, str]) -> None:
        self.folder = folder
        self.mailbox = Mailbox("127.0.0.1", 0, folder, refuse)
        host, port = self.mailbox.start()
        server = SmtpServer(host, port, "none", None, None, "standup@example.com", timeout_seconds=5)
        self.channel = EmailChannel(server)

    def arrived(self) -> list[str]:
        return sorted(path.stem.partition("-")[2] for path in self.folder.glob("*.eml"))


@pytest.fixture
def post(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Post]:
    made = Post(tmp_path, getattr(request, "param", {}))
    yield made
    made.mailbox.stop()


def send(post: Post, deliveries: Deliveries, *, last: bool = False) -> Tally:
    return hand_over(post.channel, deliveries, RUN, PARCEL, THREE, last=last)


def test_each_recipient_gets_one_message_with_the_receivers_proof(post: Post, deliveries: Deliveries) -> None:
    tally = send(post, deliveries)
    assert post.arrived() == sorted(THREE)
    assert all(each.state == "sent" and each.proof.startswith("250") and each.message_id for each in tally.deliveries)


def test_handing_over_twice_sends_nothing_twice(post: Post, deliveries: Deliveries) -> None:
    send(post, deliveries)
    send(post, deliveries)
    assert post.arrived() == sorted(THREE)


@pytest.mark.parametrize("post", [{"two@example.com": "550 5.1.1 no such mailbox"}], indirect=True)
def test_one_bad_address_harms_no_other_and_is_named(post: Post, deliveries: Deliveries) -> None:
    tally = send(post, deliveries)
    assert post.arrived() == ["one@example.com", "three@example.com"]
    assert tally.count("refused") == 1
    assert "two@example.com" in tally.troubles
    assert "550" in tally.troubles
    assert not tally.busy


@pytest.mark.parametrize("post", [{"two@example.com": "once 451 4.7.1 greylisted"}], indirect=True)
def test_a_greylisted_recipient_gets_it_with_the_next_attempt_and_the_others_not_again(
    post: Post, deliveries: Deliveries
) -> None:
    first = send(post, deliveries)
    assert "451" in first.busy
    second = send(post, deliveries)
    assert second.count("sent") == 3
    assert post.arrived() == sorted(THREE)


@pytest.mark.parametrize("post", [{"two@example.com": "451 4.7.1 always busy"}], indirect=True)
def test_the_last_attempt_at_a_busy_recipient_is_a_refusal(post: Post, deliveries: Deliveries) -> None:
    tally = send(post, deliveries, last=True)
    assert not tally.busy
    assert tally.count("refused") == 1


def test_a_message_whose_outcome_nobody_knows_is_not_sent_again(post: Post, deliveries: Deliveries) -> None:
    deliveries.plan(RUN, "email", "two@example.com")
    left = Delivery("email", "two@example.com", "sending")  # and here its worker was killed
    deliveries.move(RUN, left, expected=("planned",))
    tally = send(post, deliveries)
    assert tally.count("unknown") == 1
    assert post.arrived() == ["one@example.com", "three@example.com"]


def test_a_delivery_that_another_worker_took_meanwhile_stays_the_other_workers(
    post: Post, deliveries: Deliveries
) -> None:
    """Between looking and handing over, the other one came first."""

    class Late(EmailChannel):
        def deliver(self, parcel, recipient, before_handover):  # type: ignore[no-untyped-def]
            record = next(each for each in deliveries.of(RUN) if each.recipient == recipient)
            deliveries.move(RUN, replace(record, state="sending"), expected=("planned",))
            return post.channel.deliver(parcel, recipient, before_handover)

    late = object.__new__(Late)
    tally = hand_over(late, deliveries, RUN, PARCEL, ("one@example.com",), last=False)
    assert [each.state for each in tally.deliveries] == ["sending"]
    assert post.arrived() == []
