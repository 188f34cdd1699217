"""Sends again what did not arrive, and never what did.

Deliveries go back to ``planned`` by compare-and-set, and the run is reopened at its last step, which sends them like
any others. A run that is at that step, because some receivers are busy, does not wait any longer. Nothing leads back
from ``sent``. From ``unknown`` only the channel's rule or the operator's word does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from worker.domain.deliveries import (
    Delivery,
    DeliveryState,
    Recipient,
    WhenUnknown,
    current_deliveries,
    former_deliveries,
    identity_of,
)
from worker.domain.groups import ChannelKind
from worker.domain.runs import Run, RunId, RunState, Step
from worker.errors import PermanentError
from worker.groupfiles.reloading import Groups
from worker.services.delivering import recipients_of
from worker.services.runs import RunStarter, correction_of
from worker.state.deliveries import Deliveries
from worker.state.runs import Runs

OperatorWord = Literal["sent", "missing"]
"""The operator's word about a delivery whose outcome was unknown."""

_KINDS = get_args(ChannelKind)


class NotSentAgain(PermanentError):
    """The operator's request is impossible, or would send something twice."""

    code = "not_sent_again"


@dataclass(frozen=True, slots=True)
class ResendRequest:
    """The operator's request. Recipients are written as in the group's file, or as ``slack:ops-emea``.

    ``recipients``: only these. ``settle``: what became of unknown ones. ``copies``: addresses for test copies. If only
    copies are given, nothing else is sent. ``failed_only``: only refused ones, and no unknown one, whatever its
    channel's rule.
    """

    recipients: tuple[str, ...] = ()
    settle: Mapping[str, OperatorWord] | None = None
    copies: tuple[str, ...] = ()
    failed_only: bool = False

    @property
    def only_copies(self) -> bool:
        """Tell whether it asks for nothing but test copies."""
        return bool(self.copies) and not (self.recipients or self.settle or self.failed_only)


@dataclass(frozen=True, slots=True)
class ResendResult:
    """Which deliveries are sent now, which arrived by the operator's word, and which wait for such a word.

    ``former``: those that did not arrive and no longer count, because the group file no longer has their recipient.
    """

    sending: tuple[Delivery, ...]
    arrived: tuple[Delivery, ...]
    waiting: tuple[Delivery, ...]
    former: tuple[Delivery, ...] = ()

    @property
    def continues(self) -> bool:
        """Tell whether the run goes on: something is sent, or its end is counted again."""
        return bool(self.sending or self.arrived or self.former)


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
        choice = _Choice(self, run_id, self.deliveries.records(run_id), recipients, under_way)
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


@dataclass(frozen=True, slots=True)
class _Choice:
    """Finds the deliveries that a request means."""

    service: Resending
    run_id: RunId
    records: list[Delivery]
    recipients: list[Recipient]
    under_way: bool

    def requested(self, request: ResendRequest, excluded: set[tuple[str, str]]) -> list[Delivery]:
        """Return the deliveries to plan, without the ``excluded`` ones."""
        copies = [self._copy_for(name) for name in request.copies]
        if request.only_copies:
            return copies
        planned = (
            self._deliveries_to_all(request.recipients)
            if request.recipients
            else self._unsent(failed_only=request.failed_only)
        )
        return [delivery for delivery in planned if delivery.address not in excluded] + copies

    def by_word(self, name: str, word: OperatorWord) -> Delivery:
        """Return the delivery to ``name`` by the operator's word."""
        unconfirmed = (record for record in self._records_of(name) if record.state in ("sending", "unknown"))
        delivery = next(unconfirmed, None)
        if delivery is None:
            raise NotSentAgain(f"No delivery of {self.run_id} to {name} has an unknown outcome.")
        self._refuse_if_in_hand(name, delivery)
        if word == "missing":
            return replace(delivery.replanned(), why="the operator says that it did not arrive")
        return replace(delivery, state="sent", proof="the operator says that it arrived", why="")

    def _unsent(self, *, failed_only: bool) -> list[Delivery]:
        """Return all that were refused or never tried, and unknown ones if their channel has a rule for them.

        If the group file has another address in place of one that did not get it, the new one gets it.
        """
        states = ("planned", "refused") if failed_only else ("planned", "refused", "unknown")
        current = current_deliveries(self.recipients, self.records)
        unsent = [delivery for delivery in current if delivery.state in states and not delivery.test]
        return [record.replanned() for record in unsent if record.state != "unknown" or self._has_rule(record)]

    def _deliveries_to_all(self, names: Iterable[str]) -> list[Delivery]:
        return [delivery.replanned() for name in names for delivery in self._deliveries_to(name)]

    def _copy_for(self, name: str) -> Delivery:
        """Return a test copy for an address that is no recipient."""
        channel, recipient = self._address(name)
        identity = identity_of((channel, recipient))
        if any(identity_of(record.address) == identity and not record.test for record in self.records):
            raise NotSentAgain(f"{name} is a recipient of {self.run_id}: a test copy is for others.")
        return Delivery(channel, recipient, "planned", test=True)

    def _refuse_if_in_hand(self, name: str, delivery: Delivery) -> None:
        if self.under_way and delivery.state == "sending":
            raise NotSentAgain(
                f"{name} is being sent to at this moment.", way_out=f"Look again: standup explain {self.run_id}."
            )

    def _deliveries_to(self, name: str) -> list[Delivery]:
        """Return the deliveries to ``name``, also to a recipient that the group has gained since the run."""
        records = [record for record in self._records_of(name) if not record.test] or self._new_recipients(name)
        if not records:
            raise NotSentAgain(
                f"{name} is no recipient of {self.run_id}.", way_out=f"`--also {name}` sends a test copy there."
            )
        for record in records:
            self._refuse_if_in_hand(name, record)
            if record.state == "sent":
                raise NotSentAgain(f"{name} has it ({record.proof}): nothing is sent twice.")
            if record.state in ("sending", "unknown") and not self._has_rule(record):
                raise NotSentAgain(
                    f"It is unknown whether {name} has it: {record.why}",
                    way_out=f"Find out, then say --settle {name}=sent or --settle {name}=missing.",
                )
        return records

    def _new_recipients(self, name: str) -> list[Delivery]:
        deliveries = [Delivery(channel, address, "planned") for channel, address in self.recipients]
        return [delivery for delivery in deliveries if _is_named(delivery, name)]

    def _records_of(self, name: str) -> list[Delivery]:
        return [record for record in self.records if _is_named(record, name)]

    def _has_rule(self, delivery: Delivery) -> bool:
        return self.service.when_unknown(delivery.channel) != "ask"

    def _address(self, name: str) -> tuple[str, str]:
        kind, colon, address = name.partition(":")
        if colon and kind in _KINDS:
            return kind, address
        if "@" not in name:
            raise NotSentAgain(
                f"{name} is no address.",
                way_out=f"Expected name@host, or one of {', '.join(_KINDS)} as slack:ops-emea.",
            )
        return self.service.default_mail_channel, name


def _is_named(delivery: Delivery, name: str) -> bool:
    """Tell whether an operator means this delivery by ``ana@example.com`` in any case, or by ``slack:ops-emea``."""
    channel = delivery.channel
    return identity_of((channel, name.removeprefix(f"{channel}:"))) == identity_of(delivery.address)


def _resendable_states(delivery: Delivery, seen_state: DeliveryState | None) -> tuple[str, ...]:
    """Return the states from which a delivery may be sent again, if it was in ``seen_state`` when it was plan.

    A test copy may be sent as often as an operator wants, all others only if they did not arrive.
    """
    if delivery.test:
        return "", "planned", "refused", "sent", "unknown"
    if seen_state == "sending":
        return "sending", "unknown"
    return ("unknown",) if seen_state == "unknown" else ("", "planned", "refused")
