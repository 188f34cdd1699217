"""The records that are restored after Redis was emptied, from a real artifact store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tests.integration.model.world import GROUP
from tests.integration.services.conftest import HALF_AN_HOUR, OUTGOING, RUN, Desk
from worker.channels.channel import Channel, OutgoingMessage, Proof
from worker.domain.deliveries import Delivery
from worker.domain.groups import Deliver
from worker.domain.runs import Run, RunId, RunState, Step
from worker.services import packing
from worker.services.ledger_recovery import LedgerRecovery, LostRun
from worker.state.deliveries import Deliveries
from worker.state.files.artifacts import DELIVERIES, MESSAGE, Artifacts, of_run
from worker.state.files.delivery_journal import DeliveryJournal
from worker.state.runs import Runs

READERS = GROUP.model_copy(update={"deliver": Deliver(bucket=("archive",), email=("ana@example.com",))})


@dataclass
class Morning:
    """Runs with messages in the store, and an empty Redis."""

    redis: Redis
    artifacts: Artifacts
    sent_chains: list[tuple[RunId, Step]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.runs, self.deliveries, self.journal = (
            Runs(self.redis),
            Deliveries(self.redis),
            DeliveryJournal(self.artifacts),
        )

    def store_message(self, run_id: RunId) -> None:
        self.artifacts.put(of_run(run_id, MESSAGE), packing.encode(OUTGOING))

    def run(self, run_id: RunId = RUN) -> Run:
        """Return the record of a run that has just been claimed."""
        self.runs.claim(run_id, "beat", source="queries", outcome="notice")
        run = self.runs.get(run_id)
        assert run is not None
        return run

    def lost_runs(self) -> list[LostRun]:
        return list(self._recovery.lost_runs([(READERS, RUN.reporting_day)]))

    def restore(self) -> None:
        for lost_run in self.lost_runs():
            assert self._recovery.restore(lost_run)

    @property
    def _recovery(self) -> LedgerRecovery:
        send = lambda run_id, step: self.sent_chains.append((run_id, step))  # noqa: E731
        return LedgerRecovery(self.runs, self.deliveries, self.artifacts, self.journal, send)

    def states(self) -> dict[str, str]:
        return {record.recipient: record.state for record in self.deliveries.records(RUN)}


@pytest.fixture
def morning(redis: Redis, tmp_path: Path) -> Morning:
    return Morning(redis, Artifacts(str(tmp_path)))


def test_a_run_comes_back_at_its_last_step_with_the_deliveries_of_its_journal(morning: Morning) -> None:
    sent = Delivery("email", "ana@example.com", "sent", proof="250 Ok", message_id="id")
    morning.journal.write(morning.run(), [sent, Delivery("email", "ben@example.com", "planned", tries=2)])
    morning.store_message(RUN)
    morning.redis.flushall()
    morning.restore()
    run = morning.runs.get(RUN)
    assert run is not None
    assert (run.state, run.step, run.asked_by, run.outcome) == (RunState.OPEN, Step.DELIVER, "beat", "notice")
    assert morning.deliveries.records(RUN) == [sent, Delivery("email", "ben@example.com", "planned", tries=2)]
    assert morning.sent_chains == [(RUN, Step.DELIVER)]
    assert morning.lost_runs() == []


def test_everyone_is_planned_for_a_message_that_was_only_made(morning: Morning) -> None:
    morning.journal.begin(morning.run())
    morning.store_message(RUN)
    morning.redis.flushall()
    [lost_run] = morning.lost_runs()
    assert lost_run.recipients("planned") == ["archive", "ana@example.com"]
    morning.restore()
    assert morning.states() == {}, "the last step plans them"


def test_a_message_made_again_does_not_erase_the_journal(morning: Morning) -> None:
    run = morning.run()
    morning.journal.write(run, [Delivery("email", "ana@example.com", "sent")])
    morning.journal.begin(run)
    entry = morning.journal.read(RUN)
    assert entry is not None
    assert [delivery.state for delivery in entry.deliveries] == ["sent"]


def test_without_a_journal_mail_is_unknown_and_the_bucket_is_looked_up(morning: Morning) -> None:
    morning.store_message(RUN)
    morning.restore()
    assert morning.states() == {"archive": "sending", "ana@example.com": "unknown"}


def test_a_damaged_journal_is_named_with_its_place(morning: Morning, tmp_path: Path) -> None:
    morning.store_message(RUN)
    morning.artifacts.put(of_run(RUN, DELIVERIES), b'{"run": {}, "deliv')
    [lost_run] = morning.lost_runs()
    assert str(tmp_path / "runs") in lost_run.problem
    assert f"standup run support --date {RUN.reporting_day}" in lost_run.problem


def test_a_lost_revision_without_a_message_ends_as_failed_before_a_later_one(morning: Morning) -> None:
    morning.journal.begin(morning.run(RUN.revised(2)))
    morning.store_message(RUN.revised(2))
    morning.redis.flushall()
    morning.restore()
    assert [(run.id.revision, run.state, run.alerted) for run in morning.runs.revisions(RUN)] == [
        (1, RunState.FAILED, True),
        (2, RunState.OPEN, False),
    ]


class EmptyingChannel:
    """The channel of a morning whose Redis loses everything just before or after the receiver accepts."""

    def __init__(self, channel: Channel, redis: Redis, moment: str) -> None:
        self.protection, self.when_unknown = channel.protection, channel.when_unknown
        self._redis, self._moment = redis, moment

    def deliver(self, outgoing: OutgoingMessage, recipient: str, before_acceptance: Callable[[], None]) -> Proof:
        if self._moment == "before":
            self._redis.flushall()
        before_acceptance()
        self._redis.flushall()
        return Proof("250 Ok", "id")


@pytest.mark.parametrize(("moment", "state"), [("before", "sending"), ("after", "sent")])
def test_the_journal_never_says_that_a_message_did_not_go_out(moment: str, state: str, redis: Redis) -> None:
    desk = Desk(Deliveries(redis), smtp={"host": "localhost", "sender": "standup@example.com"})
    journals: list[list[Delivery]] = []
    guard: Any = lambda _, channel: EmptyingChannel(channel, redis, moment)  # noqa: E731
    with desk.channels(guard) as channels:
        round_ = replace(
            desk.round(channels, HALF_AN_HOUR), write_journal=lambda deliveries: journals.append(list(deliveries))
        )
        round_.deliver([("email", "ana@example.com"), ("email", "ben@example.com")])
    first, last = ({record.recipient: record.state for record in records} for records in journals)
    assert first == {"ana@example.com": "sending", "ben@example.com": "sending"}
    assert last == {"ana@example.com": state, "ben@example.com": "sending"}
