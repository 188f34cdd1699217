"""Which deliveries of a run an operator means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import get_args

from worker.domain.deliveries import Delivery, Recipient, WhenUnknown, current_deliveries, identity_of
from worker.domain.groups import ChannelKind
from worker.domain.runs import RunId
from worker.services.resend.request import NotSentAgain, OperatorWord, ResendRequest

_KINDS = get_args(ChannelKind)


@dataclass(frozen=True, slots=True)
class Choice:
    """Finds the deliveries of a run that a request means, among its records and the recipients of the group's file.

    ``under_way``: whether the run is at its last step. ``when_unknown`` and ``default_mail_channel`` as in `Resending`.
    """

    run_id: RunId
    records: list[Delivery]
    recipients: list[Recipient]
    under_way: bool
    when_unknown: Callable[[str], WhenUnknown]
    default_mail_channel: ChannelKind

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
        return self.when_unknown(delivery.channel) != "ask"

    def _address(self, name: str) -> tuple[str, str]:
        kind, colon, address = name.partition(":")
        if colon and kind in _KINDS:
            return kind, address
        if "@" not in name:
            raise NotSentAgain(
                f"{name} is no address.",
                way_out=f"Expected name@host, or one of {', '.join(_KINDS)} as slack:ops-emea.",
            )
        return self.default_mail_channel, name


def _is_named(delivery: Delivery, name: str) -> bool:
    """Tell whether an operator means this delivery by ``ana@example.com`` in any case, or by ``slack:ops-emea``."""
    channel = delivery.channel
    return identity_of((channel, name.removeprefix(f"{channel}:"))) == identity_of(delivery.address)
