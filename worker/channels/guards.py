"""What comes between a delivery and its channel: allowed domains, personal data, and slow receivers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from worker.channels.channel import Channel, OutgoingMessage, Proof, Protection
from worker.domain import addresses
from worker.domain.deliveries import WhenUnknown
from worker.domain.groups.privacy import DataClass, Policy, Secrecy, Verdict, decide
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown


class AllowedDomains:
    """A channel that sends only to addresses of the listed domains. An empty list allows all, and a subdomain needs an
    entry of its own.
    """

    def __init__(self, channel: Channel, domains: tuple[str, ...]) -> None:
        self._channel = channel
        self._domains = frozenset(domain.lower() for domain in domains)

    @property
    def protection(self) -> Protection:
        """The protection of the wrapped channel."""
        return self._channel.protection

    @property
    def when_unknown(self) -> WhenUnknown:
        """The rule of the wrapped channel."""
        return self._channel.when_unknown

    def deliver(self, outgoing: OutgoingMessage, recipient: str, before_acceptance: Callable[[], None]) -> Proof:
        """Deliver by the wrapped channel, or raise `DeliveryRefused` before anything is sent."""
        check_domain(recipient, self._domains)
        return self._channel.deliver(outgoing, recipient, before_acceptance)


def check_domain(recipient: str, domains: Collection[str]) -> None:
    """Raise `DeliveryRefused` if the address is of none of the domains, which are in lower case. None allow all."""
    if domains and _domain(recipient) not in domains:
        raise DeliveryRefused(
            f"Nothing is sent to {recipient}: its domain is not allowed.",
            way_out="Correct the address in the group's file, or add its domain to STANDUP_ALLOWED_DOMAINS.",
        )


def _domain(recipient: str) -> str:
    """Return the address's host in lower case and ASCII form, or "" if the text is not an address."""
    try:
        return addresses.parse(recipient).domain.lower()
    except ValueError:
        return ""


SLOW_SECONDS = 5.0
"""An attempt that failed after this long got no answer."""


class SlowReceiverGate:
    """Lets one thread of a process at a time try receivers that did not answer, until one answers again.

    Otherwise all threads of a worker would wait for them, and the steps of groups that have nothing to do with these
    receivers would wait for a free thread. One gate serves all receivers of one kind.
    """

    def __init__(self) -> None:
        self._admits_one = False
        self._lock = threading.Lock()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Try a receiver inside this block. Raises `ChannelBusy` if the last attempt failed slowly and another thread
        is trying now.
        """
        takes_lock = self._admits_one
        if takes_lock and not self._lock.acquire(blocking=False):
            raise ChannelBusy("Receivers of this kind did not answer in time, and another delivery is trying them now.")
        started_at = time.monotonic()
        try:
            yield
            self._admits_one = False
        except DeliveryRefused:
            self._admits_one = False
            raise
        except (ChannelBusy, OutcomeUnknown):
            self._admits_one = self._admits_one or time.monotonic() - started_at >= SLOW_SECONDS
            raise
        finally:
            if takes_lock:
                self._lock.release()


_DESCRIPTIONS = {DataClass.AGENT_NAME: "agents' names", DataClass.CUSTOMER_CONTACT: "customers' contacts"}
_WAY_OUT = {
    "refuse": 'The group says personal_data = "refuse": change it to "mask" or "allow".',
    "allow": 'Encrypt the channel, set a document password, or let the group say personal_data = "mask".',
    None: "Rerun the briefing: its documents were made before the group's personal_data was changed.",
    "mask": "Rerun the briefing: its documents were made before the group's personal_data was changed.",
}


class PersonalDataGuard:
    """A channel that carries only what the group's policy allows. ``sealed_for`` tells which recipients get S/MIME."""

    def __init__(
        self, channel: Channel, policy: Policy | None, sealed_for: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._channel = channel
        self._policy = policy
        self._sealed_for = sealed_for

    @property
    def protection(self) -> Protection:
        """The protection of the wrapped channel."""
        return self._channel.protection

    @property
    def when_unknown(self) -> WhenUnknown:
        """The rule of the wrapped channel."""
        return self._channel.when_unknown

    def deliver(self, outgoing: OutgoingMessage, recipient: str, before_acceptance: Callable[[], None]) -> Proof:
        """Deliver by the wrapped channel, or raise `DeliveryRefused` before anything is sent."""
        sealed = self._sealed_for(recipient)
        check(outgoing, self._policy, self.protection, recipient, sealed=sealed)
        return self._channel.deliver(outgoing, recipient, before_acceptance)


def check(
    outgoing: OutgoingMessage, policy: Policy | None, protection: Protection, recipient: str, *, sealed: bool = False
) -> None:
    """Raise `DeliveryRefused` if the policy forbids a channel with this protection to carry the documents."""
    secrecy = secrecy_of(protection, sealed=sealed or outgoing.locked)
    for data_class in outgoing.personal:
        # masking happens when the documents are made; documents that are not masked are older than the policy
        if decide(data_class, secrecy, policy) is not Verdict.CARRY:
            raise _refusal(data_class, policy, recipient)


def check_names(policy: Policy | None, secrecy: Secrecy, recipient: str) -> None:
    """Raise `DeliveryRefused` if the policy forbids a channel of this secrecy to carry new documents with agents."""
    if decide(DataClass.AGENT_NAME, secrecy, policy) is Verdict.REFUSE:
        raise _refusal(DataClass.AGENT_NAME, policy, recipient)


def _refusal(data_class: DataClass, policy: Policy | None, recipient: str) -> DeliveryRefused:
    return DeliveryRefused(
        f"Nothing is sent to {recipient}: the documents contain {_DESCRIPTIONS[data_class]}, which this channel may "
        "not carry.",
        way_out=_WAY_OUT[policy],
    )


def secrecy_of(protection: Protection, *, sealed: bool) -> Secrecy:
    """Return how well a channel protects documents. ``sealed``: they, or the mail around them, are encrypted."""
    if sealed or protection.end_to_end:
        return Secrecy.SEALED
    return Secrecy.TRANSPORT if protection.encrypted else Secrecy.OPEN
