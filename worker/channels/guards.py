"""Personal data before a channel that may not carry it: asked at the moment of sending."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from worker.channels.mail import addresses
from worker.channels.parcel import Channel, Parcel, Proof, Protection
from worker.domain.groups.privacy import DataClass, Policy, Secrecy, Verdict, decide
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown


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


SLOW_SECONDS = 5.0
"""A try that failed after so long was no answer."""


class Turnstile:
    """Before the receivers of one kind; all threads of a process share it."""

    def __init__(self) -> None:
        self._narrow = False
        self._alone = threading.Lock()

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Try a receiver within this block; `ChannelBusy` if the last try failed slowly and another thread is at it."""
        alone = self._narrow
        if alone and not self._alone.acquire(blocking=False):
            raise ChannelBusy("The receivers of this kind did not answer in time, and another message is trying them.")
        begun = time.monotonic()
        try:
            yield
            self._narrow = False
        except DeliveryRefused:
            self._narrow = False
            raise
        except (ChannelBusy, OutcomeUnknown):
            self._narrow = self._narrow or time.monotonic() - begun >= SLOW_SECONDS
            raise
        finally:
            if alone:
                self._alone.release()


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
