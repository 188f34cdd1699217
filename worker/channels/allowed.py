"""An allow-list of domains before a channel that writes to addresses: asked at the moment of sending."""

from __future__ import annotations

from collections.abc import Callable

from worker.channels import addresses
from worker.channels.parcel import Channel, Parcel, Proof, Protection
from worker.errors import DeliveryRefused


class AllowedDomains:
    """A channel that sends to addresses of these domains only; none named allows all. Subdomains are named too."""

    def __init__(self, channel: Channel, domains: tuple[str, ...]) -> None:
        self._channel = channel
        self._domains = frozenset(domain.lower() for domain in domains)

    @property
    def protection(self) -> Protection:
        """The channel's own."""
        return self._channel.protection

    def deliver(self, parcel: Parcel, recipient: str, before_handover: Callable[[], None]) -> Proof:
        """Hand on, or raise `DeliveryRefused` before anything is sent."""
        if self._domains and _domain(recipient) not in self._domains:
            raise DeliveryRefused(
                f"Nothing is sent to {recipient}: its domain is not allowed.",
                way_out="Correct the address in the group's file, or add its domain to STANDUP_ALLOWED_DOMAINS.",
            )
        return self._channel.deliver(parcel, recipient, before_handover)


def _domain(recipient: str) -> str:
    """In small letters and its ASCII form; "" for what is no address."""
    try:
        return addresses.parse(recipient).domain.lower()
    except ValueError:
        return ""
