"""One round of a run's deliveries: attempt those that are due, and record each before and after.

A worker that died after the record and before the receiver's reply leaves ``sending``: it is unknown whether the
message arrived. Then the channel's rule applies: the bucket is looked up, mail may be sent once more with the same id
if the settings allow it, all others become ``unknown`` and operations get an alert.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

import structlog
from redis.exceptions import RedisError

from worker.channels.bucket import BucketChannel
from worker.channels.channel import Channel, Link, OutgoingMessage, Proof
from worker.channels.guards import SlowReceiverGate
from worker.domain.clock import Clock
from worker.domain.countdowns import RetryPeriod
from worker.domain.deliveries import (
    BUCKET,
    Delivery,
    Progress,
    Recipient,
    WhenUnknown,
    in_order_of_sending,
)
from worker.domain.runs import RunId
from worker.errors import OutcomeUnknown, StandupError, TransientError, frames_of
from worker.state.deliveries import Deliveries
from worker.traces import exchanges as traced

ROUND_SECONDS = 30.0
"""After this long a round begins no further delivery. The step is repeated for the rest, and other steps get a turn."""

WORKER_DIED = "the worker died while it sent the message: ask whether it arrived"

log = structlog.get_logger("standup.deliver")


class OpenChannels(Protocol):
    """The channels of one round, in one thread."""

    def channel_for(self, kind: str, recipient: str) -> Channel:
        """Return the channel to this recipient. Raises SettingsError if the settings do not have it."""

    def bucket(self, name: str) -> BucketChannel:
        """Return a bucket, to look deliveries up and to make links."""

    def when_unknown(self, kind: str) -> WhenUnknown:
        """Return the rule of this kind of channel for a delivery with an unknown outcome."""

    def gate(self, kind: str) -> SlowReceiverGate:
        """Return the gate of all receivers of this kind."""


@dataclass(frozen=True, slots=True)
class DeliveryRound:
    """One round of a run's deliveries. After ``seconds`` no further delivery begins.

    ``on_late_proof`` is called after a proof for a delivery that another worker has given up. ``write_journal`` records
    outside of Redis who may have the message, before the first one is sent and after the last one. ``proofs_outside``
    returns the proofs that are recorded there.
    """

    channels: OpenChannels
    deliveries: Deliveries
    run_id: RunId
    outgoing: OutgoingMessage
    clock: Clock
    period: RetryPeriod
    seconds: float = ROUND_SECONDS
    on_late_proof: Callable[[], None] = lambda: None
    write_journal: Callable[[Iterable[Delivery]], None] = lambda _: None
    proofs_outside: Callable[[], Iterable[Delivery]] = tuple
    proofs: list[Delivery] = field(default_factory=list)

    def deliver(self, recipients: Iterable[Recipient]) -> Progress:
        """Send to all who are due. ``recipients`` counts only in the first round, which plans the deliveries."""
        self.deliveries.plan(self.run_id, recipients)
        self._settle_begun()
        busy = self._send_with_journal(self._records())
        return Progress.at_instant(self._records(), busy, self.clock())

    def _send_with_journal(self, records: list[Delivery]) -> list[str]:
        """Send to all who are due. In the journal they are ``sending`` until it is known what became of them.

        If Redis loses its records meanwhile, the journal has those from before, and the proofs that came since. It also
        gets these proofs if Redis goes away before it has them, and the next round takes them from there.
        """
        due = in_order_of_sending(records, self.clock())
        journal = {record.address: record for record in records}
        journal |= {delivery.address: replace(delivery, state="sending") for delivery in due}
        if due:
            self.write_journal(journal.values())
        try:
            busy = self._send_in_order(due)
            journal |= {record.address: record for record in self._records()}
        finally:
            journal |= {proof.address: proof for proof in self.proofs}
            self.write_journal(journal.values())
        return busy

    def _records(self) -> list[Delivery]:
        return self.deliveries.records(self.run_id)

    def _settle_begun(self) -> None:
        """Settle all deliveries that were begun and never confirmed."""
        unconfirmed = [
            record for record in self._records() if record.state == "sending" and record.is_due(self.clock())
        ]
        proofs = {proof.address: proof for proof in self.proofs_outside()} if unconfirmed else {}
        for delivery in unconfirmed:
            proof = proofs.get(delivery.address)
            if proof is None:
                self._settle(delivery)
            else:
                self.deliveries.move(self.run_id, proof, expected=("sending",))

    def _settle(self, delivery: Delivery) -> None:
        """Apply the channel's rule to a delivery that was begun and never confirmed."""
        rule = self.channels.when_unknown(delivery.channel)
        if rule == "look_up":
            record = self._looked_up(delivery)
        elif delivery.is_resent(rule):
            record = replace(delivery, state="planned", unsure=True)
        else:
            record = left_unknown(delivery)
        self.deliveries.move(self.run_id, record, expected=("sending",))

    def _looked_up(self, delivery: Delivery) -> Delivery:
        try:
            bucket = self.channels.bucket(delivery.recipient)
            proof = bucket.find(self.outgoing, delivery.recipient)
        except StandupError as error:
            return replace(delivery, state="unknown", why=str(error))
        return delivery.sent(proof.reply, proof.message_id) if proof else replace(delivery, state="planned")

    def _send_in_order(self, due: list[Delivery]) -> list[str]:
        """Send as many as the round has time for, but at least one. Return the replies of busy receivers."""
        deadline = time.monotonic() + self.seconds
        busy: list[str] = []
        for number, delivery in enumerate(due):
            if number and time.monotonic() >= deadline:
                break
            busy += filter(None, [self._send(delivery)])
        return busy

    def _send(self, planned: Delivery) -> str:
        """Make one attempt. Return the receiver's reply if it is tried again."""
        delivery = planned.attempted(self.clock(), self.period)
        try:
            proof = self._deliver_by_channel(delivery)
        except _TakenByAnotherWorker:
            return ""  # the other worker writes the record
        except StandupError as error:
            return self._record_failure(delivery, error)
        except RedisError:
            raise
        except Exception as error:
            return self._record_defect(delivery, error)
        sent = delivery.sent(proof.reply, proof.message_id)
        self.proofs.append(sent)
        self._record_proof(sent)
        return ""

    def _record_proof(self, sent: Delivery) -> None:
        """Record that it arrived, whatever another worker has recorded since.

        This worker may have been stopped for longer than its lease (a suspended machine). Then another one has found
        the delivery without a proof.
        """
        if not self._write(sent) and self.deliveries.move(self.run_id, sent, expected=("unknown", "refused")):
            log.warning("the proof came late", channel=sent.channel)
            self.on_late_proof()

    def _deliver_by_channel(self, delivery: Delivery) -> Proof:
        def before_acceptance() -> None:
            if not self.deliveries.move(self.run_id, replace(delivery, state="sending"), expected=("planned",)):
                raise _TakenByAnotherWorker

        channel = self.channels.channel_for(delivery.channel, delivery.recipient)
        outgoing = self.outgoing if delivery.channel == BUCKET else self._with_links()
        with self.channels.gate(delivery.channel).entered(), traced.delivery(delivery.channel, delivery.tries):
            return channel.deliver(outgoing, delivery.recipient, before_acceptance)

    def _with_links(self) -> OutgoingMessage:
        """Return the message with links to its documents in the buckets that have them."""
        stored = (record for record in self._records() if record.channel == BUCKET and record.state == "sent")
        links = tuple(link for record in stored for link in self._links_into(record.recipient))
        return replace(self.outgoing, links=self.outgoing.links + links)

    def _links_into(self, bucket: str) -> tuple[Link, ...]:
        try:
            return self.channels.bucket(bucket).links(self.outgoing)
        except StandupError:
            return ()  # the settings no longer have it, or it cannot sign links now: the message is complete without

    def _record_failure(self, delivery: Delivery, error: StandupError) -> str:
        """Record why it was not sent, and when it is tried again. Return the reason if it is."""
        reason = str(error)
        if isinstance(error, OutcomeUnknown):
            retried = delivery.is_retried(self.channels.when_unknown(delivery.channel))
            failed = delivery.unanswered(reason, self._next_attempt_at(delivery) if retried else "")
        elif isinstance(error, TransientError):
            again_at = self._next_attempt_at(delivery, error.retry_after_seconds)
            failed = delivery.busy(reason if again_at else f"{reason} {_given_up(delivery, error)}", again_at)
        else:
            failed = replace(delivery, state="refused", why=reason)
        self._write(failed)
        return failed.why if failed.again_at else ""

    def _next_attempt_at(self, delivery: Delivery, asked_seconds: float | None = None) -> str:
        return delivery.next_attempt_at(self.clock(), random.random(), asked_seconds)  # noqa: S311 - jitter

    def _record_defect(self, delivery: Delivery, error: Exception) -> str:
        """Record an unexpected error, which ends this delivery alone.

        Its message may contain an address, so only its type is shown. The stack frames contain no data.
        """
        log.error("unexpected", error=type(error).__name__, frames=frames_of(error))
        reason = f"{type(error).__name__}: this is a fault in the system; please report it."
        is_begun = any(record.state == "sending" and record.address == delivery.address for record in self._records())
        self._write(replace(delivery, state="unknown" if is_begun else "refused", why=reason))
        return ""

    def _write(self, delivery: Delivery) -> bool:
        return self.deliveries.move(self.run_id, delivery, expected=("planned", "sending"))


def _given_up(delivery: Delivery, error: TransientError) -> str:
    seconds = error.retry_after_seconds
    request = f"It asks for a wait of {seconds:.0f} s. " if seconds else ""
    attempts = f"{delivery.tries} {'try' if delivery.tries == 1 else 'tries'}"
    return f"{request}Given up after {attempts}; STANDUP_DELIVERY_PATIENCE_MINUTES says how long to go on."


class _TakenByAnotherWorker(Exception):
    """Another worker has taken this delivery in the meantime, so nothing was sent."""


def left_unknown(delivery: Delivery) -> Delivery:
    """Return a delivery that was begun and never confirmed as unknown. A proof that comes late makes it sent."""
    return replace(delivery, state="unknown", why=delivery.why or WORKER_DIED)
