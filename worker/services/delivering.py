"""Delivers a run's message once to every recipient, by the recipient's channel, each recorded before and after.

A round attempts the deliveries that are due. A busy receiver is tried again in a later round until the retry period
ends. Each delivery has attempts and instants of its own, so none waits for another.

A worker that died between the handover and the receiver's reply leaves ``sending``: it is unknown whether the message
arrived. Then the channel's rule applies: the bucket is looked up, mail may be sent once more with the same id if the
settings allow it, all others become ``unknown`` and operations get an alert.
"""

from __future__ import annotations

import random
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

import structlog
from redis.exceptions import RedisError

from worker.channels.bucket import BucketChannel
from worker.channels.channel import Channel, Link, OutgoingMessage, Proof
from worker.channels.guards import SlowReceiverGate
from worker.domain.clock import Clock
from worker.domain.countdowns import MAX_COUNTDOWN_SECONDS, RetryPeriod
from worker.domain.deliveries import (
    BUCKET,
    Delivery,
    Progress,
    Recipient,
    WhenUnknown,
    all_recipients,
    current_deliveries,
    former_deliveries,
    in_order_of_sending,
)
from worker.domain.groups import Group
from worker.domain.runs import Finished, RetryLater, Run, RunId, RunState, Step, StepOutcome
from worker.errors import OutcomeUnknown, StandupError, TransientError
from worker.services import packing
from worker.services.runs import correction_of
from worker.state.deliveries import Deliveries
from worker.state.files.artifacts import MESSAGE, ArtifactDamaged, Artifacts, of_run
from worker.state.files.delivery_journal import DeliveryJournal
from worker.state.runs import Runs
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
class Delivering:
    """The last step of a run. One bad address, or one channel that fails, does not affect the other recipients."""

    runs: Runs
    deliveries: Deliveries
    artifacts: Artifacts
    journal: DeliveryJournal
    open_channels: Callable[[Group], AbstractContextManager[OpenChannels]]
    clock: Clock
    retry_length: timedelta

    def deliver(self, group: Group, run: Run) -> StepOutcome:
        """Deliver one round. The run stays open until all deliveries have ended."""
        correction = correction_of(self.runs, run.id)
        if correction:
            return self._stop_for(correction, run)
        outgoing = self._stored_message(run.id)
        with self.open_channels(group) as channels:
            period = RetryPeriod(self.retry_length, run.standup_at)
            delivery_round = DeliveryRound(
                channels,
                self.deliveries,
                run.id,
                outgoing,
                self.clock,
                period,
                on_late_proof=lambda: self._reopen(run.id),
                write_journal=lambda deliveries: self.journal.write(run, deliveries),
            )
            recipients = recipients_of(group, run.id, self.deliveries)
            progress = delivery_round.deliver(recipients)
        if progress.wait_seconds is not None:
            return _retry(run, progress, progress.wait_seconds)
        current = Progress(tuple(current_deliveries(recipients, progress.deliveries)))
        return _end(run, current, former_deliveries(recipients, progress.deliveries))

    def _reopen(self, run_id: RunId) -> None:
        """Have the run's end counted again, if another worker has ended it without the proof.

        The sweep for silent runs sends its last step again. That finds nothing to send.
        """
        self.runs.reopen(run_id, Step.DELIVER, "a proof that came late")

    def _stored_message(self, run_id: RunId) -> OutgoingMessage:
        message = of_run(run_id, MESSAGE)
        stored = self.artifacts.get(message)
        try:
            return packing.decode(stored, lambda name: self.artifacts.get(of_run(run_id, name)))
        except (KeyError, TypeError, ValueError) as error:
            raise ArtifactDamaged(message, error) from error

    def _stop_for(self, correction: Run, run: Run) -> Finished:
        """End a run whose correction began while receivers were busy: they get the correction instead."""
        reason = f"revision {correction.id.revision} goes instead"
        for delivery in self.deliveries.records(run.id):
            if delivery.state == "planned":
                refused = replace(delivery, state="refused", why=reason)
                self.deliveries.move(run.id, refused, expected=("planned",))
            elif delivery.state == "sending":
                self.deliveries.move(run.id, _left_unknown(delivery), expected=("sending",))
        progress = Progress(tuple(self.deliveries.records(run.id)))
        sent = progress.count("sent")
        if sent and sent == len(progress.counted):  # a worker died before it could record that the run had ended
            return _end(run, progress)
        state = RunState.PARTLY_DELIVERED if sent else RunState.SKIPPED
        # no alert: the operator who began the correction knows
        return Finished(state, f"{sent} sent; {reason}", {"alerted": 1}, detail=progress.failures)


def _left_unknown(delivery: Delivery) -> Delivery:
    """Return a delivery that was begun and never confirmed as unknown. A proof that comes late makes it sent."""
    return replace(delivery, state="unknown", why=delivery.why or WORKER_DIED)


def _retry(run: Run, progress: Progress, wait_seconds: float) -> RetryLater:
    wait = min(wait_seconds, MAX_COUNTDOWN_SECONDS)
    if progress.busy:
        return RetryLater(wait, "some receivers are busy", {"attempts": run.attempts + 1}, detail=progress.busy)
    return RetryLater(wait, f"{progress.count('sent')} sent, others to come")


def recipients_of(group: Group, run_id: RunId, deliveries: Deliveries) -> list[Recipient]:
    """Return who must get a run: the group's recipients, and all who may have got what it corrects."""
    earlier_ids = [run_id.revised(revision) for revision in range(1, run_id.revision)]
    earlier_deliveries = [record for earlier_id in earlier_ids for record in deliveries.records(earlier_id)]
    return all_recipients(group.deliver.recipients, earlier_deliveries)


def _end(run: Run, progress: Progress, former: Iterable[Delivery] = ()) -> Finished:
    """Return the run's end: all sent, some sent, or none. ``former`` deliveries are only named."""
    sent = progress.count("sent")
    not_sent = len(progress.counted) - sent
    event = f"{sent} sent, {not_sent} not"
    no_longer = [f"{delivery.recipient}: no longer a recipient" for delivery in former]
    detail = "; ".join(filter(None, [progress.failures, *no_longer]))
    if not not_sent:
        state = RunState.NOTIFIED if run.outcome == "notice" else RunState.DELIVERED
        return Finished(state, event, detail=detail)
    state = RunState.PARTLY_DELIVERED if sent else RunState.FAILED
    is_unknown = progress.count("unknown") and not progress.count("refused")
    code = "outcome_unknown" if is_unknown else "delivery_refused"
    changes = {"code": code, "sentence": f"Not delivered to everybody. {progress.failures}"}
    return Finished(state, event, changes, detail=detail)


@dataclass(frozen=True, slots=True)
class DeliveryRound:
    """One round of a run's deliveries. After ``seconds`` no further delivery begins.

    ``on_late_proof`` is called after a proof for a delivery that another worker has given up. ``write_journal`` records
    outside of Redis who may have the message, before the first one is sent and after the last one.
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
    proofs: list[Delivery] = field(default_factory=list)

    def deliver(self, recipients: Iterable[Recipient]) -> Progress:
        """Send to all who are due. ``recipients`` counts only in the first round, which plans the deliveries."""
        self.deliveries.plan(self.run_id, recipients)
        for delivery in self._records():
            if delivery.state == "sending" and delivery.is_due(self.clock()):
                self._settle(delivery)
        busy = self._send_with_journal(self._records())
        return Progress.at_instant(self._records(), busy, self.clock())

    def _send_with_journal(self, records: list[Delivery]) -> list[str]:
        """Send to all who are due. In the journal they are ``sending`` until it is known what became of them.

        If Redis loses its records meanwhile, the journal has those from before, and the proofs that came since.
        """
        due = in_order_of_sending(records, self.clock())
        journal = {record.address: record for record in records}
        journal |= {delivery.address: replace(delivery, state="sending") for delivery in due}
        if due:
            self.write_journal(journal.values())
        busy = self._send_in_order(due)
        journal |= {record.address: record for record in (*self._records(), *self.proofs)}
        self.write_journal(journal.values())
        return busy

    def _records(self) -> list[Delivery]:
        return self.deliveries.records(self.run_id)

    def _settle(self, delivery: Delivery) -> None:
        """Apply the channel's rule to a delivery that was begun and never confirmed."""
        rule = self.channels.when_unknown(delivery.channel)
        if rule == "look_up":
            record = self._looked_up(delivery)
        elif delivery.is_resent(rule):
            record = replace(delivery, state="planned", unsure=True)
        else:
            record = _left_unknown(delivery)
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
            proof = self._hand_to_channel(delivery)
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

    def _hand_to_channel(self, delivery: Delivery) -> Proof:
        def before_handover() -> None:
            if not self.deliveries.move(self.run_id, replace(delivery, state="sending"), expected=("planned",)):
                raise _TakenByAnotherWorker

        channel = self.channels.channel_for(delivery.channel, delivery.recipient)
        outgoing = self.outgoing if delivery.channel == BUCKET else self._with_links()
        with self.channels.gate(delivery.channel).entered(), traced.delivery(delivery.channel, delivery.tries):
            return channel.deliver(outgoing, delivery.recipient, before_handover)

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
        log.error("unexpected", error=type(error).__name__, frames=traceback.format_tb(error.__traceback__)[-3:])
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
