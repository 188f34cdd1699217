"""Delivering a message: a real mail server, a real ledger, and every moment at which something can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.integration.services.conftest import OUTGOING, RUN, Desk, Post
from worker.channels.channel import Channel, OutgoingMessage, Proof, Protection
from worker.channels.guards import PersonalDataGuard
from worker.domain.deliveries import Delivery, Progress, WhenUnknown
from worker.domain.groups.privacy import DataClass
from worker.state.deliveries import Deliveries

THREE = ("one@example.com", "two@example.com", "three@example.com")


@pytest.fixture
def desk(post: Post, deliveries: Deliveries, tmp_path: Path) -> Desk:
    return Desk(deliveries, smtp=post.smtp, buckets={"archive": {"url": str(tmp_path / "archive")}})


def send(desk: Desk) -> Progress:
    return desk.deliver(*(("email", address) for address in THREE))


def test_each_recipient_gets_one_message_with_the_receivers_proof(post: Post, desk: Desk) -> None:
    progress = send(desk)
    assert post.arrived() == sorted(THREE)
    assert len(progress.deliveries) == 3
    assert all(
        delivery.state == "sent" and delivery.proof.startswith("250") and delivery.message_id
        for delivery in progress.deliveries
    )


def test_a_second_round_sends_nothing_twice(post: Post, desk: Desk) -> None:
    send(desk)
    send(desk)
    assert post.arrived() == sorted(THREE)


@pytest.mark.parametrize("post", [{"two@example.com": "550 5.1.1 no such mailbox"}], indirect=True)
def test_one_bad_address_is_named_and_does_not_affect_the_others(post: Post, desk: Desk) -> None:
    progress = send(desk)
    assert post.arrived() == ["one@example.com", "three@example.com"]
    assert progress.count("refused") == 1
    assert "two@example.com" in progress.failures
    assert "550" in progress.failures
    assert not progress.busy


def test_a_message_of_unknown_outcome_is_not_sent_again(post: Post, desk: Desk) -> None:
    leave_in_the_air(desk, "email", "two@example.com", *THREE)
    progress = send(desk)
    assert progress.count("unknown") == 1
    assert post.arrived() == ["one@example.com", "three@example.com"]


def test_unconfirmed_mail_is_resent_with_the_same_id_if_the_settings_say_so(post: Post, deliveries: Deliveries) -> None:
    desk = Desk(deliveries, smtp=post.smtp | {"resend_unknown": True})
    first = send(desk)
    leave_in_the_air(desk, "email", "two@example.com")
    second = send(desk)
    assert second.count("sent") == 3
    assert post.arrived() == sorted([*THREE, "two@example.com"])
    assert [delivery.message_id for delivery in second.deliveries] == [
        delivery.message_id for delivery in first.deliveries
    ]


@pytest.mark.parametrize(("stored", "state"), [(True, "sent"), (False, "sent")])
def test_an_unconfirmed_bucket_delivery_is_looked_up_and_completed(
    desk: Desk, tmp_path: Path, stored: bool, state: str
) -> None:
    if stored:
        desk.deliver(("bucket", "archive"))
    leave_in_the_air(desk, "bucket", "archive", "archive")
    progress = desk.deliver(("bucket", "archive"))
    assert [delivery.state for delivery in progress.deliveries] == [state]
    assert (tmp_path / "archive/support/2026-11-20/r1/daily-standup.pdf").read_bytes() == b"%PDF-1.7 all well"


@pytest.mark.parametrize(("may_be_accepted", "state"), [(False, "refused"), (True, "unknown")])
def test_an_unexpected_error_affects_one_recipient_and_is_not_quoted(
    post: Post, desk: Desk, may_be_accepted: bool, state: str
) -> None:
    class Broken:
        protection = Protection(encrypted=True)
        when_unknown: WhenUnknown = "ask"

        def deliver(self, outgoing: OutgoingMessage, recipient: str, before_acceptance: Callable[[], None]) -> Proof:
            if may_be_accepted:
                before_acceptance()
            raise KeyError("https://hooks.example/planted-secret")

    def guarded(kind: str, channel: Channel) -> Channel:
        return Broken() if kind == "bucket" else channel

    with desk.channels(guarded) as channels:
        progress = desk.round(channels).deliver((("bucket", "archive"), ("email", "one@example.com")))
    assert desk.states() == {"archive": state, "one@example.com": "sent"}
    assert "archive: KeyError: this is a fault in the system" in progress.failures
    assert "planted-secret" not in progress.failures


def test_a_bucket_that_cannot_sign_links_does_not_delay_the_message(
    post: Post, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    desk.deliver(("bucket", "archive"))
    unsigned = Desk(desk.deliveries, smtp=post.smtp, buckets={"archive": {"url": "s3://nobody-signs-here"}})
    assert desk.deliveries.move(RUN, Delivery("email", "one@example.com", "planned"), expected=("",))
    assert unsigned.deliver().count("sent") == 2
    assert post.arrived() == ["one@example.com"]


def test_an_unknown_channel_name_does_not_affect_the_other_channels(post: Post, desk: Desk) -> None:
    progress = desk.deliver(("slack", "ops-emea"), ("email", "one@example.com"), ("bucket", "archive"))
    assert desk.states() == {"ops-emea": "refused", "one@example.com": "sent", "archive": "sent"}
    assert 'no slack "ops-emea"' in progress.failures
    assert "STANDUP_SLACK__OPS_EMEA__WEBHOOK_URL" in progress.failures


def test_an_address_outside_the_allowed_domains_gets_nothing(post: Post, deliveries: Deliveries) -> None:
    desk = Desk(deliveries, smtp=post.smtp, allowed_domains="Example.com, example.net")
    progress = desk.deliver(("email", "one@example.com"), ("email", "me@example.org"), ("email", "x@sub.example.com"))
    assert post.arrived() == ["one@example.com"]
    assert progress.count("refused") == 2
    assert "STANDUP_ALLOWED_DOMAINS" in progress.failures


def test_documents_that_a_channel_may_not_carry_are_refused_there_alone(post: Post, desk: Desk) -> None:
    desk.outgoing = replace(OUTGOING, personal=(DataClass.AGENT_NAME,))

    def guarded(kind: str, channel: Channel) -> Channel:
        return PersonalDataGuard(channel, "allow") if kind == "bucket" else channel

    with desk.channels(guarded) as channels:
        desk.round(channels).deliver((("bucket", "archive"), ("email", "one@example.com")))
    assert desk.states() == {"archive": "refused", "one@example.com": "sent"}


def test_recipients_are_planned_once_and_a_later_round_adds_none(post: Post, desk: Desk) -> None:
    desk.deliver(("email", "one@example.com"))
    desk.deliver(("email", "one@example.com"), ("email", "two@example.com"))
    assert post.arrived() == ["one@example.com"]


@pytest.mark.parametrize("post", [{"tpyo@example.com": "550 5.1.1 no such mailbox"}], indirect=True)
def test_a_resumed_run_that_reached_no_recipient_uses_the_corrected_address(post: Post, desk: Desk) -> None:
    assert desk.deliver(("email", "tpyo@example.com")).count("refused") == 1
    progress = desk.deliver(("email", "typo@example.com"))
    assert desk.states() == {"typo@example.com": "sent"}
    assert progress.count("sent") == 1


def test_test_copies_do_not_count(post: Post, desk: Desk) -> None:
    copy = Delivery("email", "me@example.com", "planned", test=True)
    desk.deliver(("email", "one@example.com"))
    assert desk.deliveries.move(RUN, copy, expected=("",))
    progress = desk.deliver(("email", "one@example.com"))
    assert post.arrived() == ["me@example.com", "one@example.com"]
    assert [delivery.recipient for delivery in progress.counted] == ["one@example.com"]


def test_a_delivery_that_another_worker_took_is_left_to_it(post: Post, desk: Desk) -> None:
    """Another worker takes it between this worker's look and its attempt."""
    planned = Delivery("email", "one@example.com", "planned")
    desk.deliveries.plan(RUN, [planned.address])

    def taken_meanwhile(kind: str, channel: Channel) -> Channel:
        assert desk.deliveries.move(RUN, replace(planned, state="sending"), expected=("planned",))
        return channel

    with desk.channels(taken_meanwhile) as channels:
        progress = desk.round(channels).deliver(())
    assert [delivery.state for delivery in progress.deliveries] == ["sending"]
    assert post.arrived() == []


@dataclass
class Overtaken:
    """A channel whose worker is stopped after the receiver's reply, until another worker has made its round."""

    channel: Channel
    other_round: Callable[[], object]

    @property
    def protection(self) -> Protection:
        return self.channel.protection

    @property
    def when_unknown(self) -> WhenUnknown:
        return self.channel.when_unknown

    def deliver(self, outgoing: OutgoingMessage, recipient: str, before_acceptance: Callable[[], None]) -> Proof:
        proof = self.channel.deliver(outgoing, recipient, before_acceptance)
        self.other_round()
        return proof


def overtaken_round(desk: Desk, other_round: Callable[[], object]) -> tuple[Progress, list[str]]:
    """Deliver by a worker that another one overtakes, and return what happened when it went on."""
    calls: list[str] = []
    planned = Delivery("email", "one@example.com", "planned")
    desk.deliveries.plan(RUN, [planned.address])
    with desk.channels(lambda _, channel: Overtaken(channel, other_round)) as channels:
        delivery_round = replace(desk.round(channels), on_late_proof=lambda: calls.append("late"))
        return delivery_round.deliver(()), calls


def test_a_proof_that_comes_late_replaces_an_unknown_outcome(post: Post, desk: Desk) -> None:
    states = []

    def other_round() -> None:
        desk.deliver()
        states.append(desk.states()["one@example.com"])

    progress, calls = overtaken_round(desk, other_round)
    (delivery,) = progress.deliveries
    assert (states, delivery.state, calls) == (["unknown"], "sent", ["late"])
    assert delivery.proof.startswith("250")
    assert delivery.message_id
    assert post.arrived() == ["one@example.com"]


def test_a_late_proof_leaves_the_proof_of_another_worker_alone(post: Post, deliveries: Deliveries) -> None:
    desk = Desk(deliveries, smtp=post.smtp | {"resend_unknown": True})
    proofs = []

    def other_round() -> None:
        (delivery,) = desk.deliver().deliveries
        proofs.append(delivery.proof)

    progress, calls = overtaken_round(desk, other_round)
    assert [delivery.proof for delivery in progress.deliveries] == proofs
    assert "0002" in proofs[0]
    assert calls == []


def leave_in_the_air(desk: Desk, channel: str, recipient: str, *planned: str) -> None:
    """As a worker leaves it that is killed after the last byte and before the reply."""
    desk.deliveries.plan(RUN, [(channel, delivery) for delivery in planned])
    unconfirmed = Delivery(channel, recipient, "sending")
    assert desk.deliveries.move(RUN, unconfirmed, expected=("planned", "sent"))
