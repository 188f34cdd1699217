"""Personal data before a channel that may not carry it: asked at the moment of sending."""

from __future__ import annotations

from collections.abc import Callable

from worker.channels.parcel import Channel, Parcel, Proof, Protection
from worker.domain.privacy import DataClass, Policy, Secrecy, Verdict, decide
from worker.errors import DeliveryRefused

_NAMED = {DataClass.AGENT_NAME: "agents' names", DataClass.CUSTOMER_CONTACT: "customers' contacts"}
_WAY_OUT = {
    "refuse": 'The group says personal_data = "refuse": change it to "mask" or "allow".',
    "allow": 'Encrypt the channel, set a document password, or let the group say personal_data = "mask".',
    None: "Rerun the briefing: its documents were made before the group's personal_data was changed.",
    "mask": "Rerun the briefing: its documents were made before the group's personal_data was changed.",
}


class Guarded:
    """A channel that carries what the group's policy lets it carry; ``sealed_for`` knows who gets S/MIME."""

    def __init__(
        self, channel: Channel, policy: Policy | None, sealed_for: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._channel = channel
        self._policy = policy
        self._sealed_for = sealed_for

    @property
    def protection(self) -> Protection:
        """The channel's own."""
        return self._channel.protection

    def deliver(self, parcel: Parcel, recipient: str, before_handover: Callable[[], None]) -> Proof:
        """Hand on, or raise `DeliveryRefused` before anything is sent."""
        sealed = self._sealed_for(recipient)
        check(parcel, self._policy, self.protection, recipient, sealed=sealed)
        return self._channel.deliver(parcel, recipient, before_handover)


def check(
    parcel: Parcel, policy: Policy | None, protection: Protection, recipient: str, *, sealed: bool = False
) -> None:
    """Raise `DeliveryRefused` where the policy lets no channel of this protection carry the parcel's documents."""
    secrecy = secrecy_of(protection, sealed=sealed or parcel.locked)
    for of in parcel.personal:
        # what is to be masked was masked before; if it is not, the policy has changed since
        if decide(of, secrecy, policy) is not Verdict.CARRY:
            raise DeliveryRefused(
                f"Nothing is sent to {recipient}: the documents hold {_NAMED[of]}, which this channel may not carry.",
                way_out=_WAY_OUT[policy],
            )


def secrecy_of(protection: Protection, *, sealed: bool) -> Secrecy:
    """How far a channel keeps documents secret; ``sealed``: they, or the letter around them, are encrypted."""
    if sealed or protection.end_to_end:
        return Secrecy.SEALED
    return Secrecy.TRANSPORT if protection.encrypted else Secrecy.OPEN
