"""Delivers a run's message once to every recipient, by the recipient's channel, each recorded before and after.

this module   the step: one round, then the run's end or its retry
rounds        one round: the attempts that are due, and what is recorded of each

A busy receiver is tried again in a later round until the retry period ends. Each delivery has attempts and instants of
its own, so none waits for another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta

from worker.channels.channel import OutgoingMessage
from worker.domain.clock import Clock
from worker.domain.countdowns import MAX_COUNTDOWN_SECONDS, RetryPeriod
from worker.domain.deliveries import (
    Delivery,
    Progress,
    Recipient,
    all_recipients,
    current_deliveries,
    former_deliveries,
)
from worker.domain.groups import Group
from worker.domain.runs import Finished, RetryLater, Run, RunId, RunState, Step, StepOutcome
from worker.services import packing
from worker.services.delivering.rounds import DeliveryRound, OpenChannels, left_unknown
from worker.services.runs import correction_of
from worker.state.deliveries import Deliveries
from worker.state.files.artifacts import MESSAGE, ArtifactDamaged, Artifacts, of_run
from worker.state.files.delivery_journal import DeliveryJournal
from worker.state.runs import Runs

RECEIVERS_BUSY = "some receivers are busy"
"""The event of a round after which another one follows."""


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
                proofs_outside=lambda: self.journal.proofs(run.id),
            )
            recipients = recipients_of(group, run.id, self.deliveries)
            progress = delivery_round.deliver(recipients)
        if progress.wait_seconds is not None:
            return _retry(progress, progress.wait_seconds)
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
        records = self.deliveries.records(run.id)
        is_unconfirmed = any(record.state == "sending" for record in records)
        proofs = {proof.address: proof for proof in self.journal.proofs(run.id)} if is_unconfirmed else {}
        for delivery in records:
            if delivery.state == "planned":
                refused = replace(delivery, state="refused", why=reason)
                self.deliveries.move(run.id, refused, expected=("planned",))
            elif delivery.state == "sending":
                end = proofs.get(delivery.address) or left_unknown(delivery)
                self.deliveries.move(run.id, end, expected=("sending",))
        progress = Progress(tuple(self.deliveries.records(run.id)))
        sent = progress.count("sent")
        if sent and sent == len(progress.counted):  # a worker died before it could record that the run had ended
            return _end(run, progress)
        state = RunState.PARTLY_DELIVERED if sent else RunState.SKIPPED
        # no alert: the operator who began the correction knows
        return Finished(state, f"{sent} sent; {reason}", {"alerted": 1}, detail=progress.failures)


def _retry(progress: Progress, wait_seconds: float) -> RetryLater:
    """Return the next round. Busy receivers are no failed attempt of the step, whose count begins again."""
    wait = min(wait_seconds, MAX_COUNTDOWN_SECONDS)
    if progress.busy:
        return RetryLater(wait, RECEIVERS_BUSY, {"attempts": 0}, detail=progress.busy)
    return RetryLater(wait, f"{progress.count('sent')} sent, others to come", {"attempts": 0})


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
