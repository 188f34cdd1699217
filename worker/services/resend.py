"""Sends again what did not arrive, and never what did.

Deliveries go back to ``planned`` by compare-and-set, and the run is opened again at its last step, where they are sent
like any others; a run that is at that step, because some receivers are busy, does not wait any longer. Nothing leads
back from ``sent``; from ``unknown`` only the channel's rule or the operator's word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from worker.domain.groups import ChannelKind
from worker.domain.runs import RunId, RunState, Step
from worker.errors import PermanentError
from worker.services import runs as chain
from worker.state.deliveries import Delivery
from worker.wiring import Parts

Word = Literal["sent", "missing"]

_KINDS = get_args(ChannelKind)


class NotSentAgain(PermanentError):
    """What the operator asked for cannot be, or would send something twice."""

    code = "not_sent_again"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator wants. Recipients are written as in the group's file, or as ``slack:ops-emea``.

    ``to``: these only. ``settle``: what became of unknown ones. ``also``: test copies; given alone, nothing else is
    sent. ``failed_only``: refused ones only, and no unknown one, whatever its channel's rule.
    """

    to: tuple[str, ...] = ()
    settle: Mapping[str, Word] | None = None
    also: tuple[str, ...] = ()
    failed_only: bool = False

    @property
    def is_for_copies_alone(self) -> bool:
        """Whether nothing but test copies was asked for."""
        return bool(self.also) and not (self.to or self.settle or self.failed_only)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is sent now, what was settled by the operator's word, and what waits for such a word."""

    sending: tuple[Delivery, ...]
    settled: tuple[Delivery, ...]
    waiting: tuple[Delivery, ...]


def resend(parts: Parts, run_id: RunId, wish: Wish) -> Outcome:
    """Do it, or raise `NotSentAgain` before anything is changed."""
    under_way = _is_under_way(parts, run_id)
    desk = _Desk(parts, run_id, parts.deliveries.of(run_id), under_way)
    settled = [desk.settled(name, word) for name, word in (wish.settle or {}).items()]
    arrived = [each for each in settled if each.state == "sent"]
    again = [each for each in settled if each.state == "planned"]
    named = {(each.channel, each.recipient) for each in settled}
    others = desk.asked_for(wish.to) if wish.to else desk.due(failed_only=wish.failed_only)
    if wish.is_for_copies_alone:
        others = []
    again += [each for each in others if (each.channel, each.recipient) not in named]
    again += [desk.copy_for(name) for name in wish.also]
    newer = chain.correction_of(parts.runs, run_id) if again else None
    if newer and (wish.to or wish.also or not arrived):
        raise NotSentAgain(
            f"{newer.id} corrects {run_id} and goes out in its place.", way_out=f"`standup resend {newer.id}`"
        )
    return desk.carry_out([] if newer else again, arrived)


def _is_under_way(parts: Parts, run_id: RunId) -> bool:
    """Whether the run is at its last step and has not ended; `NotSentAgain` where it cannot be sent again."""
    run = parts.runs.get(run_id)
    if run is None:
        raise NotSentAgain(f"There is no run {run_id}.", way_out="`standup runs` lists those there are.")
    if run.state == RunState.OPEN and run.step != Step.DELIVER:
        raise NotSentAgain(f"{run_id} is under way.", way_out=f"Wait for its end: standup explain {run_id}.")
    if run.step != Step.DELIVER:
        raise NotSentAgain(
            f"{run_id} has nothing to send: it is {run.state} at step {run.step}.",
            way_out=f"`standup run {run_id.group} --date {run_id.reporting_day}` goes on where it failed.",
        )
    return run.state == RunState.OPEN


@dataclass(frozen=True, slots=True)
class _Desk:
    parts: Parts
    run_id: RunId
    records: list[Delivery]
    under_way: bool

    def due(self, *, failed_only: bool) -> list[Delivery]:
        """All that were refused, or never tried; and unknown ones whose channel has a rule for that."""
        states = ("planned", "refused") if failed_only else ("planned", "refused", "unknown")
        due = [each for each in self.records if each.state in states and not each.test]
        return [each.anew() for each in due if each.state != "unknown" or self._has_rule(each)]

    def asked_for(self, names: Iterable[str]) -> list[Delivery]:
        """The named ones; a recipient that the group has gained since the run gets it too."""
        return [each.anew() for name in names for each in self._named(name)]

    def settled(self, name: str, word: Word) -> Delivery:
        """The delivery by the operator's word."""
        found = next((each for each in self._records_of(name) if each.state in ("sending", "unknown")), None)
        self._leave_alone_if_in_hand(name, found)
        if found is None:
            raise NotSentAgain(f"No delivery of {self.run_id} to {name} has an unknown outcome.")
        if word == "missing":
            return replace(found.anew(), why="the operator says that it did not arrive")
        return replace(found, state="sent", proof="the operator says that it arrived", why="")

    def copy_for(self, name: str) -> Delivery:
        """A test copy for somebody who is no recipient."""
        channel, recipient = self._address(name)
        if any((each.channel, each.recipient) == (channel, recipient) and not each.test for each in self.records):
            raise NotSentAgain(f"{name} is a recipient of {self.run_id}: a test copy is for others.")
        return Delivery(channel, recipient, "planned", test=True)

    def carry_out(self, again: list[Delivery], arrived: list[Delivery]) -> Outcome:
        """Write the records and open the run again; what somebody else changed meanwhile stays the other's."""
        deliveries = self.parts.deliveries
        unconfirmed = ("unknown",) if self.under_way else ("sending", "unknown")
        written = [each for each in arrived if deliveries.move(self.run_id, each, unconfirmed)]
        sending = [each for each in again if deliveries.move(self.run_id, each, _unsent(each) + unconfirmed)]
        if sending or written:
            self._have_it_done()
        waiting = [each for each in deliveries.of(self.run_id) if each.state in unconfirmed]
        return Outcome(tuple(sending), tuple(written), tuple(waiting))

    def _have_it_done(self) -> None:
        if self.parts.runs.reopen(self.run_id, Step.DELIVER, "operator"):
            chain.send(self.run_id, Step.DELIVER)
        else:
            chain.wake(self.parts.runs, [str(self.run_id)], "sent again by operator")

    def _leave_alone_if_in_hand(self, name: str, found: Delivery | None) -> None:
        if self.under_way and found is not None and found.state == "sending":
            raise NotSentAgain(
                f"{name} is being sent to at this moment.", way_out=f"Look again: standup explain {self.run_id}."
            )

    def _named(self, name: str) -> list[Delivery]:
        found = [each for each in self._records_of(name) if not each.test] or self._gained(name)
        if not found:
            raise NotSentAgain(
                f"{name} is no recipient of {self.run_id}.", way_out=f"`--also {name}` sends a test copy there."
            )
        for each in found:
            self._leave_alone_if_in_hand(name, each)
            if each.state == "sent":
                raise NotSentAgain(f"{name} has it ({each.proof}): nothing is sent twice.")
            if each.state in ("sending", "unknown") and not self._has_rule(each):
                raise NotSentAgain(
                    f"Nobody knows whether {name} has it: {each.why}",
                    way_out=f"Find out, then say --settle {name}=sent or --settle {name}=missing.",
                )
        return found

    def _gained(self, name: str) -> list[Delivery]:
        """As the group's file says now."""
        wanted = self.parts.group(self.run_id.group).deliver.recipients
        return [Delivery(*each, "planned") for each in wanted if name in (each[1], f"{each[0]}:{each[1]}")]

    def _records_of(self, name: str) -> list[Delivery]:
        return [each for each in self.records if name in (each.recipient, f"{each.channel}:{each.recipient}")]

    def _has_rule(self, delivery: Delivery) -> bool:
        return self.parts.when_unknown(delivery.channel) != "ask"

    def _address(self, name: str) -> tuple[str, str]:
        kind, colon, rest = name.partition(":")
        if colon and kind in _KINDS:
            return kind, rest
        if "@" not in name:
            raise NotSentAgain(
                f"{name} is no address.",
                way_out=f"Expected name@host, or one of {', '.join(_KINDS)} as slack:ops-emea.",
            )
        return ("email" if self.parts.settings.smtp else "sendgrid"), name


def _unsent(delivery: Delivery) -> tuple[str, ...]:
    """A test copy may be sent as often as an operator wants; anything else only if it did not arrive."""
    return ("", "planned", "refused", "sent") if delivery.test else ("", "planned", "refused")
