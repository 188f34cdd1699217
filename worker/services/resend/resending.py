"""Carries out an operator's request to send a run again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from worker.domain.deliveries import (
    Delivery,
    DeliveryState,
    WhenUnknown,
    former_deliveries,
)
from worker.domain.groups import ChannelKind
from worker.domain.runs import Run, RunId, RunState, Step
from worker.groupfiles.reloading import Groups
from worker.services.delivering import recipients_of
from worker.services.resend.choice import Choice
from worker.services.resend.request import NotSentAgain, ResendRequest, ResendResult
from worker.services.runs import RunStarter, correction_of
from worker.state.deliveries import Deliveries
from worker.state.runs import Runs


@dataclass(frozen=True, slots=True)
class Resending:
    """Carries out an operator's request to send a run again.

    ``when_unknown`` is the channels' rule by kind. ``default_mail_channel`` carries test copies to e-mail addresses.
    """

    runs: Runs
    deliveries: Deliveries
    groups: Groups
    starter: RunStarter
    when_unknown: Callable[[str], WhenUnknown]
    default_mail_channel: ChannelKind

    def resend(self, run_id: RunId, request: ResendRequest) -> ResendResult:
        """Carry the request out, or raise `NotSentAgain` before anything is changed."""
        return self._carry_out(run_id, self._plan(run_id, request))

    def foresee(self, run_id: RunId, request: ResendRequest) -> ResendResult:
        """Return what `resend` would do now, and change nothing."""
        plan = self._plan(run_id, request)
        addresses = {delivery.address for delivery in (*plan.planned, *plan.arrived)}
        waiting = [record for record in plan.waiting_among(plan.records) if record.address not in addresses]
        return ResendResult(tuple(plan.planned), tuple(plan.arrived), tuple(waiting), tuple(plan.former))

    def _plan(self, run_id: RunId, request: ResendRequest) -> _ResendPlan:
        """Return the deliveries that the request means, or raise `NotSentAgain`."""
        run = self._sent_run(run_id)
        under_way = run.state == RunState.OPEN
        recipients = recipients_of(self.groups.group(run_id.group), run_id, self.deliveries)
        choice = Choice(
            run_id,
            self.deliveries.records(run_id),
            recipients,
            under_way,
            self.when_unknown,
            self.default_mail_channel,
        )
        by_word = [choice.by_word(name, word) for name, word in (request.settle or {}).items()]
        arrived = [delivery for delivery in by_word if delivery.state == "sent"]
        planned = [delivery for delivery in by_word if delivery.state == "planned"]
        planned += choice.requested(request, {delivery.address for delivery in by_word})
        is_counted_again = run.state in (RunState.FAILED, RunState.PARTLY_DELIVERED) and not request.only_copies
        addresses = {delivery.address for delivery in (*planned, *arrived)}
        other_records = [record for record in choice.records if record.address not in addresses]
        former = former_deliveries(recipients, other_records) if is_counted_again else []
        correction = correction_of(self.runs, run_id) if planned or former else None
        if correction and planned and (request.recipients or request.copies or not arrived):
            raise NotSentAgain(
                f"{correction.id} corrects {run_id} and goes out in its place.",
                way_out=f"`standup resend {correction.id}`",
            )
        if correction:
            return _ResendPlan(choice.records, under_way, [], arrived, [])
        return _ResendPlan(choice.records, under_way, planned, arrived, former)

    def _sent_run(self, run_id: RunId) -> Run:
        """Return the run, which is at its last step or has ended there, or raise `NotSentAgain`."""
        run = self.runs.get(run_id)
        if run is None:
            raise NotSentAgain(f"There is no run {run_id}.", way_out="`standup runs` lists those there are.")
        if run.state == RunState.OPEN and run.step != Step.DELIVER:
            raise NotSentAgain(f"{run_id} is under way.", way_out=f"Wait for its end: standup explain {run_id}.")
        if run.step != Step.DELIVER:
            raise NotSentAgain(
                f"{run_id} has nothing to send: it is {run.state} at step {run.step}.",
                way_out=f"`standup run {run_id.group} --date {run_id.reporting_day}` resumes it where it failed.",
            )
        return run

    def _carry_out(self, run_id: RunId, plan: _ResendPlan) -> ResendResult:
        """Write the records and reopen the run. A record that another process changed meanwhile stays as it is.

        A worker may have sent a message since its record was read, so only a record that had an unknown outcome then
        may have one now.
        """
        seen_states = {record.address: record.state for record in plan.records}
        confirmed = [delivery for delivery in plan.arrived if self.deliveries.move(run_id, delivery, plan.unconfirmed)]
        sending = [
            delivery
            for delivery in plan.planned
            if self.deliveries.move(run_id, delivery, _resendable_states(delivery, seen_states.get(delivery.address)))
        ]
        waiting = plan.waiting_among(self.deliveries.records(run_id))
        result = ResendResult(tuple(sending), tuple(confirmed), tuple(waiting), tuple(plan.former))
        if result.continues:
            self._send_on(run_id)
        return result

    def _send_on(self, run_id: RunId) -> None:
        if self.runs.reopen(run_id, Step.DELIVER, "operator"):
            self.starter.send_chain(run_id, Step.DELIVER)
        else:
            self.starter.wake([run_id], "sent again by operator")


@dataclass(frozen=True, slots=True)
class _ResendPlan:
    """The deliveries that a request means: which to plan, which arrived by the operator's word, and `former` ones."""

    records: list[Delivery]
    under_way: bool
    planned: list[Delivery]
    arrived: list[Delivery]
    former: list[Delivery]

    @property
    def unconfirmed(self) -> tuple[DeliveryState, ...]:
        """The states of a delivery that only the operator can settle. A run under way settles what it sends."""
        return ("unknown",) if self.under_way else ("sending", "unknown")

    def waiting_among(self, records: Iterable[Delivery]) -> list[Delivery]:
        """Return those that wait for the operator's word."""
        former = {delivery.address for delivery in self.former}
        return [record for record in records if record.state in self.unconfirmed and record.address not in former]


def _resendable_states(delivery: Delivery, seen_state: DeliveryState | None) -> tuple[str, ...]:
    """Return the states from which a delivery may be sent again, if it was in ``seen_state`` when the request came.

    A test copy may be sent as often as an operator wants, all others only if they did not arrive.
    """
    if delivery.test:
        return "", "planned", "refused", "sent", "unknown"
    if seen_state == "sending":
        return "sending", "unknown"
    return ("unknown",) if seen_state == "unknown" else ("", "planned", "refused")
