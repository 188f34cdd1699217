"""The proof of a message that Redis could not take is in the journal, and the next round takes it from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.integration.model.world import GROUP
from tests.integration.services.conftest import NOW, RUN, Desk, Post
from worker.channels.channel import Channel, OutgoingMessage, Proof
from worker.domain.deliveries import Delivery
from worker.domain.runs import Finished, Run, RunState
from worker.services.delivering import Delivering
from worker.services.delivering.rounds import DeliveryRound
from worker.state.deliveries import Deliveries
from worker.state.files.artifacts import DELIVERIES, Artifacts, of_run
from worker.state.files.delivery_journal import DeliveryJournal
from worker.state.runs import Runs
from worker.wiring.channels import OpenChannels

ANA, BEN = ("email", "ana@example.com"), ("email", "ben@example.com")


@pytest.fixture(autouse=True)
def writable(redis: Redis) -> Iterator[None]:
    """Let Redis take writes again after a test."""
    yield
    redis.config_set("maxmemory", "0")


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    return Artifacts(str(tmp_path / "artifacts"))


@pytest.fixture
def run(redis: Redis) -> Run:
    Runs(redis).claim(RUN, "beat")
    run = Runs(redis).get(RUN)
    assert run is not None
    return run


class FillingChannel:
    """The channel of a morning whose Redis is full when the receiver has answered."""

    def __init__(self, channel: Channel, redis: Redis) -> None:
        self.protection, self.when_unknown = channel.protection, channel.when_unknown
        self._channel, self._redis = channel, redis

    def deliver(self, outgoing: OutgoingMessage, recipient: str, before_acceptance: Callable[[], None]) -> Proof:
        proof = self._channel.deliver(outgoing, recipient, before_acceptance)
        self._redis.config_set("maxmemory", "1")
        return proof


def with_journal(delivery_round: DeliveryRound, run: Run, journal: DeliveryJournal) -> DeliveryRound:
    return replace(
        delivery_round,
        write_journal=lambda deliveries: journal.write(run, deliveries),
        proofs_outside=lambda: journal.proofs(run.id),
    )


@pytest.mark.parametrize("resend_unknown", [False, True])
def test_a_proof_that_redis_did_not_take_is_recorded_by_the_next_round(
    resend_unknown: bool, post: Post, redis: Redis, artifacts: Artifacts, run: Run
) -> None:
    desk = Desk(Deliveries(redis), smtp=post.smtp | {"resend_unknown": resend_unknown})
    journal = DeliveryJournal(artifacts)
    guard: Any = lambda _, channel: FillingChannel(channel, redis)  # noqa: E731
    with desk.channels(guard) as channels, pytest.raises(RedisError):
        with_journal(desk.round(channels), run, journal).deliver([ANA, BEN])
    redis.config_set("maxmemory", "0")
    assert desk.states() == {ANA[1]: "sending", BEN[1]: "planned"}
    with desk.channels() as channels:
        progress = with_journal(desk.round(channels), run, journal).deliver([ANA, BEN])
    assert post.arrived() == [ANA[1], BEN[1]]
    assert desk.states() == {ANA[1]: "sent", BEN[1]: "sent"}
    assert [delivery.proof[:3] for delivery in progress.deliveries] == ["250", "250"]


def test_a_damaged_journal_leaves_the_delivery_to_the_rule_of_its_channel(
    post: Post, redis: Redis, artifacts: Artifacts, run: Run
) -> None:
    desk = Desk(Deliveries(redis), smtp=post.smtp)
    desk.deliveries.move(RUN, Delivery(*ANA, "sending"), expected=("",))
    artifacts.put(of_run(RUN, DELIVERIES), b"{")
    with desk.channels() as channels:
        with_journal(desk.round(channels), run, DeliveryJournal(artifacts)).deliver([])
    assert desk.states() == {ANA[1]: "unknown"}


def test_a_run_that_a_correction_stops_takes_its_proofs_too(redis: Redis, artifacts: Artifacts, run: Run) -> None:
    runs, deliveries, journal = Runs(redis), Deliveries(redis), DeliveryJournal(artifacts)
    sending = Delivery(*ANA, "sending")
    deliveries.move(RUN, sending, expected=("",))
    journal.write(run, [sending.sent("250 Ok", "id")])
    runs.claim(RUN.revised(2), "operator")
    step = Delivering(runs, deliveries, artifacts, journal, no_channels, lambda: NOW, timedelta(minutes=30))
    outcome = step.deliver(GROUP, run)
    assert isinstance(outcome, Finished)
    assert outcome.state == RunState.DELIVERED
    assert [record.proof for record in deliveries.records(RUN)] == ["250 Ok"]


def no_channels(_: object) -> OpenChannels:
    raise AssertionError("nothing is sent")
