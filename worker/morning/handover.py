"""Hands a parcel to every recipient once, over the recipient's channel, each recorded before and after.

A repeated step touches only what was not settled. A worker that died between handing a message over and writing the
receiver's reply down leaves ``sending``: nobody knows whether it arrived. Then the channel's policy counts: the bucket
is looked into, mail may be sent again with the same id if the settings say so, all others become ``unknown`` and
operations are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from worker.channels.parcel import Channel, Link, Parcel
from worker.domain.runs import RunId
from worker.errors import ChannelBusy, OutcomeUnknown, PermanentError, StandupError, TransientError
from worker.state.deliveries import Deliveries, Delivery
from worker.wiring_channels import Channels

BUCKET = "bucket"

ParcelFor = Callable[[Delivery, Channel], Parcel]
"""The parcel for one delivery, by what its channel may carry; `DeliveryRefused` where it may carry none."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How a run's deliveries stand. ``busy`` says why some are to be tried again, in the receiver's words."""

    deliveries: tuple[Delivery, ...]
    busy: str = ""
    retry_after_seconds: float | None = None

    @property
    def counted(self) -> tuple[Delivery, ...]:
        """All but the operator's test copies."""
        return tuple(each for each in self.deliveries if not each.test)

    def count(self, state: str) -> int:
        """How many deliveries are in this state."""
        return sum(delivery.state == state for delivery in self.counted)

    @property
    def troubles(self) -> str:
        """One clause for each recipient who got nothing for sure, for the operator."""
        return "; ".join(
            f"{each.recipient}: {each.why}" for each in self.deliveries if each.why and each.state != "sent"
        )


def hand_over(
    channels: Channels,
    deliveries: Deliveries,
    run_id: RunId,
    wanted: Iterable[tuple[str, str]],
    parcel_for: ParcelFor,
    *,
    last: bool,
) -> Tally:
    """Send to all who have not got it yet: to ``wanted`` (channel, recipient) when the run is handed over first, and
    later to those who were planned then. On the ``last`` attempt a busy receiver counts as a refusal.
    """
    deliveries.plan(run_id, wanted)
    work = _Handover(channels, deliveries, run_id, parcel_for, last)
    for each in deliveries.of(run_id):
        if each.state == "sending":
            work.settle(each)
    busy = [error for each in _buckets_first(deliveries.of(run_id)) if (error := work.send(each))]
    waits = [error.retry_after_seconds for error in busy if error.retry_after_seconds]
    return Tally(tuple(deliveries.of(run_id)), "; ".join(map(str, busy)), max(waits, default=None))


def _buckets_first(deliveries: list[Delivery]) -> list[Delivery]:
    """So that chats can link to what lies there."""
    planned = [each for each in deliveries if each.state == "planned"]
    return sorted(planned, key=lambda each: each.channel != BUCKET)


@dataclass(frozen=True, slots=True)
class _Handover:
    channels: Channels
    deliveries: Deliveries
    run_id: RunId
    parcel_for: ParcelFor
    last: bool

    def settle(self, left: Delivery) -> None:
        """A delivery that was begun and never confirmed, by its channel's policy."""
        policy = self.channels.when_unknown(left.channel)
        if policy == "again":
            settled = replace(left, state="planned")
        elif policy == "look":
            settled = self._looked_up(left)
        else:
            why = left.why or "the worker died while the message was handed over: ask whether it arrived"
            settled = replace(left, state="unknown", why=why)
        self.deliveries.move(self.run_id, settled, expected=("sending",))

    def send(self, to: Delivery) -> TransientError | None:
        """One delivery; returns the error when it is worth another attempt."""

        def before_handover() -> None:
            if not self.deliveries.move(self.run_id, replace(to, state="sending"), expected=("planned",)):
                raise _Taken

        try:
            channel = self.channels.of(to.channel, to.recipient)
            proof = channel.deliver(self._parcel(to, channel), to.recipient, before_handover)
        except _Taken:
            return None  # its record is the other worker's to settle
        except StandupError as error:
            return self._not_sent(to, error)
        self._write(replace(to, state="sent", proof=proof.reply, message_id=proof.message_id, why=""))
        return None

    def _not_sent(self, to: Delivery, error: StandupError) -> TransientError | None:
        """Write down why; an error that asks for another attempt comes back, but not on the last one."""
        why = str(error)
        if isinstance(error, OutcomeUnknown):
            if self.last or self.channels.when_unknown(to.channel) == "ask":
                self._write(replace(to, state="unknown", why=why))
                return None
            self._write(replace(to, state="sending", why=why))
            return ChannelBusy(why)
        if isinstance(error, TransientError) and not self.last:
            self._write(replace(to, state="planned", why=why))
            return error
        self._write(replace(to, state="refused", why=why))
        return None

    def _write(self, settled: Delivery) -> None:
        self.deliveries.move(self.run_id, settled, expected=("planned", "sending"))

    def _parcel(self, to: Delivery, channel: Channel) -> Parcel:
        parcel = self.parcel_for(to, channel)
        return parcel if to.channel == BUCKET else replace(parcel, links=parcel.links + self._links())

    def _links(self) -> tuple[Link, ...]:
        """To the documents in those buckets that have them."""
        found: list[Link] = []
        for each in self.deliveries.of(self.run_id):
            if each.channel == BUCKET and each.state == "sent":
                found += self._links_into(each)
        return tuple(found)

    def _links_into(self, stored: Delivery) -> tuple[Link, ...]:
        try:
            bucket = self.channels.bucket(stored.recipient)
            return bucket.links(self.parcel_for(stored, bucket))
        except PermanentError:
            return ()  # the bucket has left the settings since; the message is whole without links

    def _looked_up(self, left: Delivery) -> Delivery:
        """In the receiver's own store."""
        try:
            bucket = self.channels.bucket(left.recipient)
            proof = bucket.find(self.parcel_for(left, bucket), left.recipient)
        except StandupError as error:
            return replace(left, state="unknown", why=str(error))
        if proof is None:
            return replace(left, state="planned")
        return replace(left, state="sent", proof=proof.reply, message_id=proof.message_id, why="")


class _Taken(Exception):
    """Another worker has taken this delivery in the meantime; nothing was handed over."""
