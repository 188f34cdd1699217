"""A delivery: one run × one channel × one recipient. Its states, when it is tried, and what follows a failure.

planned → sending → sent | refused | unknown. ``sending`` is recorded just before the receiver could accept. A worker
that dies after that leaves a delivery with an unknown outcome, and the channel's rule (`WhenUnknown`) decides what
happens. From ``refused`` and ``unknown`` only an operator's resend leads back to ``planned``, and a proof that comes
late leads to ``sent``. Nothing leads back from ``sent``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from worker.domain.addresses import mailbox_of
from worker.domain.countdowns import RetryPeriod, next_attempt_at

DeliveryState = Literal["planned", "sending", "sent", "refused", "unknown"]

WhenUnknown = Literal["ask", "resend", "look_up"]
"""A channel's rule for a delivery with an unknown outcome: ask the operator, send it again with the same id, or look
it up at the receiver.
"""

Recipient = tuple[str, str]
"""Channel and address, e.g. ``("email", "ana@example.com")``."""

MAIL_CHANNELS = ("email", "sendgrid")

BUCKET = "bucket"
"""The channel whose documents other channels link to."""

_MAY_HAVE_ARRIVED = ("sending", "sent", "unknown")


@dataclass(frozen=True, slots=True)
class Delivery:
    """The record of one delivery. ``proof`` is the receiver's reply, ``why`` the reason of a refusal or of a wait.

    ``test``: a copy that an operator asked for. It does not count for the run and gets no corrections. ``tries``: how
    many attempts there were. ``again_at``, ``until``: the next attempt and the end of all attempts, in ISO 8601 and
    UTC. They are empty for "at once" and "not tried yet". ``unsure``: an attempt got no answer and is repeated.
    """

    channel: str
    recipient: str
    state: DeliveryState
    proof: str = ""
    message_id: str = ""
    why: str = ""
    test: bool = False
    tries: int = 0
    again_at: str = ""
    until: str = ""
    unsure: bool = False

    @property
    def address(self) -> Recipient:
        """Channel and address, which identify the delivery within its run."""
        return self.channel, self.recipient

    def is_due(self, now: datetime) -> bool:
        """Tell whether it may be tried now."""
        return not self.seconds_until_due(now)

    def seconds_until_due(self, now: datetime) -> float:
        """Return how long to wait before it may be tried, 0 if it may be tried now."""
        if not self.again_at:
            return 0.0
        return max(0.0, (datetime.fromisoformat(self.again_at) - now).total_seconds())

    def replanned(self) -> Delivery:
        """Return it planned, as if there had been no attempt."""
        return replace(self, state="planned", tries=0, again_at="", until="", unsure=False)

    def attempted(self, now: datetime, period: RetryPeriod) -> Delivery:
        """Return it at the beginning of another attempt. The first attempt starts the retry period."""
        end = self.until or period.ends_at(now).astimezone(UTC).isoformat()
        return replace(self, tries=self.tries + 1, until=end, again_at="", why="")

    def sent(self, proof: str, message_id: str) -> Delivery:
        """Return it as sent. It has no further attempts, so the end of the retry period is forgotten."""
        return replace(self, state="sent", proof=proof, message_id=message_id, why="", until="")

    def busy(self, reason: str, again_at: str) -> Delivery:
        """Return it after a receiver asked to come back later: planned again, or refused if there is no more time."""
        return replace(self, state="planned" if again_at else "refused", why=reason, again_at=again_at)

    def unanswered(self, reason: str, again_at: str) -> Delivery:
        """Return it after an attempt without an answer: to be settled at ``again_at``, or unknown if that is empty."""
        if again_at:
            return replace(self, state="sending", unsure=True, why=reason, again_at=again_at)
        return replace(self, state="unknown", why=reason, again_at="")

    def next_attempt_at(self, now: datetime, chance: float, asked_seconds: float | None = None) -> str:
        """Return the instant of the next attempt in ISO 8601, or "" if the retry period has no room for one."""
        instant = next_attempt_at(now, datetime.fromisoformat(self.until), self.tries, chance, asked_seconds)
        return instant.isoformat() if instant else ""

    def is_retried(self, rule: WhenUnknown) -> bool:
        """Tell whether an attempt without an answer is followed by another: by mail only once."""
        return rule == "look_up" or (rule == "resend" and not self.unsure)

    def is_resent(self, rule: WhenUnknown) -> bool:
        """Tell whether a delivery left in ``sending`` goes out again, with the same id.

        A worker that died left no ``again_at``. If that happens after an attempt that got no answer, it is the second
        unknown outcome, and the operator has to find out.
        """
        worker_died = not self.again_at
        return rule == "resend" and not (worker_died and self.unsure)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the deliveries of a run have come.

    ``busy`` says in the receivers' words why some are tried again. ``wait_seconds`` says when, None if all have ended.
    """

    deliveries: tuple[Delivery, ...]
    busy: str = ""
    wait_seconds: float | None = None

    @classmethod
    def at_instant(cls, deliveries: Iterable[Delivery], busy: Iterable[str], now: datetime) -> Progress:
        """Sum up the deliveries of a run. ``busy``: the replies of receivers that are tried again."""
        deliveries = tuple(deliveries)
        waits = [delivery.seconds_until_due(now) for delivery in deliveries if delivery.state in ("planned", "sending")]
        return cls(deliveries, " ".join(dict.fromkeys(busy)), min(waits, default=None))

    @property
    def counted(self) -> tuple[Delivery, ...]:
        """All deliveries except the operator's test copies."""
        return tuple(delivery for delivery in self.deliveries if not delivery.test)

    def count(self, state: DeliveryState) -> int:
        """Return how many deliveries are in this state."""
        return sum(delivery.state == state for delivery in self.counted)

    @property
    def failures(self) -> str:
        """One clause for each recipient who has not certainly received it, for the operator."""
        return "; ".join(
            f"{delivery.recipient}: {delivery.why}"
            for delivery in self.deliveries
            if delivery.why and delivery.state != "sent"
        )


def all_recipients(recipients: Iterable[Recipient], earlier_deliveries: Iterable[Delivery]) -> list[Recipient]:
    """Return who must get a run: the group's recipients, and for a correction all who may have got what it corrects."""
    corrected = (
        delivery.address for delivery in earlier_deliveries if delivery.state in _MAY_HAVE_ARRIVED and not delivery.test
    )
    by_identity: dict[Recipient, Recipient] = {}
    for recipient in (*recipients, *corrected):
        by_identity.setdefault(identity_of(recipient), recipient)
    return list(by_identity.values())


def current_deliveries(recipients: Iterable[Recipient], records: Iterable[Delivery]) -> list[Delivery]:
    """Return the deliveries that a run still has to account for. ``recipients`` are those who must get it now.

    A delivery that did not arrive no longer counts if an operator has removed its address from the group file. A
    recipient who was added in the meantime counts only then: a correction removes one address and adds another.
    """
    records = list(records)
    former = former_deliveries(recipients, records)
    if not former:
        return records
    addresses = {identity_of(record.address) for record in records}
    why = "not sent to yet: a recipient since this was planned"
    added = [
        Delivery(*recipient, "planned", why=why) for recipient in recipients if identity_of(recipient) not in addresses
    ]
    return [record for record in records if record not in former] + added


def former_deliveries(recipients: Iterable[Recipient], records: Iterable[Delivery]) -> list[Delivery]:
    """Return those that did not arrive and whose recipient is none any more."""
    current = {identity_of(recipient) for recipient in recipients}
    return [
        record
        for record in records
        if record.state != "sent" and not record.test and identity_of(record.address) not in current
    ]


def identity_of(recipient: Recipient) -> Recipient:
    """Return what is the same for all spellings of a recipient: ``ana@example.com`` and ``Ana@Example.com`` are one."""
    channel, address = recipient
    return (channel, mailbox_of(address)) if channel in MAIL_CHANNELS else recipient


def in_order_of_sending(deliveries: Iterable[Delivery], now: datetime) -> list[Delivery]:
    """Return the planned deliveries that are due: buckets first, because chats link to them, then the least tried."""
    due = [delivery for delivery in deliveries if delivery.state == "planned" and delivery.is_due(now)]
    return sorted(due, key=lambda delivery: (delivery.channel != BUCKET, delivery.tries))
